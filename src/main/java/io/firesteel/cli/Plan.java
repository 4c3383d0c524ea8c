package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** {@code plan}: estimates the cost of a training. It reads the rows and measures some steps; nothing is saved. */
@Command(
        name = "plan",
        description = "Reports the memory and time that a training takes: reads the rows and measures some steps.",
        customSynopsis = "firesteel plan --data PATH --label COL [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " plan --data sales.parquet --label price",
            "  " + OptionHelp.PROGRAM + " plan --data sales.parquet --label price --hidden 512,512 --json"
        })
final class Plan extends TrainingCommand {
    private Settings settings;

    @Override
    void prepare() {
        settings = given().build();
    }

    @Override
    Optional<Settings> settingsToCheck() {
        return Optional.of(settings);
    }

    @Override
    void run(SparkSession spark) throws IOException {
        ObjectNode object = Json.object();
        io.firesteel.fit.Plan plan = io.firesteel.fit.Plan.of(settings, source(spark), new Shown() {
            @Override
            public void onData(Settings all, TrainingSet data) {
                super.onData(all, data);
                Json.putTrained(object, data(), all, data);
            }
        });
        Integer folds = settings.validation().folds();
        if (isForPrograms()) {
            object.put("readingSeconds", plan.reading());
            object.put("trainingBytes", plan.trainingBytes());
            object.put("validationBytes", plan.validationBytes());
            object.put("stepSeconds", plan.step());
            object.put("stepsMeasured", plan.measured());
            object.put("steps", plan.steps());
            object.put("refitSteps", plan.refitSteps());
            object.put("folds", folds == null ? 0 : folds);
            object.put("seconds", plan.step() * (plan.steps() + plan.refitSteps()));
            object.put("place", plan.place());
            print(Json.text(object));
            return;
        }
        print("reading     " + Progress.duration(plan.reading()) + ", once, into blocks");
        print("memory      " + memory(plan));
        print("step        " + step(plan, spark));
        print("training    " + training(plan, folds));
    }

    private static String memory(io.firesteel.fit.Plan plan) {
        return String.format(
                Locale.ROOT,
                "%s of blocks in the executors' memory, %.0f bytes a row%s",
                bytes(plan.trainingBytes() + plan.validationBytes()),
                (double) plan.trainingBytes() / plan.trainingRows(),
                plan.validationBytes() == 0 ? "" : ", " + bytes(plan.validationBytes()) + " of them held out");
    }

    private static String step(io.firesteel.fit.Plan plan, SparkSession spark) {
        boolean moves = !plan.onDriver() && !spark.sparkContext().isLocal();
        return String.format(
                Locale.ROOT,
                "%s, measured over %d steps, %s%s",
                Progress.duration(plan.step()),
                plan.measured(),
                plan.place(),
                moves
                        ? "; " + bytes(8L * plan.parameters())
                                + " of weights to each executor, and of sums back from each task"
                        : "");
    }

    private static String training(io.firesteel.fit.Plan plan, Integer folds) {
        double seconds = plan.step() * plan.steps();
        return String.format(
                Locale.ROOT,
                "at most %,d steps, about %s%s",
                plan.steps(),
                Progress.duration(seconds),
                plan.refitSteps() > 0
                        ? String.format(
                                Locale.ROOT,
                                "; then on all rows at most %,d steps, about %s",
                                plan.refitSteps(),
                                Progress.duration(plan.step() * plan.refitSteps()))
                        : folds == null
                                ? ""
                                : "; " + folds + " folds before it, about " + Progress.duration(seconds * (folds - 1)));
    }

    private static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < units.length - 1; unit++) {
            size /= 1024;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }
}
