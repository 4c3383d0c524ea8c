package io.firesteel.optim;

import io.firesteel.base.SettingError;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** How the learning rate changes from step to step: a factor of the rate that the rule has. */
public sealed interface Schedule extends Serializable {
    /**
     * The steps that a schedule is for.
     *
     * @param steps how many
     * @param stepsPerEpoch how many of them make a pass over all examples
     */
    record Span(int steps, int stepsPerEpoch) {
        public Span {
            Expect.positive("steps of an epoch", stepsPerEpoch);
        }
    }

    /** The factor of step 0, 1, ... with what the schedule remembers before it, which is nothing before step 0. */
    double factor(int step, Span span, Map<String, Double> memory);

    /** What it remembers after a step, at whose start the objective was {@code loss}. */
    default Map<String, Double> memory(Map<String, Double> before, int step, Span span, double loss) {
        return Map.of();
    }

    /** 1 in every step. */
    record Constant() implements Schedule {
        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            return 1;
        }
    }

    /** drop^k after each k times {@code every} steps. */
    record Step(int every, double drop) implements Schedule {
        public Step {
            Expect.positive("steps", every);
            Expect.positive("factor", drop);
        }

        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            int drops = step / every;
            return StrictMath.pow(drop, drops);
        }
    }

    /** 1 / (1 + decay k) in step k. */
    record InverseTime(double decay) implements Schedule {
        public InverseTime {
            Expect.positive("decay", decay);
        }

        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            return 1 / (1 + decay * step);
        }
    }

    /** Half a cosine from 1 towards 0 over all steps: Loshchilov and Hutter 2017, equation 5, without restarts. */
    record Cosine() implements Schedule {
        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            int steps = Math.max(1, span.steps);
            return (1 + StrictMath.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
        }
    }

    /**
     * scikit-learn's: a fifth of the rate whenever two epochs on end fail to bring the objective, the mean of their steps',
     * {@code tolerance} below its least so far. It is not divided further below a millionth, where scikit-learn gives up.
     */
    record Adaptive(double tolerance) implements Schedule {
        private static final int PATIENCE = 2;
        private static final String FACTOR = "schedule-factor";
        private static final String LEAST = "schedule-least";
        private static final String FAILURES = "schedule-failures";
        private static final String SUM = "schedule-sum";

        public Adaptive {
            Expect.notNegative("tolerance", tolerance);
        }

        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            return memory.getOrDefault(FACTOR, 1.0);
        }

        @Override
        public Map<String, Double> memory(Map<String, Double> before, int step, Span span, double loss) {
            double sum = before.getOrDefault(SUM, 0.0) + loss;
            if ((step + 1) % span.stepsPerEpoch != 0) {
                Map<String, Double> within = new HashMap<>(before);
                within.put(SUM, sum);
                return within;
            }
            double ofEpoch = sum / span.stepsPerEpoch;
            double factor = factor(step, span, before);
            double least = before.getOrDefault(LEAST, ofEpoch);
            boolean fails = before.containsKey(LEAST) && ofEpoch > least - tolerance;
            double failures = fails ? before.get(FAILURES) + 1 : 0;
            boolean stalls = failures == PATIENCE;
            return Map.of(
                    FACTOR, stalls && factor > 1e-6 ? factor / 5 : factor,
                    LEAST, Math.min(least, ofEpoch),
                    FAILURES, stalls ? 0 : failures);
        }
    }

    /** Linear from 1 / steps to 1 over so many steps, then another schedule from its step 0 on. */
    record WarmUp(int steps, Schedule then) implements Schedule {
        public WarmUp {
            Expect.positive("warm-up", steps);
        }

        @Override
        public double factor(int step, Span span, Map<String, Double> memory) {
            return step < steps ? (step + 1.0) / steps : then.factor(step - steps, rest(span), memory);
        }

        @Override
        public Map<String, Double> memory(Map<String, Double> before, int step, Span span, double loss) {
            return step < steps ? Map.of() : then.memory(before, step - steps, rest(span), loss);
        }

        private Span rest(Span span) {
            return new Span(span.steps - steps, span.stepsPerEpoch);
        }
    }

    /**
     * Reads {@code constant}, {@code step:EVERY} or {@code step:EVERY,FACTOR}, {@code inverse-time:DECAY}, {@code cosine}
     * or {@code adaptive}, the latter perhaps with {@code :TOLERANCE}.
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
                "constant, step:EVERY[,FACTOR], inverse-time:DECAY, cosine or adaptive[:TOLERANCE]",
                reason);
    }
}
