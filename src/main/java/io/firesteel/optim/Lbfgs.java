package io.firesteel.optim;

import java.util.HashMap;
import java.util.Map;

/**
 * L-BFGS: steps along -H dJ/dtheta, where H is the inverse Hessian that the last steps s and the changes y of the gradient
 * over them imply (Nocedal and Wright 2006, algorithms 7.4 and 7.5), as far as {@link WolfeSearch} says. A step takes one
 * evaluation as a rule.
 *
 * <p>Its state also holds the objective and the gradient at theta, which the search has met there already, and, once no
 * direction leads down any more, a mark that says so: from there theta stays and nothing is evaluated.
 *
 * @param memory how many steps are remembered, positive
 */
public record Lbfgs(int memory) implements Optimizer {
    private static final String VALUE = "value";
    private static final String GRADIENT = "gradient";
    private static final String END = "end";

    public Lbfgs {
        Expect.positive("memory", memory);
    }

    @Override
    public State start(double[] theta) {
        return new State(0, theta.clone(), Map.of(), Map.of(), Double.NaN);
    }

    @Override
    public State next(State state, Objective objective) {
        if (state.numbers().containsKey(END)) {
            return new State(
                    state.step() + 1,
                    state.theta(),
                    state.slots(),
                    state.numbers(),
                    state.numbers().get(VALUE));
        }
        Objective.Value at = state.slots().containsKey(GRADIENT)
                ? new Objective.Value(state.numbers().get(VALUE), state.slots().get(GRADIENT))
                : objective.at(state.theta());
        double[] gradient = at.gradient();
        Map<String, double[]> before = state.slots();
        int pairs = pairs(before);
        WolfeSearch search = new WolfeSearch(objective, state.theta(), at);
        WolfeSearch.Point point = search.along(direction(before, gradient, pairs), pairs == 0 ? 1 / norm(gradient) : 1);
        if (point == null && pairs > 0) { // what is remembered misleads: it is forgotten
            pairs = 0;
            point = search.along(direction(before, gradient, 0), 1 / norm(gradient));
        }
        if (point == null) {
            Map<String, Double> end = Map.of(VALUE, at.loss(), END, 1.0);
            return new State(state.step() + 1, state.theta(), Map.of(GRADIENT, gradient), end, at.loss());
        }
        Map<String, double[]> slots = new HashMap<>();
        slots.put(GRADIENT, point.value().gradient());
        double[] s = difference(point.theta(), state.theta());
        double[] y = difference(point.value().gradient(), gradient);
        boolean curved = dot(s, y) > 0x1p-52 * dot(y, y);
        int dropped = curved && pairs == memory ? 1 : 0;
        for (int i = dropped; i < pairs; i++) {
            slots.put("s" + (i - dropped), before.get("s" + i));
            slots.put("y" + (i - dropped), before.get("y" + i));
        }
        if (curved) {
            slots.put("s" + (pairs - dropped), s);
            slots.put("y" + (pairs - dropped), y);
        }
        Map<String, Double> numbers = Map.of(VALUE, point.value().loss());
        return new State(state.step() + 1, point.theta(), slots, numbers, at.loss());
    }

    /** How many steps are remembered: s0 and y0 of the oldest, and so on. */
    private static int pairs(Map<String, double[]> slots) {
        int pairs = 0;
        while (slots.containsKey("s" + pairs)) {
            pairs++;
        }
        return pairs;
    }

    /** -H gradient, by the two loops of algorithm 7.4; without pairs, -gradient. */
    private static double[] direction(Map<String, double[]> slots, double[] gradient, int pairs) {
        double[] q = gradient.clone();
        double[] alpha = new double[pairs];
        for (int i = pairs - 1; i >= 0; i--) {
            double[] s = slots.get("s" + i);
            double[] y = slots.get("y" + i);
            alpha[i] = dot(s, q) / dot(s, y);
            add(q, -alpha[i], y);
        }
        double scale = -1;
        if (pairs > 0) {
            double[] s = slots.get("s" + (pairs - 1));
            double[] y = slots.get("y" + (pairs - 1));
            scale = -dot(s, y) / dot(y, y); // equation 7.20, with the minus of -H
        }
        for (int i = 0; i < q.length; i++) {
            q[i] *= scale;
        }
        for (int i = 0; i < pairs; i++) {
            double[] s = slots.get("s" + i);
            double[] y = slots.get("y" + i);
            add(q, -alpha[i] - dot(y, q) / dot(s, y), s);
        }
        return q;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** a := a + factor b. */
    private static void add(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = a.clone();
        add(difference, -1, b);
        return difference;
    }
}
