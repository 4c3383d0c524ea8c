package io.firesteel.cli;

import io.firesteel.fit.TrainingListener;
import io.firesteel.model.Metric;
import io.firesteel.model.MetricFormat;
import io.firesteel.model.ModelDescription.Step;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows the progress of a training: on a terminal a bar that is redrawn, elsewhere a plain line from time to time. (The
 * libraries for progress bars bring a terminal library along.)
 */
final class Progress implements TrainingListener.Watch {
    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final int from;
    private final int steps;
    private final Metric metric;
    private final Runnable atEnd;
    private final long start = System.nanoTime();
    private long shown;
    private Step last;
    private String measured = "";
    private boolean pending;

    /**
     * @param out where it is shown
     * @param terminal whether that is a terminal
     * @param from how many steps were taken before
     * @param steps how many there will be at most, with those
     * @param metric what is measured on the rows held out besides the loss; null where none are
     * @param atEnd what is run at its end
     */
    Progress(PrintWriter out, boolean terminal, int from, int steps, Metric metric, Runnable atEnd) {
        this.atEnd = atEnd;
        this.out = out;
        this.terminal = terminal;
        this.from = from;
        this.steps = steps;
        this.metric = metric;
        this.shown = start - LINE_NANOS;
    }

    @Override
    public void onStep(Step step) {
        last = step;
        pending = true;
        if (step.validationLoss() != null) {
            measured = measured(step);
        }
        if (System.nanoTime() - shown >= (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            show();
        }
    }

    /** Returns the last measurement on the validation rows: "  validation 0.1520 accuracy 0.9624". */
    private String measured(Step step) {
        return String.format(Locale.ROOT, "  validation %.6g", step.validationLoss())
                + (step.validationMetric() == null
                        ? ""
                        : " " + metric + " " + MetricFormat.number(step.validationMetric()));
    }

    private void show() {
        int step = last.step();
        shown = System.nanoTime();
        pending = false;
        double seconds = (shown - start) / 1e9;
        double perStep = step <= from ? 0 : seconds / (step - from);
        String state = String.format(
                Locale.ROOT,
                "step %d/%d  loss %.6g%s  %s/step  %s left",
                step,
                steps,
                last.loss(),
                measured,
                duration(perStep),
                step <= from ? "?" : duration(perStep * (steps - step)));
        if (terminal) {
            int full = steps == 0 ? BAR : (int) ((long) BAR * step / steps);
            out.print("\r[" + "=".repeat(full) + " ".repeat(BAR - full) + "] " + state + "\033[K");
        } else {
            out.println(state);
        }
        out.flush();
    }

    /** Shows the last step and ends the bar's line. */
    @Override
    public void close() {
        if (pending) {
            show();
        }
        if (terminal) {
            out.println();
            out.flush();
        }
        atEnd.run();
    }

    /** Returns a time in readable form: 3.2 ms, 4.1 s, 2 min 5 s, 3 h 20 min. */
    static String duration(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1000);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
