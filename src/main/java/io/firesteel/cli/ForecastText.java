package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.engine.ExecutorMemory;
import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.fit.Forecast;
import io.firesteel.fit.Plan;
import io.firesteel.report.GrowthCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A forecast for people and for programs.
 *
 * @param command that submits the training, to be pasted into a shell
 */
record ForecastText(Plan plan, Forecast forecast, String command) {
    private static final long MIB = 1 << 20;

    /** The driver's memory, where it needs no more. */
    private static final long LEAST_DRIVER_MIB = 1024;

    /** The options that say what is forecast, and are none of a training. */
    private static final List<String> OF_PLAN = Stream.concat(
                    Arrays.stream(ClusterOptions.NAMES).map(name -> "--" + name), Stream.of("--json", "--quiet", "-q"))
            .toList();

    /** Those among them that may stand without a value. */
    private static final List<String> FLAGS = List.of("--overwrite", "--json", "--quiet", "-q");

    /**
     * Returns the command that submits the training which was planned.
     *
     * @param master the URL of the cluster's master
     * @param submitted what it asks the cluster for
     * @param words of the plan
     * @param hasSecrets whether a reader's options among them are not to be printed
     */
    static String command(
            String master, String[] submitted, Forecast forecast, List<String> words, boolean hasSecrets) {
        List<String> all = new ArrayList<>(List.of("submit-scripts/standalone.sh", master));
        all.addAll(List.of(submitted));
        all.addAll(List.of("--driver-memory", Math.max(LEAST_DRIVER_MIB, roundUp(forecast.driver())) + "m", "train"));
        for (int i = 1; i < words.size(); i++) { // the first is the plan
            String word = words.get(i);
            String option = word.replaceFirst("=.*", "");
            if (OF_PLAN.contains(option)) {
                boolean hasValue = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
                i += !word.contains("=") && hasValue && takesNext(option, words.get(i + 1)) ? 1 : 0;
            } else if (option.equals("--option") && hasSecrets) {
                all.add("--option");
                all.add("KEY=VALUE");
                i += word.contains("=") ? 0 : 1;
            } else {
                all.add(word);
            }
        }
        all.addAll(List.of("--model", "out/model"));
        return NextCommands.quoted(all);
    }

    private static boolean takesNext(String option, String next) {
        return !FLAGS.contains(option) || next.equals("true") || next.equals("false");
    }

    /** Returns this many bytes in MiB, a whole number of 256 of them. */
    private static long roundUp(long bytes) {
        return (bytes + 256 * MIB - 1) / (256 * MIB) * 256;
    }

    /** Returns the lines of the forecast. */
    List<String> lines() {
        Forecast.Step step = forecast.step();
        Cluster cluster = forecast.cluster();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "cluster     %,d executor%s of %d core%s like the ones here, %s of memory each; links of %s, round trips of %s",
                cluster.executors(),
                cluster.executors() == 1 ? "" : "s",
                cluster.cores(),
                cluster.cores() == 1 ? "" : "s",
                Units.bytes(forecast.executor().heap()),
                rate(cluster.bandwidth()),
                time(cluster.roundTrip())));
        lines.add(String.format(
                Locale.ROOT,
                "forecast    %s a step %s (%s by the other engine): %s computing, %s network and Spark, %s driver",
                time(step.seconds()),
                step.isByJobs() ? "by a Spark job" : "by resident tasks",
                time(Math.max(step.jobs(), step.residents())),
                time(step.compute()),
                time(step.exchange()),
                time(step.driver())));
        lines.add("            all steps about " + Units.duration(seconds()));
        lines.add("executors   " + memory());
        lines.add("growth      " + growth());
        lines.add("submit      " + command);
        return lines;
    }

    private String memory() {
        ExecutorMemory memory = forecast.executor();
        String need = String.format(
                Locale.ROOT,
                "each needs %s of memory, %s of it blocks",
                Units.bytes(memory.needed()),
                Units.bytes(forecast.blocks()));
        return memory.suffices()
                ? need
                : need + ", and has " + Units.bytes(memory.heap()) + ": give --memory " + roundUp(memory.needed())
                        + "m, or more executors";
    }

    private String growth() {
        int enough = forecast.enough();
        double saved = 100 * forecast.saved();
        return String.format(
                Locale.ROOT,
                "pays up to %,d executor%s: %,d would %s",
                enough,
                enough == 1 ? "" : "s",
                2 * enough,
                saved < 0.5 ? "not be faster" : String.format(Locale.ROOT, "take only %.0f%% less time", saved));
    }

    /** Returns the seconds of all steps: of the training, of the folds before it, which are as long, and of the refit after it. */
    private double seconds() {
        int trainings = Math.max(1, plan.folds()); // each fold lacks the rows of one
        return forecast.step().seconds() * ((double) plan.steps() * trainings + plan.refitSteps());
    }

    private static String rate(double bytesPerSecond) {
        double megabits = bytesPerSecond * 8 / 1e6;
        return megabits >= 1000
                ? String.format(Locale.ROOT, "%s Gbit/s", number(megabits / 1000))
                : String.format(Locale.ROOT, "%s Mbit/s", number(megabits));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    private static String time(double seconds) {
        return seconds < 1e-3 ? String.format(Locale.ROOT, "%.2f ms", 1e3 * seconds) : Units.duration(seconds);
    }

    /** Returns the forecast for programs. */
    ObjectNode json() {
        Forecast.Step step = forecast.step();
        ObjectNode object = Json.object();
        object.put("executors", forecast.cluster().executors());
        object.put("cores", forecast.cluster().cores());
        object.put("bandwidth", forecast.cluster().bandwidth() * 8);
        object.put("roundTripSeconds", forecast.cluster().roundTrip());
        object.put("engine", step.isByJobs() ? "job" : "resident");
        object.put("stepSeconds", step.seconds());
        object.put("jobStepSeconds", step.jobs());
        object.put("residentStepSeconds", step.residents());
        object.put("computeSeconds", step.compute());
        object.put("exchangeSeconds", step.exchange());
        object.put("driverSeconds", step.driver());
        object.put("seconds", seconds());
        object.put("memoryBytes", forecast.executor().heap());
        object.put("neededBytes", forecast.executor().needed());
        object.put("blockBytes", forecast.blocks());
        object.put("driverBytes", forecast.driver());
        object.put("enoughExecutors", forecast.enough());
        object.put("savedByDoubling", forecast.saved());
        ArrayNode curve = object.putArray("curve");
        for (Forecast.Step point : forecast.curve()) {
            curve.addObject()
                    .put("executors", point.executors())
                    .put("jobStepSeconds", point.jobs())
                    .put("residentStepSeconds", point.residents());
        }
        object.put("command", command);
        return object;
    }

    /** Returns the curve. */
    GrowthCurve curve() {
        return new GrowthCurve(
                forecast.curve().stream()
                        .map(point -> new GrowthCurve.Point(
                                point.executors(), point.jobs(), point.residents(), point.compute()))
                        .toList(),
                forecast.enough());
    }
}
