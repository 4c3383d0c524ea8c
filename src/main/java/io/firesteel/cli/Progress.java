package io.firesteel.cli;

import io.firesteel.fit.Fitting;
import io.firesteel.model.Metric;
import io.firesteel.model.MetricFormat;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Shows the progress of a training: on a terminal a line that moves, with a line that stays now and then; elsewhere those that
 * stay. (The libraries for progress bars bring a terminal library along.)
 */
final class Progress implements Trainer.Listener {
    private static final int NARROWEST_BAR = 6;
    private static final int WIDEST_BAR = 24;
    private static final int FEW_EPOCHS = 12;
    private static final int FIRST_STEPS = 20;
    private static final double REDRAW_SECONDS = 0.1;
    private static final double FIRST_LINE_SECONDS = 1;
    private static final double LEAST_GAP_SECONDS = 5;
    private static final double GREATEST_GAP_SECONDS = 600;

    private final Screen screen;
    private final Course course;
    private final Runnable atEnd;
    private final LongSupplier clock;
    private final long start;
    private double drawn =
            Double.NEGATIVE_INFINITY; // when the line that moves was last drawn, in seconds from the start
    private double kept; // when the last line that stays was printed
    private boolean keptAny;
    private final StepTime time = new StepTime();

    // What is known of the training:
    private Step last;
    private double epochSum; // of the losses of the epoch's steps so far
    private int epochSteps;
    private double loss; // the mean of the last whole epoch, or of the first one so far
    private String heldOut = "";
    private String metric = "";
    private String best = "";

    /**
     * The length of a training.
     *
     * @param from how many steps were taken before
     * @param steps how many there will be at most, with those
     * @param stepsPerEpoch how many make an epoch
     * @param inEpochs whether epochs are counted, and not steps
     * @param metric what models are compared by on the rows held out; null where none are
     * @param isRefit whether it is a second training, on all rows
     */
    record Course(int from, int steps, int stepsPerEpoch, boolean inEpochs, Metric metric, boolean isRefit) {
        static Course of(Fitting.Prepared training, int from) {
            return new Course(
                    from,
                    training.steps(),
                    training.stepsPerEpoch(),
                    training.countsEpochs(),
                    training.metric(),
                    training.first() != null);
        }

        /** Returns the number of the epoch, or step, that ends after this many steps or later. */
        private int epoch(int step) {
            return (int) ((step + (long) stepsPerEpoch - 1) / stepsPerEpoch);
        }

        private boolean endsEpoch(int step) {
            return step > from && step % stepsPerEpoch == 0;
        }
    }

    /**
     * @param atEnd what is run at the end of the training
     */
    Progress(Screen screen, Course course, Runnable atEnd) {
        this(screen, course, atEnd, System::nanoTime);
    }

    /**
     * @param clock nanoseconds from any time on
     */
    Progress(Screen screen, Course course, Runnable atEnd, LongSupplier clock) {
        this.screen = screen;
        this.course = course;
        this.atEnd = atEnd;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    @Override
    public void onMeasured(Metrics metrics, int bestStep) {
        heldOut = "held out " + MetricFormat.number(metrics.loss());
        Metric shown = course.metric == Metric.LOSS ? MetricFormat.headline(metrics) : course.metric;
        Double value = shown == null ? null : shown.of(metrics);
        metric = value == null ? "" : MetricFormat.name(shown.key()) + " " + String.format(Locale.ROOT, "%.3f", value);
        best = "best @" + course.epoch(bestStep);
    }

    @Override
    public void onStep(Step step) {
        last = step;
        boolean epochEnds = course.endsEpoch(step.step());
        if (course.stepsPerEpoch == 1) {
            loss = step.loss();
        } else if (epochEnds && epochSteps > 0) {
            loss = epochSum / epochSteps;
            epochSum = 0;
            epochSteps = 0;
        }
        epochSum += step.loss();
        epochSteps++;
        if (course.stepsPerEpoch > 1 && step.step() - course.from < course.stepsPerEpoch) {
            loss = epochSum / epochSteps;
        }
        double now = seconds();
        time.note(step.step() - course.from, now);
        if (step.step() == course.steps) {
            return; // the last line is that of onOver
        }
        if (staysNow(now, epochEnds)) {
            keep(all("", left(now)));
            kept = now;
            keptAny = true;
        } else if (screen.isTerminal() && now - drawn >= REDRAW_SECONDS) {
            screen.draw(moving(left(now)));
            drawn = now;
        }
    }

    /**
     * Returns whether a line stays: at the end of each epoch on a terminal where these are few, else about ten times in a
     * training, and at least every ten minutes. Elsewhere than on a terminal that may be in the middle of a long epoch.
     */
    private boolean staysNow(double now, boolean epochEnds) {
        if (screen.isTerminal() && course.inEpochs && course.epoch(course.steps) <= FEW_EPOCHS) {
            return epochEnds;
        }
        int taken = last.step() - course.from;
        if (taken == 0) {
            return false;
        }
        double perStep = now / taken;
        double tenth = perStep * (course.steps - course.from) / 10;
        double gap = keptAny
                ? Math.min(GREATEST_GAP_SECONDS, Math.max(LEAST_GAP_SECONDS, tenth))
                : screen.isTerminal() ? LEAST_GAP_SECONDS : FIRST_LINE_SECONDS;
        boolean longEpoch = now - kept >= LEAST_GAP_SECONDS && perStep * course.stepsPerEpoch > gap;
        return now - kept >= gap && (epochEnds || (longEpoch && !screen.isTerminal()));
    }

    /** Prints a line that stays. */
    private void keep(List<String> parts) {
        screen.println(position() + "  " + joined(parts));
    }

    private static String joined(List<String> parts) {
        return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("  "));
    }

    /** Returns the line that moves: its bar is as wide as there is room for, and what matters less is left out where there is none. */
    private String moving(String left) {
        List<List<String>> choices =
                List.of(all(best, left), all("", left), List.of(lossText(), heldOut, left), List.of(lossText(), left));
        for (List<String> parts : choices) {
            String rest = "] " + joined(parts);
            String head = position() + " [";
            int bar = Math.min(WIDEST_BAR, screen.columns() - head.length() - rest.length());
            if (bar >= NARROWEST_BAR) {
                int full = (int) ((long) bar * last.step() / course.steps);
                return head + "=".repeat(full) + " ".repeat(bar - full) + rest;
            }
        }
        return position() + "  " + lossText();
    }

    /** Returns all that is known, in order; empty texts for what is not. */
    private List<String> all(String bestOne, String left) {
        return List.of(lossText(), heldOut, metric, bestOne, left);
    }

    private String position() {
        return (course.isRefit ? "refit, " : "") + (course.inEpochs ? "epoch " : "step ") + course.epoch(last.step())
                + "/" + course.epoch(course.steps);
    }

    private String lossText() {
        return "loss " + MetricFormat.number(loss);
    }

    /** Returns how long the training will go on at most; empty before that can be told. */
    private String left(double now) {
        int taken = last.step() - course.from;
        boolean known = taken >= Math.max(FIRST_STEPS, course.stepsPerEpoch) || now >= LEAST_GAP_SECONDS;
        return taken == 0 || !known ? "" : Units.rough(time.seconds() * (course.steps - last.step())) + " left";
    }

    private double seconds() {
        return (clock.getAsLong() - start) / 1e9;
    }

    /** Shows where the training ended. */
    @Override
    public void onOver() {
        if (last != null) {
            loss = last.loss(); // the whole objective
            keep(all(best, ""));
        }
        atEnd.run();
    }
}
