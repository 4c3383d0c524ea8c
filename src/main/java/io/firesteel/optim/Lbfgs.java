package io.firesteel.optim;

import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * L-BFGS: steps along -H dJ/dtheta, where H is the inverse Hessian that the last steps s and the changes y of the gradient
 * over them imply (Nocedal and Wright 2006, algorithms 7.4 and 7.5), as far as {@link WolfeSearch} says. A step usually takes
 * one evaluation.
 *
 * <p>Once no direction leads down any more, theta stays and nothing is evaluated.
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
    public State resume(Snapshot snapshot) {
        return new LbfgsState(snapshot);
    }

    /** A step s = theta' - theta and the change y of the gradient over it, with the products that every later step needs. */
    private static final class Pair {
        private final double[] s;
        private final double[] y;
        private double sy;
        private double yy;

        Pair(double[] s, double[] y) {
            this.s = s;
            this.y = y;
            multiply();
        }

        void multiply() {
            sy = dot(s, y);
            yy = dot(y, y);
        }
    }

    private final class LbfgsState extends State {
        private final double[] direction;
        private final double[] alpha = new double[memory];
        private final WolfeSearch.Memory search;
        private final List<Pair> pairs = new ArrayList<>(); // the oldest first
        private Pair spare;
        private boolean isKnown; // whether the gradient is that at theta; the objective there is:
        private double value;
        private boolean isAtEnd;

        LbfgsState(Snapshot from) {
            super(from);
            int parameters = from.theta().length;
            direction = new double[parameters];
            search = new WolfeSearch.Memory(parameters);
            spare = new Pair(new double[parameters], new double[parameters]);
            if (from.step() > 0) {
                restore(from);
            }
        }

        private void restore(Snapshot from) {
            Set<String> names = new HashSet<>(Set.of(GRADIENT));
            for (int i = 0; from.vectors().containsKey("s" + i); i++) {
                names.add("s" + i);
                names.add("y" + i);
            }
            Snapshot.expectNames("vectors", names, from.vectors().keySet());
            isAtEnd = from.numbers().containsKey(END);
            Snapshot.expectNames(
                    "numbers",
                    isAtEnd ? Set.of(VALUE, END) : Set.of(VALUE),
                    from.numbers().keySet());
            int count = names.size() / 2;
            if (count > memory) {
                throw new UserError(
                        "the optimiser's state remembers " + count + " steps: this L-BFGS remembers " + memory);
            }
            for (int i = 0; i < count; i++) {
                pairs.add(new Pair(
                        from.vector("s" + i).clone(), from.vector("y" + i).clone()));
            }
            System.arraycopy(from.vector(GRADIENT), 0, gradient(), 0, gradient().length);
            value = from.numbers().get(VALUE);
            isKnown = true;
        }

        /** Evaluates the objective, unless the last line search has done so at theta already. */
        @Override
        double evaluate(Objective objective) {
            if (!isKnown) {
                double loss = objective.at(theta(), gradient());
                synchronized (this) {
                    value = loss;
                    isKnown = true;
                }
            }
            return value;
        }

        @Override
        Runnable move(Objective objective, double loss) {
            if (isAtEnd) {
                return () -> {};
            }
            WolfeSearch wolfe = new WolfeSearch(objective, theta(), loss, gradient(), search);
            setDirection(pairs);
            WolfeSearch.Point point = wolfe.along(direction, pairs.isEmpty() ? 1 / norm(gradient()) : 1);
            boolean forget = point == null && !pairs.isEmpty();
            if (forget) { // what is remembered misleads
                setDirection(List.of());
                point = wolfe.along(direction, 1 / norm(gradient()));
            }
            WolfeSearch.Point found = point;
            return found == null
                    ? () -> {
                        pairs.clear();
                        isAtEnd = true;
                    }
                    : () -> moveTo(found, forget);
        }

        private void moveTo(WolfeSearch.Point point, boolean forget) {
            if (forget) {
                pairs.clear();
            }
            double[] theta = theta();
            double[] gradient = gradient();
            for (int i = 0; i < theta.length; i++) {
                double there = theta[i] + point.t() * direction[i];
                spare.s[i] = there - theta[i];
                spare.y[i] = point.gradient()[i] - gradient[i];
                theta[i] = there;
            }
            System.arraycopy(point.gradient(), 0, gradient, 0, gradient.length);
            value = point.phi();
            spare.multiply();
            if (spare.sy > 0x1p-52 * spare.yy) { // the objective is curved along s
                pairs.add(spare);
                spare = pairs.size() > memory
                        ? pairs.remove(0)
                        : new Pair(new double[theta.length], new double[theta.length]);
            }
        }

        /** Sets the direction to -H gradient, by the two loops of algorithm 7.4; without pairs to -gradient. */
        private void setDirection(List<Pair> remembered) {
            double[] q = direction;
            System.arraycopy(gradient(), 0, q, 0, q.length);
            for (int i = remembered.size() - 1; i >= 0; i--) {
                Pair pair = remembered.get(i);
                alpha[i] = dot(pair.s, q) / pair.sy;
                add(q, -alpha[i], pair.y);
            }
            double scale = -1;
            if (!remembered.isEmpty()) {
                Pair last = remembered.get(remembered.size() - 1);
                scale = -last.sy / last.yy; // equation 7.20, with the minus of -H
            }
            for (int i = 0; i < q.length; i++) {
                q[i] *= scale;
            }
            for (int i = 0; i < remembered.size(); i++) {
                Pair pair = remembered.get(i);
                add(q, -alpha[i] - dot(pair.y, q) / pair.sy, pair.s);
            }
        }

        @Override
        Map<String, double[]> vectors() {
            Map<String, double[]> vectors = new HashMap<>();
            if (isKnown) {
                vectors.put(GRADIENT, gradient());
            }
            for (int i = 0; i < pairs.size(); i++) {
                vectors.put("s" + i, pairs.get(i).s);
                vectors.put("y" + i, pairs.get(i).y);
            }
            return vectors;
        }

        @Override
        Map<String, Double> numbers() {
            if (!isKnown) {
                return Map.of();
            }
            return isAtEnd ? Map.of(VALUE, value, END, 1.0) : Map.of(VALUE, value);
        }
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

    /** Adds in place: a := a + factor b. */
    private static void add(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }
}
