package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.UserError;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.TimeBudget;
import io.firesteel.fit.Tracked;
import io.firesteel.fit.Training;
import io.firesteel.fit.TrainingLength;
import io.firesteel.fit.WarmStart;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.report.Measured;
import io.firesteel.report.Report;
import io.firesteel.report.Run;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import io.firesteel.track.Ending;
import io.firesteel.track.Tracking;
import io.firesteel.train.Trainer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: trains a model on a table. */
@Command(
        name = "train",
        description = "Trains a network on a table and saves the model.",
        customSynopsis = "firesteel train --data PATH --label COL --model DIR [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " train --data sales.csv --label price --model out/price",
            "  " + OptionHelp.PROGRAM + " train --data mail.csv --label spam --hidden 256,256 --model out/spam",
            "  " + OptionHelp.PROGRAM + " train --config conf/flower.properties --learning-rate 0.5"
        })
final class TrainCommand extends SettingsCommand {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Directory of the model.")
    private String model;

    @Mixin
    private OverwriteOption existing;

    @Option(
            names = "--warm-start",
            paramLabel = "MODEL",
            description =
                    "Model whose weights the training starts from; it has the same settings, and its features, classes"
                            + " and scaling are kept.")
    private String warmStart;

    @Option(
            names = "--time-budget",
            paramLabel = "TIME",
            description =
                    "Time that reading and training may take: 90s, 10m or 2h. Some steps are timed, and as many epochs are trained"
                            + " as fit, --epochs at most. The model is that of this number of --epochs, unless the time ends first.")
    private Duration timeBudget;

    @Mixin
    private CheckpointOptions checkpoint;

    @Mixin
    private ReportOptions report;

    @Mixin
    private TrackingOptions tracking;

    private Settings.Builder given;
    private Settings settings;
    private WarmStart warm; // null for none
    private StepForecast forecast; // of the model's own training, not of a refit or a fold; null before it begins
    private Checkpoints opened; // null until they are

    @Override
    void prepare() {
        report.check();
        expectBeside("--report", report.path(), model);
        expectBeside("--history", tracking.history(), model);
        expectBeside("--tensorboard", tracking.tensorboard(), model);
        String[] unnoted = ArrayUtils.addAll(ReportOptions.NAMES, TrackingOptions.NAMES);
        given = given(ArrayUtils.add(unnoted, "time-budget")); // its epochs are what makes the model
        settings = given.build();
        Map<String, String> others = new LinkedHashMap<>();
        others.put("--data", data());
        others.put("--validation-data", settings.validation().data());
        others.put("--report", report.path());
        tracking.expectOwnHistory(others);
        if (timeBudget != null && checkpoint.resume != null) {
            throw new UserError(
                    "--time-budget: expected none with --resume; give the --epochs that the first run printed");
        }
        if (timeBudget != null && settings.validation().folds() != null) {
            throw new UserError("--time-budget: expected none with --folds, each of which is trained to its end");
        }
        if (settings.validation().folds() != null) {
            expectSuitsFolds(settings.validation().folds());
        }
    }

    @Override
    void checkFiles() throws IOException {
        super.checkFiles();
        Configuration hadoop = hadoop();
        warm = warmStart(hadoop);
        ModelOutput.open(model, existing.overwrite, hadoop).close();
        report.expectWritable(existing.overwrite, hadoop);
        tracking.check(name(), checkpoint.directory, checkpoint.resume, existing.overwrite);
        opened = checkpoints(hadoop);
    }

    @Override
    Optional<Settings> settingsToCheck() {
        return warmStart == null ? Optional.of(settings) : Optional.empty(); // else the model names the columns
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        if (warm == null) { // else it was read before Spark started
            warm = warmStart(hadoop);
        }
        TimeBudget budget = timeBudget == null ? null : new TimeBudget(timeBudget);
        try (Tracking runs =
                        tracking.open(name(), checkpoint.directory, checkpoint.resume, existing.overwrite, this::warn);
                AtomicOutput output = ModelOutput.open(model, existing.overwrite, hadoop);
                FileOutput page = report.open(existing.overwrite, hadoop);
                Checkpoints checkpoints = opened == null ? checkpoints(hadoop) : opened;
                StopSignal stop = new StopSignal(this::warn)) {
            Tracked tracked = new Tracked(new Followed(checkpoints, stop), runs);
            try (Training training = Training.read(settings, source(spark), warm, budget, tracked)) {
                Training.Outcome outcome = training.run(tracked);
                ModelStore.save(outcome.model(), output);
                if (page != null) {
                    page.write(report(training, outcome)::writeTo);
                }
                tracked.end(ending(outcome, stop));
                if (isForPrograms()) {
                    print(Json.text(json(training, outcome)));
                } else {
                    summary(training, outcome, cause(outcome, budget, stop));
                }
                if (stop.received() != null) {
                    endWith(stop.received().exitCode());
                }
            }
        }
    }

    /** Shows the training, and saves checkpoints of it until it ends or a signal ends it. */
    private final class Followed extends Shown {
        private final Checkpoints checkpoints;
        private final StopSignal stop;

        Followed(Checkpoints checkpoints, StopSignal stop) {
            this.checkpoints = checkpoints;
            this.stop = stop;
        }

        @Override
        public void onData(Settings all, TrainingSet data) {
            super.onData(all, data);
            report.image().expectFits(data.columns().features(), data.columns().encoding());
        }

        @Override
        public void onLength(Duration time, TrainingLength length) {
            tell("time        " + TrainingSummary.length(time, length));
        }

        @Override
        public Trainer.Result resultBefore(Fitting.Prepared training) {
            return checkpoints.resultBefore(training);
        }

        @Override
        public Trainer.ResumePoint start(Fitting.Prepared training) {
            if (checkpoint.directory == null) { // else the training goes on from there, and has no model yet
                stop.listen();
            }
            Trainer.ResumePoint from = checkpoints.start(training);
            if (training.first() == null) {
                Progress.Course course =
                        Progress.Course.of(training, from.state().step());
                forecast = new StepForecast(course, TrainCommand.this::inform);
            }
            return from;
        }

        @Override
        public Trainer.Listener watch(Fitting.Prepared training, int from) {
            List<Trainer.Listener> told = new ArrayList<>(List.of(super.watch(training, from), checkpoints, stop));
            if (forecast != null && training.first() == null) {
                told.add(forecast);
            }
            return Trainer.Listener.all(told);
        }

        @Override
        public void onFold(int fold, Metrics metrics) {
            int folds = settings.validation().folds();
            tell(String.format(Locale.ROOT, "fold %-6s %s", fold + 1 + "/" + folds, MetricsText.line(metrics)));
        }

        @Override
        public void onFolds(List<Fold> folds) {
            tell("folds       " + MetricsText.folds(folds));
        }

        @Override
        public void onFitted() {
            stop.leave();
            checkpoints.saveLast();
        }
    }

    /** Returns what the run is called where it is written down: the last name of the model's path. */
    private String name() {
        return model.replaceAll("/+$", "").replaceFirst(".*/", "");
    }

    /** Returns what may have ended the training too early: a signal, or the end of its time; null for nothing. */
    private String cause(Training.Outcome outcome, TimeBudget budget, StopSignal stop) {
        if (stop.received() != null) {
            return stop.received().toString();
        }
        boolean wasCut = outcome.fit().result().end() == Trainer.End.STOPPED
                || (settings.validation().refit() && outcome.refit() == null);
        return wasCut && budget != null && budget.isOver() ? "the end of the time" : null;
    }

    private static Ending ending(Training.Outcome outcome, StopSignal stop) {
        return new Ending(
                stop.received() == null ? Ending.Status.FINISHED : Ending.Status.KILLED,
                Fold.of(outcome.training()).metrics(),
                outcome.validation() == null
                        ? Map.of()
                        : Fold.of(outcome.validation()).metrics());
    }

    /**
     * @param cause what may have ended the training too early; null for nothing
     */
    private void summary(Training training, Training.Outcome outcome, String cause) {
        boolean heldOut = outcome.validation() != null;
        Fitting.Fit fit = outcome.fit();
        Fitting.Fit refit = outcome.refit();
        String before = refit == null ? "" : ", by the training without them";
        tell("result      " + Quality.of(heldOut ? outcome.validation() : outcome.training(), heldOut) + before);
        tell("training    " + MetricsText.line(outcome.training()));
        if (heldOut) {
            tell("validation  " + MetricsText.line(outcome.validation()) + before);
        }
        Quality.threshold(outcome.model().description()).ifPresent(line -> tell("threshold   " + line));
        tell("loss        " + TrainingSummary.loss(fit.result(), outcome.stepsPerEpoch()));
        if (refit != null) {
            tell("refit       " + TrainingSummary.refit(refit, training.settings()));
        }
        tell("time        " + TrainingSummary.time(fit, refit, forecast(fit)));
        tell("model       " + model + ": predicts "
                + Quality.purpose(outcome.model().description())
                + reached(training.settings(), outcome, cause));
        if (report.path() != null) {
            tell("report      " + report.path());
        }
        if (tracking.history() != null) {
            tell("history     " + tracking.history());
        }
        if (tracking.tensorboard() != null) {
            tell("tensorboard --logdir " + tracking.tensorboard());
        }
        if (tracking.mlflow() != null) {
            tell("mlflow      " + tracking.mlflow());
        }
        String name = "next        ";
        for (String command : NextCommands.of(model, data())) {
            tell(name + command);
            name = " ".repeat(name.length());
        }
    }

    /** Returns the seconds that were forecast for the steps that the training took; null where there was no forecast. */
    private Double forecast(Fitting.Fit fit) {
        return forecast == null ? null : forecast.seconds(fit.steps());
    }

    /** Returns what a signal that came during the training, or the end of its time, did to the model. */
    private static String reached(Settings settings, Training.Outcome outcome, String cause) {
        if (cause == null) {
            return "";
        }
        if (outcome.fit().result().end() == Trainer.End.STOPPED) {
            return "; it is what the training had reached when " + cause + " stopped it";
        }
        if (settings.validation().refit() && outcome.refit() == null) {
            return "; it was trained without the rows held out, since " + cause + " stopped the training on all rows";
        }
        return "; its training was done when " + cause + " came";
    }

    /** Returns what the summary says, for programs. */
    private ObjectNode json(Training training, Training.Outcome outcome) {
        Fitting.Fit fit = outcome.fit();
        ModelDescription.Validation validation =
                outcome.model().description().provenance().validation();
        ObjectNode object = Json.object();
        Json.putTrained(object, data(), training.settings(), training.data());
        int perEpoch = outcome.stepsPerEpoch();
        object.put("steps", fit.steps());
        object.put("stepsPerEpoch", perEpoch);
        object.put("epochs", (double) fit.steps() / perEpoch);
        object.put("keptStep", fit.result().step());
        object.put("keptEpoch", (double) fit.result().step() / perEpoch);
        object.put("end", fit.result().end().name().toLowerCase(Locale.ROOT));
        object.put(
                "metric",
                validation == null || validation.metric() == null
                        ? null
                        : validation.metric().key());
        object.set("refit", outcome.refit() == null ? null : refit(outcome.refit()));
        object.set("training", Json.numbers(outcome.training()));
        object.set("validation", outcome.validation() == null ? null : Json.numbers(outcome.validation()));
        object.putPOJO("folds", validation == null ? List.of() : validation.folds());
        object.put("seconds", fit.seconds());
        object.put("forecastSeconds", forecast(fit));
        object.put("place", fit.place());
        object.put("model", model);
        object.put("report", report.path());
        object.put("history", tracking.history());
        object.put("tensorboard", tracking.tensorboard());
        object.put("mlflow", tracking.mlflow());
        return object;
    }

    private static ObjectNode refit(Fitting.Fit refit) {
        return Json.object()
                .put("rows", refit.description().provenance().rows())
                .put("steps", refit.result().step())
                .put("seconds", refit.seconds());
    }

    private Report report(Training training, Training.Outcome outcome) {
        Fitting.Fit fit = outcome.fit();
        boolean heldOut = outcome.validation() != null;
        return new Report(
                model,
                outcome.model(),
                new Measured(
                        heldOut ? Measured.Rows.HELD_OUT : Measured.Rows.TRAINED_ON,
                        data(),
                        heldOut ? outcome.validation() : outcome.training(),
                        training.closeup(outcome),
                        null,
                        List.of()),
                new Run(
                        outcome.training(),
                        fit.place(),
                        fit.times().evaluations(),
                        fit.times().total(),
                        fit.times().products(),
                        fit.times().restOfTask()),
                report.image().size());
    }

    /** Refuses what has no meaning with --folds, each model of which is of other rows. */
    private void expectSuitsFolds(int folds) {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("--checkpoint", checkpoint.directory);
        others.put("--resume", checkpoint.resume);
        others.put("--warm-start", warmStart);
        others.values().removeIf(Objects::isNull);
        others.forEach((option, value) -> {
            throw new UserError(option + " " + value + ": expected none with --folds, which trains " + (folds + 1)
                    + " models, each of other rows");
        });
    }

    private Checkpoints checkpoints(Configuration hadoop) {
        return Checkpoints.open(checkpoint, existing.overwrite, settings, hadoop, this::warn);
    }

    /** Returns the model to start from; null for none. */
    private WarmStart warmStart(Configuration hadoop) throws IOException {
        if (warmStart == null) {
            return null;
        }
        WarmStart warm = new WarmStart(warmStart, load("--warm-start", warmStart, hadoop));
        settings = warm.adopted(given).build();
        warm.expectFits(given, settings);
        return warm;
    }
}
