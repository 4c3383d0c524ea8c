package io.firesteel.cli;

import io.firesteel.base.CellError;
import io.firesteel.base.ColumnError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.fit.TableSurvey;
import io.firesteel.fit.TrainingListener;
import io.firesteel.table.FeatureKinds.Dates;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import io.firesteel.train.Trainer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

/** A command that trains: its options are the settings of a training, and it shows how the training goes. */
@Command(modelTransformer = SettingOptions.class)
abstract class SettingsCommand extends SparkCommand {
    /** The options that only say what is printed, and are not noted with a training's settings. */
    private static final String[] OF_OUTPUT = {"json", "quiet"};

    @Mixin
    private DataOptions source;

    @Mixin
    private JsonOption output;

    private Table table;

    /** Returns what was given of the settings. */
    final Settings.Builder given(String... unnoted) {
        Set<String> all = new HashSet<>(Set.of(unnoted));
        all.addAll(List.of(OF_OUTPUT));
        return SettingOptions.given(spec(), all);
    }

    @Override
    final boolean isForPrograms() {
        return output.json;
    }

    @Override
    void checkFiles() throws IOException {
        Configuration hadoop = hadoop();
        Optional<Schema> schema = source.schemaBeforeSpark(hadoop);
        Settings settings = settingsToCheck().orElse(null);
        if (settings != null) {
            schema.ifPresent(settings::expectColumns);
            if (settings.validation().data() != null) {
                Optional<Schema> unused =
                        source.schemaBeforeSpark(settings.validation().data(), hadoop);
            }
        }
    }

    /** Returns the settings whose columns the table has to have; none where these depend on something else. */
    abstract Optional<Settings> settingsToCheck();

    /** Refuses other output inside of the model's directory, which is put in its place as a whole; either may be null. */
    static void expectBeside(String option, String output, String model) {
        if (output == null || model == null) {
            return;
        }
        Path directory = new Path(model);
        for (Path above = path(option, output); above != null; above = above.getParent()) {
            if (above.equals(directory)) {
                throw new UserError(option + " " + output + ": expected a path that is not in --model " + model
                        + ", which is written as a whole");
            }
        }
    }

    private static Path path(String option, String text) {
        try {
            return new Path(text);
        } catch (IllegalArgumentException e) { // such as s3a:table
            throw new UserError(option + " " + text + " is no path: " + e.getMessage(), e);
        }
    }

    /** Returns the table's path. */
    final String data() {
        return source.data;
    }

    /** Returns where the rows come from. */
    final Source source(SparkSession spark) {
        table = reading(source.open(spark));
        return new Source(spark, table, path -> source.open(spark, path));
    }

    /** Tells all problems of the table at once, if it has several. */
    @Override
    final UserError told(ColumnError e) {
        OptionSpec warm = spec().findOption("--warm-start");
        boolean isOfModel = warm != null && warm.getValue() != null; // which says what the columns are
        boolean isOfRow = e instanceof CellError cell && cell.column() == null; // that is not in cells
        if (table == null || table.hasSecrets() || isOfModel || isOfRow) {
            return e;
        }
        try {
            return TableSurvey.of(given(), table)
                    .<UserError>map(survey -> new SurveyedError(e, TableReport.lines(survey, words())))
                    .orElse(e);
        } catch (UserError other) {
            return e; // which is not about the columns alone
        }
    }

    /** Returns whether the command's words hold what nobody else is to read. */
    final boolean hasSecrets() {
        return table != null && table.hasSecrets();
    }

    /** Returns the words of the command, without the program's name. */
    final List<String> words() {
        return spec().commandLine().getParseResult().originalArgs();
    }

    /** Prints what is trained, and shows warnings and progress. */
    class Shown implements TrainingListener {
        @Override
        public void onData(Settings settings, TrainingSet data) {
            printNotes(table);
            if (settings.taskReason() != null) {
                tell("task        " + settings.task() + ", since "
                        + SettingNames.OPTIONS.render(settings.taskReason()));
            }
            tell("data        " + TrainingSummary.data(source.data, data));
            if (settings.inputs().kinds().isAuto()) {
                tell("categories  " + TrainingSummary.categories(data.columns().encoding()));
            }
            if (settings.inputs().kinds().dates() == Dates.EXPAND) {
                tell("dates       " + TrainingSummary.dates(data.columns().encoding()));
            }
            tell("network     " + TrainingSummary.network(data.network(), settings.config()));
        }

        @Override
        public void onWarning(String text) {
            warn(SettingNames.OPTIONS.render(text));
        }

        @Override
        public Trainer.Listener watch(Fitting.Prepared training, int from) {
            hush(true);
            Progress progress = new Progress(screen(), Progress.Course.of(training, from), () -> hush(false));
            return training.runner().isOnDriver()
                    ? progress
                    : Trainer.Listener.all(List.of(
                            progress, new StepWatch(training.runner()::waitingFor, SettingsCommand.this::warn)));
        }
    }
}
