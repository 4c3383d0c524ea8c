package io.firesteel.track;

import io.firesteel.report.WatchedTraining.Facts;
import java.util.Map;

/** What a run tells those who write it down. */
sealed interface News {
    /** Returns the run. */
    RunName run();

    /**
     * The run begins.
     *
     * @param millis since 1970
     * @param varied the settings by which it differs from other runs of the command; empty where there are no others
     */
    record Began(RunName run, long millis, Map<String, String> varied) implements News {}

    /** A training of the run begins, or goes on from a checkpoint: its own, or its second one, on all rows. */
    record Described(RunName run, Facts facts) implements News {
        /** Returns the step from which on points are written, whether or not they were written before the checkpoint. */
        int cut() {
            int whole = Math.max(0, facts.from() - 1) / facts.stepsPerEpoch();
            return whole * facts.stepsPerEpoch();
        }
    }

    /** The training has a new point. */
    record Went(RunName run, Point point) implements News {}

    /**
     * The run ended.
     *
     * @param millis since 1970
     * @param reached what its own training came to
     */
    record Ended(RunName run, long millis, Ending ending, Reached reached) implements News {}

    /**
     * What a training came to, as {@link Point#epoch} counts.
     *
     * @param last of its points
     * @param best the one after which the metric on the rows held out was best; null for none
     */
    record Reached(int last, Integer best) {
        static final Reached NOTHING = new Reached(0, null);
    }
}
