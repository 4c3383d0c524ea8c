package io.firesteel.optim;

/**
 * A rule whose learning rate follows a schedule. What the schedule remembers are the numbers of the state, of which the rule
 * has none.
 *
 * @param rule with the rate that the schedule's factors multiply
 * @param span the steps that it is for
 */
public record Scheduled(Descent rule, Schedule schedule, Schedule.Span span) implements Optimizer {
    @Override
    public State start(double[] theta) {
        return rule.start(theta);
    }

    @Override
    public State next(State state, Objective objective) {
        double rate = rule.learningRate() * schedule.factor(state.step(), span, state.numbers());
        // No rule takes a rate of 0, which a factor far down the schedule rounds to.
        State next = rule.withLearningRate(Math.max(rate, Double.MIN_VALUE)).next(state, objective);
        return new State(
                next.step(),
                next.theta(),
                next.slots(),
                schedule.memory(state.numbers(), state.step(), span, next.loss()),
                next.loss());
    }
}
