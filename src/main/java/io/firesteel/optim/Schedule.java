package io.firesteel.optim;

import io.firesteel.base.SettingError;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A learning rate schedule: the factor by which the optimiser's own rate is multiplied in each step. */
public sealed interface Schedule extends Serializable {
    /**
     * The steps that a schedule is for.
     *
     * @param steps the number of steps
     * @param stepsPerEpoch how many of them make a pass over all rows
     */
    record Span(int steps, int stepsPerEpoch) {
        public Span {
            Expect.positive("steps of an epoch", stepsPerEpoch);
        }
    }

    /** Returns the state before the first step of a span. */
    State start(Span span);

    /** The state of a schedule. */
    @FunctionalInterface
    interface State {
        /** Returns the factor of step 0, 1, ...: the learning rate's own is multiplied by it. */
        double factor(int step);

        /** Notes a step that was taken, before which the objective was {@code loss}. */
        default void after(int step, double loss) {}

        /** Returns what it remembers, by name. */
        default Map<String, Double> numbers() {
            return Map.of();
        }

        /** Restores what it remembered; fails on names that it does not know. */
        default void restore(Map<String, Double> numbers) {
            Optimizer.Snapshot.expectNames("numbers", Set.of(), numbers.keySet());
        }
    }

    /** The factor 1 in every step. */
    record Constant() implements Schedule {
        @Override
        public State start(Span span) {
            return step -> 1;
        }
    }

    /** The factor drop^k after each k times {@code every} steps. */
    record Step(int every, double drop) implements Schedule {
        public Step {
            Expect.positive("steps", every);
            Expect.positive("factor", drop);
        }

        @Override
        public State start(Span span) {
            return step -> {
                int drops = step / every;
                return StrictMath.pow(drop, drops);
            };
        }
    }

    /** The factor 1 / (1 + decay k) in step k. */
    record InverseTime(double decay) implements Schedule {
        public InverseTime {
            Expect.positive("decay", decay);
        }

        @Override
        public State start(Span span) {
            return step -> 1 / (1 + decay * step);
        }
    }

    /** Half a cosine from 1 towards 0 over all steps: Loshchilov and Hutter 2017, equation 5, without restarts. */
    record Cosine() implements Schedule {
        @Override
        public State start(Span span) {
            int steps = Math.max(1, span.steps);
            return step -> (1 + StrictMath.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
        }
    }

    /**
     * Cycles from 0 to 1 and back, each twice as long as the one before, the last of which ends with the last step: coslog of
     * Holzmueller, Grinsztajn and Steinwart 2024. With t the part of the steps that are done and k cycles, the factor is (1 - cos(2
     * pi log2(1 + (2^k - 1) t))) / 2. After each cycle the rate is 0, so that a training that overfits early has good parameters
     * early.
     */
    record CosineCycles(int cycles) implements Schedule {
        public CosineCycles {
            Expect.positive("cycles", cycles);
        }

        @Override
        public State start(Span span) {
            int steps = Math.max(1, span.steps);
            double length = StrictMath.pow(2, cycles) - 1; // in lengths of the first cycle
            return step -> {
                double t = (double) Math.min(step, steps) / steps;
                double cycle = StrictMath.log(1 + length * t) / StrictMath.log(2);
                return (1 - StrictMath.cos(2 * Math.PI * cycle)) / 2;
            };
        }
    }

    /**
     * scikit-learn's: divides the rate by five when for two consecutive epochs the objective, the mean of an epoch's steps, is not
     * {@code tolerance} below its least value so far. A factor below a millionth stays, where scikit-learn stops the training.
     */
    record Adaptive(double tolerance) implements Schedule {
        public Adaptive {
            Expect.notNegative("tolerance", tolerance);
        }

        @Override
        public State start(Span span) {
            return new Stalls(tolerance, span.stepsPerEpoch);
        }

        /** The least objective of an epoch so far, and the number of consecutive epochs that failed to lower it. */
        private static final class Stalls implements State {
            private static final int PATIENCE = 2;
            private static final String FACTOR = "schedule-factor";
            private static final String LEAST = "schedule-least";
            private static final String FAILURES = "schedule-failures";
            private static final String SUM = "schedule-sum";

            private final double tolerance;
            private final int stepsPerEpoch;
            private double factor = 1;
            private double least = Double.POSITIVE_INFINITY;
            private int failures;
            private double sum; // of the objectives of the steps of this epoch

            Stalls(double tolerance, int stepsPerEpoch) {
                this.tolerance = tolerance;
                this.stepsPerEpoch = stepsPerEpoch;
            }

            @Override
            public double factor(int step) {
                return factor;
            }

            @Override
            public void after(int step, double loss) {
                sum += loss;
                if ((step + 1) % stepsPerEpoch != 0) {
                    return;
                }
                double ofEpoch = sum / stepsPerEpoch;
                failures = ofEpoch > least - tolerance ? failures + 1 : 0;
                if (failures == PATIENCE) {
                    factor = factor > 1e-6 ? factor / 5 : factor;
                    failures = 0;
                }
                least = Math.min(least, ofEpoch);
                sum = 0;
            }

            @Override
            public Map<String, Double> numbers() {
                Map<String, Double> numbers = new HashMap<>();
                numbers.put(FACTOR, factor);
                numbers.put(FAILURES, (double) failures);
                numbers.put(SUM, sum);
                if (least < Double.POSITIVE_INFINITY) { // infinity is no number of JSON
                    numbers.put(LEAST, least);
                }
                return numbers;
            }

            /** Restores the numbers; those that the training had not reached may be missing. */
            @Override
            public void restore(Map<String, Double> numbers) {
                Set<String> known = Set.of(FACTOR, LEAST, FAILURES, SUM);
                if (!known.containsAll(numbers.keySet())) {
                    Optimizer.Snapshot.expectNames("numbers", known, numbers.keySet());
                }
                factor = numbers.getOrDefault(FACTOR, factor);
                least = numbers.getOrDefault(LEAST, least);
                failures = numbers.getOrDefault(FAILURES, 0.0).intValue();
                sum = numbers.getOrDefault(SUM, sum);
            }
        }
    }

    /** A linear factor from 1 / steps to 1, then another schedule from its step 0 on. */
    record WarmUp(int steps, Schedule then) implements Schedule {
        public WarmUp {
            Expect.positive("warm-up", steps);
        }

        @Override
        public State start(Span span) {
            State rest = then.start(new Span(span.steps - steps, span.stepsPerEpoch));
            return new State() {
                @Override
                public double factor(int step) {
                    return step < steps ? (step + 1.0) / steps : rest.factor(step - steps);
                }

                @Override
                public void after(int step, double loss) {
                    if (step >= steps) {
                        rest.after(step - steps, loss);
                    }
                }

                @Override
                public Map<String, Double> numbers() {
                    return rest.numbers();
                }

                @Override
                public void restore(Map<String, Double> numbers) {
                    rest.restore(numbers);
                }
            };
        }
    }

    /**
     * Reads {@code constant}, {@code step:EVERY} or {@code step:EVERY,FACTOR}, {@code inverse-time:DECAY}, {@code cosine},
     * {@code cosine-cycles}, perhaps with {@code :CYCLES}, or {@code adaptive}, the latter perhaps with {@code :TOLERANCE}.
     *
     * @throws SettingError when it is none of them
     */
    static Schedule parse(String text) {
        String[] parts = text.trim().split("[:,]", -1);
        String reason = "";
        try {
            Schedule schedule =
                    switch (parts[0] + "/" + (parts.length - 1)) {
                        case "constant/0" -> new Constant();
                        case "step/1" -> new Step(Integer.parseInt(parts[1]), 0.1);
                        case "step/2" -> new Step(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
                        case "inverse-time/1" -> new InverseTime(Double.parseDouble(parts[1]));
                        case "cosine/0" -> new Cosine();
                        case "cosine-cycles/0" -> new CosineCycles(4);
                        case "cosine-cycles/1" -> new CosineCycles(Integer.parseInt(parts[1]));
                        case "adaptive/0" -> new Adaptive(1e-4);
                        case "adaptive/1" -> new Adaptive(Double.parseDouble(parts[1]));
                        default -> null;
                    };
            if (schedule != null) {
                return schedule;
            }
        } catch (IllegalArgumentException e) {
            reason = e.getMessage();
        }
        throw new SettingError(
                "schedule",
                text,
                "constant, step:EVERY[,FACTOR], inverse-time:DECAY, cosine, cosine-cycles[:N] or adaptive[:TOLERANCE]",
                reason);
    }
}
