package io.firesteel.train;

import io.firesteel.compute.StepTimes;
import io.firesteel.optim.Objective;

/** An objective that knows where the time of its evaluations went. */
public interface TimedObjective extends Objective {
    /** The times of all evaluations so far. */
    StepTimes times();
}
