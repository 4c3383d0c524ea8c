package io.firesteel.cli;

import io.firesteel.base.ColumnError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.InvalidModelException;
import io.firesteel.model.TrainedModel;
import io.firesteel.store.ModelStore;
import io.firesteel.table.Table;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that runs with a Spark session. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true)
abstract class SparkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("unused") // ConfigFile finds it in the arguments; here it is an option to be listed
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Properties file of these options, such as hidden=64,32; command-line options override the file.")
    private String config;

    @Mixin
    private QuietOption verbosity;

    private int exitCode;
    private Activity activity; // null where the session is another's

    @Override
    public final Integer call() throws IOException {
        prepare();
        if (runWithoutSession()) {
            return 0;
        }
        // A session that exists already belongs to whoever made it.
        boolean ours = Sessions.none();
        if (!ours) {
            runTold(Sessions.open("firesteel " + spec.name()));
            return exitCode;
        }
        checkFiles();
        long start = System.nanoTime();
        try (Activity shown = new Activity(screen())) {
            activity = shown;
            SparkSession spark = Sessions.open("firesteel " + spec.name());
            shown.started(spark.sparkContext());
            run(spark, start);
        }
        return exitCode;
    }

    private void run(SparkSession spark, long start) throws IOException {
        ExecutorWatch watch = new ExecutorWatch(spark.sparkContext(), start, this::warn);
        try {
            runTold(spark);
        } finally {
            watch.close();
            spark.stop();
        }
    }

    private void runTold(SparkSession spark) throws IOException {
        try {
            run(spark);
        } catch (ColumnError e) {
            throw told(e);
        }
    }

    /** Returns the error to show where a column of a table cannot be used. */
    UserError told(ColumnError e) {
        return e;
    }

    /** Returns where progress is shown. */
    final Screen screen() {
        return verbosity.quiet ? Screen.NONE : Screen.of(errors());
    }

    /** Stops or starts to say what the command does, while something else shows it. */
    final void hush(boolean silent) {
        if (activity != null) {
            activity.pause(silent);
        }
    }

    /** Shows which table is read, and returns it. */
    final Table reading(Table table) {
        if (activity != null) {
            activity.reading(table);
        }
        return table;
    }

    /** Checks the options, as far as this needs no session. */
    void prepare() {}

    /** Checks, before Spark starts, the models that are named. */
    void checkFiles() throws IOException {}

    /** Does the command's work if it can be done without a session; returns whether it was. */
    boolean runWithoutSession() throws IOException {
        return false;
    }

    /** Runs the command. */
    abstract void run(SparkSession spark) throws IOException;

    /** Makes the process end with another code than 0, though the command has done its work. */
    final void endWith(int code) {
        exitCode = code;
    }

    private void clear() {
        if (activity != null) {
            activity.clear();
        }
    }

    /** Prints a result. Everything else goes to stderr. */
    final synchronized void print(String line) {
        clear();
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** Returns whether the command prints a JSON object, and nothing else on stdout. */
    boolean isForPrograms() {
        return false;
    }

    /** Prints a line of a summary, for people who want to read it. */
    final void tell(String line) {
        if (!verbosity.quiet && !isForPrograms()) {
            print(line);
        }
    }

    /** Prints what is going on, where that is shown. */
    final synchronized void inform(String line) {
        clear();
        screen().println(line);
    }

    /** Prints what the user should know and can live with. Any thread may call it. */
    final synchronized void warn(String line) {
        clear();
        Screen.of(errors()).println("warning: " + line);
    }

    /** Prints what a user should know of the way in which a table was read. */
    final void printNotes(Table table) {
        table.notes().forEach(note -> inform("note: " + SettingNames.OPTIONS.render(note)));
    }

    /** Returns the writer for progress. */
    final PrintWriter errors() {
        return spec.commandLine().getErr();
    }

    /** Returns the command's options with their values. */
    final CommandSpec spec() {
        return spec;
    }

    /** Returns the settings of file systems that a session has, with spark.hadoop.*, such as an object store's. */
    static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    static TrainedModel load(String path, Configuration hadoop) throws InvalidModelException {
        return load("--model", path, hadoop);
    }

    /** Reads the model that an option names. */
    static TrainedModel load(String option, String path, Configuration hadoop) throws InvalidModelException {
        try {
            return ModelStore.load(path, hadoop);
        } catch (InvalidModelException e) {
            throw e;
        } catch (FileNotFoundException e) {
            throw new UserError(option + " " + path + ": no such model directory", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(option + " " + path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
