package io.firesteel.track;

import io.firesteel.base.Addresses;

/**
 * Where the runs of a command are written down, as its user says.
 *
 * @param history a file of JSON lines; null for none
 * @param tensorboard the directory of TensorBoard's event files; null for none
 * @param mlflow the address of an MLflow tracking server; null for none
 * @param experiment the name of the experiment of that server; null for that of the environment, or MLflow's default
 * @param name what the server calls the run
 * @param checkpoint where checkpoints of the training are written; null for none
 * @param resumed the checkpoints that it goes on from, which means that it may find its beginning in all these places; null where
 *     it begins
 */
public record TrackingPlaces(
        String history,
        String tensorboard,
        String mlflow,
        String experiment,
        String name,
        String checkpoint,
        String resumed) {
    private static final String DEFAULT_EXPERIMENT = "Default"; // which each server has

    public TrackingPlaces {
        String named = experiment == null ? System.getenv("MLFLOW_EXPERIMENT_NAME") : experiment;
        experiment = named == null || named.isBlank() ? DEFAULT_EXPERIMENT : named;
        checkpoint = quotable(checkpoint);
        resumed = quotable(resumed);
    }

    /** Returns a path as a search of the server can have it between quotes. */
    private static String quotable(String path) {
        return path == null ? null : Addresses.withoutUser(path).replaceAll("['\\\\]", "_");
    }
}
