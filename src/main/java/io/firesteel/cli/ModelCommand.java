package io.firesteel.cli;

import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command on a model and nothing else, which needs no Spark session. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
abstract class ModelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model.")
    private String path;

    @Mixin
    private QuietOption verbosity;

    /** Runs the command on the model and prints its result; {@code hadoop} has the settings of file systems. */
    abstract void run(TrainedModel model, Configuration hadoop, PrintWriter out) throws IOException;

    @Override
    public final Integer call() throws IOException {
        Configuration hadoop = SparkCommand.hadoop();
        PrintWriter out = spec.commandLine().getOut();
        run(SparkCommand.load(path, hadoop), hadoop, out);
        out.flush();
        return 0;
    }

    /** Returns whether no summary is to be printed. */
    final boolean isQuiet() {
        return verbosity.quiet;
    }

    /** Returns the model's path. */
    final String path() {
        return path;
    }
}
