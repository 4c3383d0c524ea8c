package io.firesteel.optim;

import java.util.Map;

/**
 * A descent whose learning rate follows a schedule.
 *
 * @param descent with the rate that the schedule's factors multiply
 * @param span the steps that the schedule is for
 */
public record Scheduled(Descent descent, Schedule schedule, Schedule.Span span) implements Optimizer {
    @Override
    public State resume(Snapshot snapshot) {
        return new DescentState(snapshot);
    }

    private final class DescentState extends State {
        private final Descent.Memory memory;
        private final Schedule.State pace = schedule.start(span);
        private double lastRate = Double.NaN;

        DescentState(Snapshot from) {
            super(from);
            memory = descent.memory(from.theta().length);
            if (from.step() > 0) {
                from.copyInto(memory.vectors());
                pace.restore(from.numbers());
            }
        }

        @Override
        Runnable move(Objective objective, double loss) {
            double rate = descent.learningRate() * pace.factor(step());
            return () -> {
                lastRate = rate;
                objective
                        .slices()
                        .each(theta().length, (from, to) -> memory.move(theta(), gradient(), rate, step(), from, to));
                pace.after(step(), loss);
            };
        }

        @Override
        public double learningRate() {
            return lastRate;
        }

        @Override
        Map<String, double[]> vectors() {
            return memory.vectors();
        }

        @Override
        Map<String, Double> numbers() {
            return pace.numbers();
        }
    }
}
