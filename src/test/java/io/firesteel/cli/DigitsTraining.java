package io.firesteel.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The training on the digits to which the integration tests of faults do harm. */
final class DigitsTraining {
    /** A script, and its options, that trains in one process. */
    static final List<String> LOCAL = List.of("local.sh", "--master", "local[2]");

    /** The length of the undisturbed training that serves for the shorter ones, and how far its checkpoints are apart. */
    private static final int LENGTH = 12_000;

    private static final int EVERY = 300;

    private DigitsTraining() {}

    /** Returns the words of a training of so many steps. */
    static List<String> words(Path model, int steps, String... more) {
        List<String> words = new ArrayList<>(List.of("train", "--preset", "notes", "--data"));
        words.add(Scripts.PROJECT.resolve("data/digits.csv").toString());
        words.addAll(List.of("--label", "digit", "--hidden", "32", "--validation-fraction", "0.1"));
        words.addAll(List.of("--optimizer", "adam", "--iterations", "" + steps, "--model", model.toString()));
        words.addAll(List.of(more));
        return words;
    }

    /**
     * Returns the SHA-256 of the weights after so many steps in one process to which nothing happened.
     *
     * @param directory for models, each of which is trained once
     */
    static synchronized String undisturbed(Path directory, int steps) throws Exception {
        // One training serves for many lengths: a checkpoint has the weights of a training that ends there.
        int length = steps < LENGTH && steps % EVERY == 0 ? LENGTH : steps;
        Path model = directory.resolve("undisturbed-" + length);
        Path checkpoints = directory.resolve("checkpoints-" + length);
        if (!Files.exists(model)) {
            List<String> every = List.of("--checkpoint-every", "" + EVERY, "--checkpoint-keep", "" + LENGTH / EVERY);
            List<String> words = new ArrayList<>(words(model, length, "--checkpoint", checkpoints.toString()));
            words.addAll(every);
            Running.start(LOCAL, words).expectSuccess();
        }
        return Cli.weights(steps == length ? model : checkpoints.resolve(String.format("step-%08d", steps)));
    }
}
