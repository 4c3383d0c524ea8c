package io.firesteel.ui;

import io.firesteel.report.WatchedTraining.Ending;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import io.firesteel.report.WatchedTraining.State;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * News of a training on Spark's listener bus. Spark writes it to the event log as JSON under the class's name, and a history server
 * reads it from there: names of classes and components are a file format.
 */
sealed interface TrainingEvent extends SparkListenerEvent {
    /** Returns the number of the training in its application. */
    long training();

    /** A training begins. */
    record Began(long training, Facts facts) implements TrainingEvent {}

    /**
     * A training has taken steps.
     *
     * @param losses of the steps since it last told
     * @param heldOut what was measured since it last told
     */
    record Went(long training, List<Mean> losses, List<Measure> heldOut, State state) implements TrainingEvent {
        public Went {
            losses = losses == null ? List.of() : losses; // null from an event log of an older version
            heldOut = heldOut == null ? List.of() : heldOut;
        }
    }

    /** A training has ended. */
    record Ended(long training, Ending ending) implements TrainingEvent {}
}
