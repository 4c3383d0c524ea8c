package io.firesteel.track;

import io.firesteel.report.WatchedTraining.Facts;
import java.util.Map;

/** An event of a run, which trackers record. */
sealed interface RunEvent {
    /** Returns the run. */
    RunName run();

    /**
     * A run has started.
     *
     * @param millis the time, in milliseconds since 1970
     * @param varied the settings in which it differs from the command's other runs; empty where there are no others
     */
    record RunStarted(RunName run, long millis, Map<String, String> varied) implements RunEvent {}

    /** A training of the run has started, or resumed from a checkpoint: its own, or the refit on all rows. */
    record TrainingStarted(RunName run, Facts facts) implements RunEvent {
        /** Returns the first step whose point is written again after a resume, even if an earlier process has written it. */
        int rewrittenFrom() {
            int whole = Math.max(0, facts.from() - 1) / facts.stepsPerEpoch();
            return whole * facts.stepsPerEpoch();
        }
    }

    /** The training's history has a new point. */
    record PointAdded(RunName run, HistoryPoint point) implements RunEvent {}

    /**
     * A run has ended.
     *
     * @param millis the time, in milliseconds since 1970
     * @param finalEpochs of its own training, not of a refit
     */
    record RunEnded(RunName run, long millis, Ending ending, FinalEpochs finalEpochs) implements RunEvent {}

    /**
     * The last and the best epoch of a training, counted as by {@link HistoryPoint#epoch}.
     *
     * @param last the last epoch
     * @param best the epoch with the best metric on the rows held out; null where none are
     */
    record FinalEpochs(int last, Integer best) {
        static final FinalEpochs NOTHING = new FinalEpochs(0, null);
    }
}
