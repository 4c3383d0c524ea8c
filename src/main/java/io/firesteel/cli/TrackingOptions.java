package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.track.Tracking;
import io.firesteel.track.TrackingPlaces;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that say where the course of a training is written down while it runs. */
final class TrackingOptions {
    /** Those that say nothing of a training, and are not noted with its settings. */
    static final String[] NAMES = {"history", "tensorboard", "mlflow", "mlflow-experiment"};

    @Option(
            names = "--history",
            paramLabel = "FILE.jsonl",
            description =
                    "Also write the course of the training, while it runs: a JSON object in a line for each epoch or"
                            + " step.")
    private String history;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description =
                    "Also write the course of the training as event files for TensorBoard, a directory for each run.")
    private String tensorboard;

    @Option(
            names = "--mlflow",
            paramLabel = "URI",
            description =
                    "Also send the course of the training to an MLflow tracking server, such as http://127.0.0.1:5000."
                            + " Credentials are taken from the environment: MLFLOW_TRACKING_TOKEN, or"
                            + " MLFLOW_TRACKING_USERNAME and _PASSWORD.")
    private String mlflow;

    @Option(
            names = "--mlflow-experiment",
            paramLabel = "NAME",
            description =
                    "MLflow's experiment, made if it is not there. Default: the environment's MLFLOW_EXPERIMENT_NAME,"
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
