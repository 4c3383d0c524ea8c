package io.firesteel.cli;

import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

    /** Runs the command on the model and prints its result. */
    abstract void run(TrainedModel model, PrintWriter out) throws IOException;

    @Override
    public final Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        run(load(), out);
        out.flush();
        return 0;
    }

    /** Reads the model: from this machine's disk without Hadoop, whose start takes longer than all else. */
    private TrainedModel load() throws IOException {
        if (isOnDisk(path)) {
            try {
                return TrainedModel.load(Path.of(path));
            } catch (IOException | InvalidPathException e) {
                // Hadoop looks again, also for what an interrupted replacement has left, and says what is wrong.
            }
        }
        return SparkCommand.load(path, SparkCommand.hadoop());
    }

    /** Returns whether a path is surely one of this machine's disk: it names no file system, and no settings name another. */
    private static boolean isOnDisk(String path) {
        return !path.contains(":")
                && System.getProperty("spark.hadoop.fs.defaultFS") == null
                && ModelCommand.class.getResource("/core-site.xml") == null;
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
