package io.firesteel.cli;

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
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
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

    @Override
    public final Integer call() throws IOException {
        prepare();
        SparkSession.Builder builder = SparkSession.builder()
                .appName("firesteel " + spec.name())
                .config("spark.sql.caseSensitive", "true"); // columns a and A are two
        if (System.getProperty("spark.master") == null) {
            builder.master("local[*]");
        }
        // A session that exists already belongs to whoever made it.
        boolean ours = SparkSession.getDefaultSession().isEmpty();
        SparkSession spark = open(builder);
        try {
            run(spark);
        } finally {
            if (ours) {
                spark.stop();
            }
        }
        return 0;
    }

    /** Opens the session; Spark refuses settings such as too little memory with two kinds of exceptions. */
    private static SparkSession open(SparkSession.Builder builder) {
        try {
            return builder.getOrCreate();
        } catch (Exception e) {
            if (e instanceof IllegalArgumentException || e instanceof SparkException) {
                throw new UserError(
                        "Spark does not start: " + e.getMessage().lines().collect(Collectors.joining(" ")), e);
            }
            throw e;
        }
    }

    /** Checks the options, as far as this needs no session. */
    void prepare() {}

    /** Runs the command. */
    abstract void run(SparkSession spark) throws IOException;

    /** Prints a result. Everything else goes to stderr. */
    final void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** Prints what the user should know and can live with. */
    final void warn(String line) {
        errors().println("warning: " + line);
        errors().flush();
    }

    /** Prints what is not as usual about a table. */
    final void noteWaysOf(Table table) {
        table.notes().forEach(note -> errors().println("note: " + SettingNames.OPTIONS.render(note)));
        errors().flush();
    }

    /** Returns the writer for progress. */
    final PrintWriter errors() {
        return spec.commandLine().getErr();
    }

    /** Returns the command's options with their values. */
    final CommandSpec spec() {
        return spec;
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
