package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Forecast;
import io.firesteel.fit.Plan;
import io.firesteel.fit.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code plan}: estimates the cost of a training. It reads the rows and measures some steps; nothing is saved. */
@Command(
        name = "plan",
        description = "Reports the memory and time that a training takes: reads the rows and measures some steps.",
        customSynopsis = "firesteel plan --data PATH --label COL [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " plan --data sales.parquet --label price",
            "  " + OptionHelp.PROGRAM + " plan --data sales.parquet --label price --hidden 512,512 --json",
            "  " + OptionHelp.PROGRAM + " plan --data sales.parquet --label price --executors 8 --cores 4 --memory 8g"
        })
final class PlanCommand extends SettingsCommand {
    @Mixin
    private ClusterOptions cluster;

    private Settings settings;

    @Override
    void prepare() {
        cluster.check();
        settings = given(ClusterOptions.NAMES).build();
    }

    @Override
    void checkFiles() throws IOException {
        super.checkFiles();
        cluster.expectWritable(hadoop());
    }

    @Override
    Optional<Settings> settingsToCheck() {
        return Optional.of(settings);
    }

    @Override
    void run(SparkSession spark) throws IOException {
        try (FileOutput curve = cluster.open(spark.sparkContext().hadoopConfiguration())) {
            ObjectNode object = Json.object();
            Plan plan = Plan.of(settings, source(spark), new Shown() {
                @Override
                public void onData(Settings all, TrainingSet data) {
                    super.onData(all, data);
                    Json.putTrained(object, data(), all, data);
                }
            });
            ForecastText forecast =
                    cluster.given() ? forecast(plan, spark.sparkContext().master()) : null;
            if (curve != null) {
                curve.write(forecast.curve()::writeTo);
            }
            if (isForPrograms()) {
                putMeasured(object, plan);
                object.set("forecast", forecast == null ? null : forecast.json());
                object.put("curve", cluster.curve());
                print(Json.text(object));
                return;
            }
            print("reading     " + Units.duration(plan.reading()) + ", once, into blocks");
            print("memory      " + memory(plan));
            print("step        " + step(plan, spark));
            print("training    " + training(plan));
            if (forecast != null) {
                forecast.lines().forEach(this::print);
            }
            if (curve != null) {
                print("curve       " + cluster.curve());
            }
        }
    }

    private ForecastText forecast(Plan plan, String master) {
        Forecast forecast = Forecast.of(plan, cluster.cluster(), cluster.memory());
        String url = master.startsWith("spark://") ? master : "spark://HOST:7077";
        return new ForecastText(
                plan, forecast, ForecastText.command(url, cluster.submitted(), forecast, words(), hasSecrets()));
    }

    private static void putMeasured(ObjectNode object, Plan plan) {
        object.put("readingSeconds", plan.reading());
        object.put("trainingBytes", plan.trainingBytes());
        object.put("validationBytes", plan.validationBytes());
        object.put("stepSeconds", plan.step());
        object.put("stepsMeasured", plan.measured());
        object.put("steps", plan.steps());
        object.put("refitSteps", plan.refitSteps());
        object.put("folds", plan.folds());
        object.put("seconds", plan.step() * (plan.steps() + plan.refitSteps()));
        object.put("place", plan.place());
    }

    private static String memory(Plan plan) {
        return String.format(
                Locale.ROOT,
                "%s of blocks in the executors' memory, %.0f bytes a row%s",
                Units.bytes(plan.trainingBytes() + plan.validationBytes()),
                (double) plan.trainingBytes() / plan.trainingRows(),
                plan.validationBytes() == 0 ? "" : ", " + Units.bytes(plan.validationBytes()) + " of them held out");
    }

    private static String step(Plan plan, SparkSession spark) {
        boolean moves = !plan.onDriver() && !spark.sparkContext().isLocal();
        return String.format(
                Locale.ROOT,
                "%s, measured over %d steps, %s%s",
                Units.duration(plan.step()),
                plan.measured(),
                plan.place(),
                moves
                        ? "; " + Units.bytes(8L * plan.parameters())
                                + " of weights to each executor, and of sums back from each task"
                        : "");
    }

    private static String training(Plan plan) {
        double seconds = plan.step() * plan.steps();
        return String.format(
                Locale.ROOT,
                "at most %,d steps, about %s%s",
                plan.steps(),
                Units.duration(seconds),
                plan.refitSteps() > 0
                        ? String.format(
                                Locale.ROOT,
                                "; then on all rows at most %,d steps, about %s",
                                plan.refitSteps(),
                                Units.duration(plan.step() * plan.refitSteps()))
                        : plan.folds() == 0
                                ? ""
                                : "; " + plan.folds() + " folds before it, about "
                                        + Units.duration(seconds * (plan.folds() - 1)));
    }
}
