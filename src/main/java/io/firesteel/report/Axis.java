package io.firesteel.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The axis of a chart.
 *
 * @param label what it shows, with units
 * @param from the value at its beginning
 * @param to the value at its end
 * @param isLog whether equal lengths are equal ratios
 */
record Axis(String label, double from, double to, boolean isLog) {
    private static final int MOST_TICKS = 6;

    /** What rounding may add to a ratio. */
    private static final double SLACK = 1e-9;

    /** A value that is marked, and its text. */
    record Tick(double value, String text) {}

    /** Creates an axis of equal distances between two values. */
    static Axis of(String label, double from, double to) {
        return new Axis(label, from, to > from ? to : from + 1, false);
    }

    /** Creates an axis that begins and ends with a tick and has room for these values. */
    static Axis around(String label, double least, double greatest) {
        double room = greatest > least ? greatest - least : Math.max(1e-12, Math.abs(least));
        double step = step(room);
        return of(label, Math.floor(least / step + 1e-9) * step, Math.ceil(greatest / step - 1e-9) * step);
    }

    /** Creates an axis for losses: of ratios where these differ by more than a factor, and are all above 0. */
    static Axis ofLosses(String label, double least, double greatest) {
        return least > 0 && greatest / least > 8
                ? new Axis(label, least / 1.1, greatest * 1.1, true)
                : around(label, least, greatest);
    }

    /** Returns where a value is, 0 at the beginning and 1 at the end. */
    double place(double value) {
        return isLog
                ? Math.log(Math.max(value, Double.MIN_NORMAL) / from) / Math.log(to / from)
                : (value - from) / (to - from);
    }

    /** Returns the values that are marked. */
    List<Tick> ticks() {
        return isLog ? logTicks() : linearTicks();
    }

    private List<Tick> linearTicks() {
        List<Tick> ticks = new ArrayList<>();
        double step = step(to - from);
        for (double k = Math.ceil(from / step - 1e-6); k * step <= to + 1e-6 * step; k++) {
            ticks.add(new Tick(k * step, text(k * step, step)));
        }
        return ticks;
    }

    private List<Tick> logTicks() {
        List<Tick> ticks = new ArrayList<>();
        boolean few = to / from < 1000;
        for (int exponent = (int) Math.floor(Math.log10(from)); exponent <= Math.log10(to); exponent++) {
            for (int digit : few ? new int[] {1, 2, 5} : new int[] {1}) {
                double value = digit * Math.pow(10, exponent);
                if (value >= from && value <= to) {
                    ticks.add(new Tick(value, Html.digitsText(value)));
                }
            }
        }
        int every = (ticks.size() + 7) / 8;
        return java.util.stream.IntStream.range(0, ticks.size())
                .filter(i -> i % every == 0)
                .mapToObj(ticks::get)
                .toList();
    }

    /** Returns a round distance between ticks, 1, 2 or 5 times a power of ten. */
    private static double step(double length) {
        double least = length / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        return power * (digit <= 1 + SLACK ? 1 : digit <= 2 + SLACK ? 2 : digit <= 5 + SLACK ? 5 : 10);
    }

    private static String text(double value, double step) {
        double size = Math.max(Math.abs(value), step);
        if (value == 0) {
            return "0";
        }
        if (size >= 1e6 && size < 1e9) {
            return String.format(Locale.ROOT, "%s M", Html.digitsText(value / 1e6));
        }
        if (size >= 1e9 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
