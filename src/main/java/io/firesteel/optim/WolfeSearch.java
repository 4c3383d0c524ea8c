package io.firesteel.optim;

/**
 * Looks along a direction for a point that meets the strong Wolfe conditions: with phi(t) = J(theta + t d), phi(t) is at
 * most phi(0) + 1e-4 t phi'(0), and |phi'(t)| at most 0.9 |phi'(0)| (Nocedal and Wright 2006, algorithms 3.5 and 3.6).
 *
 * @param theta where the search starts
 * @param loss J at theta
 * @param gradient dJ/dtheta at theta
 * @param memory what the search works in
 */
record WolfeSearch(Objective objective, double[] theta, double loss, double[] gradient, Memory memory) {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MOST_EVALUATIONS = 20;

    /** Room for theta + t d and for the gradients of two points, the one kept and the one tried. */
    record Memory(double[] theta, double[] one, double[] other) {
        Memory(int parameters) {
            this(new double[parameters], new double[parameters], new double[parameters]);
        }
    }

    /**
     * The point theta + t d.
     *
     * @param phi J there
     * @param slope phi'(t)
     * @param gradient dJ/dtheta there: valid as long as this point is the one that the search keeps
     */
    record Point(double t, double phi, double slope, double[] gradient) {}

    /**
     * Returns a point that meets both conditions; one that is at least low enough if none was found that is also flat
     * enough; null if there is not even such a one. Its gradient is valid until the next search.
     *
     * @param first the t to begin with
     */
    Point along(double[] d, double first) {
        Point origin = new Point(0, loss, Lbfgs.dot(gradient, d), gradient);
        if (!(origin.slope < 0) || Double.isInfinite(first)) {
            return null;
        }
        Point before = origin;
        double t = first;
        for (int evaluations = 1; evaluations <= MOST_EVALUATIONS; evaluations++) {
            Point point = point(d, t, before);
            if (!isLowEnough(origin, point) || (before.t > 0 && point.phi >= before.phi)) {
                return between(origin, d, before, point, evaluations);
            }
            if (isFlatEnough(origin, point)) {
                return point;
            }
            if (point.slope >= 0) {
                return between(origin, d, point, before, evaluations);
            }
            before = point;
            t *= 2;
        }
        return before;
    }

    /**
     * Returns the point that algorithm 3.6 finds.
     *
     * @param low the lowest point so far that is low enough
     * @param high a point beyond a minimum
     */
    private Point between(Point origin, double[] d, Point low, Point high, int evaluations) {
        Point best = low;
        Point end = high;
        for (int i = evaluations; i < MOST_EVALUATIONS; i++) {
            Point point = point(d, inside(best, end), best);
            if (!isLowEnough(origin, point) || point.phi >= best.phi) {
                end = point;
            } else if (isFlatEnough(origin, point)) {
                return point;
            } else {
                end = point.slope * (end.t - best.t) >= 0 ? best : end;
                best = point;
            }
        }
        return best.t == 0 ? null : best;
    }

    private static boolean isLowEnough(Point origin, Point point) {
        return point.phi <= origin.phi + DECREASE * point.t * origin.slope; // false for NaN
    }

    private static boolean isFlatEnough(Point origin, Point point) {
        return Math.abs(point.slope) <= -CURVATURE * origin.slope;
    }

    /**
     * Returns the minimum of the cubic through both ends (equation 3.59), at least a tenth of the interval away from
     * either end.
     */
    private static double inside(Point a, Point b) {
        double width = b.t - a.t;
        double d1 = a.slope + b.slope - 3 * (b.phi - a.phi) / width;
        double d2 = Math.copySign(Math.sqrt(d1 * d1 - a.slope * b.slope), width);
        double part = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
        return a.t + width * (Double.isFinite(part) ? Math.max(0.1, Math.min(part, 0.9)) : 0.5);
    }

    /** Evaluates the objective at theta + t d, where the gradient of one point is kept. */
    private Point point(double[] d, double t, Point kept) {
        double[] there = memory.theta;
        for (int i = 0; i < there.length; i++) {
            there[i] = theta[i] + t * d[i];
        }
        double[] slopes = kept.gradient == memory.one ? memory.other : memory.one;
        double phi = objective.at(there, slopes);
        return new Point(t, phi, Lbfgs.dot(slopes, d), slopes);
    }
}
