package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.Goal;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import io.firesteel.train.LocalEvaluation;
import io.firesteel.train.LocalObjective;
import io.firesteel.train.TimedObjective;
import io.firesteel.train.Validation;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where the steps of a training run. Both places add the same block sums along the same tree, so that the bits are the
 * same; they differ in speed only.
 */
public enum Engine {
    /** Whichever of the two a step is faster on, as measured. */
    AUTO,
    /** A Spark job for every step. */
    JOB,
    /** The driver, on a copy of the blocks: for data so small that a step costs less than starting a Spark job. */
    LOCAL;

    /** More data than this is not copied to the driver unasked. */
    private static final long MOST_LOCAL_BYTES = 64L << 20;

    /** Evaluations to measure; the fastest counts. */
    private static final int JOB_TRIALS = 4;

    /** On the driver they are more: what a Java loop costs shows only once it is compiled. */
    private static final int LOCAL_TRIALS = 40;

    /** The mean loss over the blocks, evaluated by this engine; {@code start} is some theta to measure at. */
    public TimedObjective objective(Goal goal, Blocks blocks, double[] start) {
        return switch (this) {
            case JOB -> new SparkObjective(goal, blocks);
            case LOCAL -> new LocalObjective(goal, blocks.rdd().collect());
            case AUTO -> fasterOne(goal, blocks, start);
        };
    }

    /** The evaluation of examples held out, in the place where an objective is computed. */
    public static Validation evaluation(
            TimedObjective objective, Evaluation evaluation, Network network, Precision precision, Blocks blocks) {
        return objective instanceof LocalObjective && blocks.bytes() <= MOST_LOCAL_BYTES
                ? new LocalEvaluation(
                        evaluation, network, precision, blocks.rdd().collect())
                : new SparkEvaluation(evaluation, network, precision, blocks);
    }

    private static TimedObjective fasterOne(Goal goal, Blocks blocks, double[] start) {
        // Another kernel here than there would change the last bits.
        if (blocks.bytes() > MOST_LOCAL_BYTES || !blocks.kernels().equals(Set.of(Blas.description()))) {
            return new SparkObjective(goal, blocks);
        }
        List<Block> copy = blocks.rdd().collect();
        long job = fastest(new SparkObjective(goal, blocks), start, JOB_TRIALS, 0);
        long local = fastest(new LocalObjective(goal, copy), start, LOCAL_TRIALS, job);
        return local <= job ? new LocalObjective(goal, copy) : new SparkObjective(goal, blocks);
    }

    /** The least of so many trials' nanoseconds, one of each of the first steps, or the first that is at most {@code enough}. */
    private static long fastest(Objective objective, double[] start, int trials, long enough) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < trials && fastest > enough; i++) {
            long before = System.nanoTime();
            objective.ofStep(i).at(start);
            fastest = Math.min(fastest, System.nanoTime() - before);
        }
        return fastest;
    }

    /** The name as the command line writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
