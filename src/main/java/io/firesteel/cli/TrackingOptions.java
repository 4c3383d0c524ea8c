package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.track.Tracking;
import io.firesteel.track.TrackingPlaces;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that say where the history of a training is written while it runs. */
final class TrackingOptions {
    /** Those that say nothing of a training, and are not noted with its settings. */
    static final String[] NAMES = {"history", "tensorboard", "mlflow", "mlflow-experiment"};

    @Option(
            names = "--history",
            paramLabel = "FILE.jsonl",
            description =
                    "Write the training history to FILE while it runs, one JSON object per line (per epoch, or per step with full"
                            + " batches).")
    private String history;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description =
                    "Write the training history as event files for TensorBoard while it runs; use a new directory for each run.")
    private String tensorboard;

    @Option(
            names = "--mlflow",
            paramLabel = "URI",
            description =
                    "Send the training history to an MLflow tracking server while it runs, such as http://127.0.0.1:5000."
                            + " Credentials are taken from the environment: MLFLOW_TRACKING_TOKEN, or"
                            + " MLFLOW_TRACKING_USERNAME and _PASSWORD.")
    private String mlflow;

    @Option(
            names = "--mlflow-experiment",
            paramLabel = "NAME",
            description =
                    "MLflow's experiment, created if it does not exist. Default: the environment's MLFLOW_EXPERIMENT_NAME,"
                            + " or Default.")
    private String experiment;

    /** Returns the file of the history; null for none. */
    String history() {
        return history;
    }

    /** Returns the directory for TensorBoard; null for none. */
    String tensorboard() {
        return tensorboard;
    }

    /** Returns the address of MLflow's server, without user and password; null for none. */
    String mlflow() {
        return mlflow == null ? null : Tracking.withoutUser(mlflow);
    }

    /**
     * Makes sure that the history's file is not one that is read, or written by something else.
     *
     * @param others the paths of those, by option; null for none
     */
    void expectOwnHistory(Map<String, String> others) {
        if (history == null) {
            return;
        }
        others.forEach((option, other) -> {
            if (other != null && file(history).equals(file(other))) {
                throw new UserError("--history " + history + ": expected another file than that of " + option);
            }
        });
    }

    /** Returns a file as it can be compared: links that are there are followed; as it is where it is on no local disk. */
    private static Object file(String text) {
        try {
            Path path = text.matches("(?i)file:.*") ? Path.of(URI.create(text)) : Path.of(text);
            return Files.exists(path)
                    ? path.toRealPath()
                    : path.toAbsolutePath().normalize();
        } catch (IOException | IllegalArgumentException e) {
            return text;
        }
    }

    /**
     * Makes sure that they can be meant, and that what they name can be written to.
     *
     * @param name of the run
     * @param checkpoint where checkpoints are written; null for none
     * @param resumed from where; null for none
     */
    void check(String name, String checkpoint, String resumed, boolean overwrite) {
        Tracking.check(places(name, checkpoint, resumed), overwrite);
    }

    /** Gets ready to write down what {@link #check} checks. */
    Tracking open(String name, String checkpoint, String resumed, boolean overwrite, Consumer<String> warn) {
        return Tracking.open(
                places(name, checkpoint, resumed), overwrite, line -> warn.accept(SettingNames.OPTIONS.render(line)));
    }

    private TrackingPlaces places(String name, String checkpoint, String resumed) {
        return new TrackingPlaces(
                history, tensorboard, mlflow, experiment, name, absolute(checkpoint), absolute(resumed));
    }

    /** Returns a directory as each process names it. */
    private static String absolute(String directory) {
        return directory == null || directory.contains(":")
                ? directory
                : Path.of(directory).toAbsolutePath().normalize().toString();
    }
}
