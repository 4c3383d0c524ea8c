package io.firesteel.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Tests that train on tables with a label y, again and again with the same few options. */
abstract class TableTrainings {
    @TempDir
    Path dir;

    private int models;

    /** Returns the command that trains on a table. */
    Object[] args(Path data, Path model, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--hidden", "3"};
        return Cli.plus(Cli.plus(args, "--iterations", "5"), more);
    }

    /** Trains on a table; returns the model's directory, a new one each time. */
    Path train(Path data, Object... more) {
        Path model = dir.resolve("model" + models++);
        Cli.succeed(args(data, model, more));
        return model;
    }
}
