package io.firesteel.report;

import io.firesteel.base.Addresses;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training as {@link TrainingPage} shows it, while it runs and afterwards.
 *
 * @param number of the training in its application; they count from 1
 * @param losses the training's own curve, in order
 * @param heldOut what was measured on the rows held out, in order; empty for nothing
 * @param state what the training had reached when it last told; null before the first step
 * @param ending null while it runs
 */
public record WatchedTraining(
        long number, Facts facts, List<Mean> losses, List<Measure> heldOut, State state, Ending ending) {
    /** So many examples are enough to look at the units with. */
    public static final int MOST_ROWS = 128;

    private static final String SILENT = "has not told how it ended";

    public WatchedTraining {
        losses = all(losses);
        heldOut = all(heldOut);
    }

    /** Returns a list that cannot change; an empty one for null, which an event log of an older version may have. */
    private static <T> List<T> all(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** Returns the last loss of the training; null before the first step. */
    public Double loss() {
        return losses.isEmpty() ? null : losses.get(losses.size() - 1).loss();
    }

    /** Returns the last loss on the rows held out; null where none was measured. */
    public Double heldOutLoss() {
        return heldOut.isEmpty() ? null : heldOut.get(heldOut.size() - 1).loss();
    }

    /**
     * Returns the training as a history has it, where nothing runs any more: if it did not tell of its end, as when its
     * process was killed, it ended where it last told.
     */
    public WatchedTraining past() {
        if (ending != null) {
            return this;
        }
        Ending silent = state == null
                ? new Ending(0, facts.from(), null, SILENT)
                : new Ending(state.millis(), state.step(), null, SILENT);
        return new WatchedTraining(number, facts, losses, heldOut, state, silent);
    }

    /**
     * What is known of a training before its first step.
     *
     * @param start when it began, in milliseconds since 1970
     * @param labels the target columns; the first of them only where there are very many
     * @param targets the number of target columns
     * @param network in a line
     * @param place where the steps are computed
     * @param rows the number of rows that it trains on
     * @param heldOutRows the number of rows that it measures itself on
     * @param from the number of steps that were taken before
     * @param steps the maximum number of steps, with those
     * @param stepsPerEpoch the number of steps of an epoch
     * @param metric the metric that is measured on the rows held out; null where none is, or it is the loss
     * @param isRefit whether it is a second training, on all rows
     * @param settings by key, as models note them
     */
    public record Facts(
            long start,
            String task,
            List<String> labels,
            int targets,
            String network,
            String place,
            long rows,
            long heldOutRows,
            int from,
            int steps,
            int stepsPerEpoch,
            String metric,
            boolean isRefit,
            Map<String, String> settings) {
        private static final int LONGEST = 1000;
        private static final int MOST_LABELS = 100;

        /** Cuts what is longer than anybody reads, such as thousands of columns, and hides users and passwords in URIs. */
        public Facts {
            targets = Math.max(targets, all(labels).size());
            labels = all(labels).stream().limit(MOST_LABELS).map(Facts::cut).toList();
            Map<String, String> shown = new TreeMap<>(settings == null ? Map.of() : settings);
            shown.replaceAll((key, value) -> cut(Addresses.withoutUser(value)));
            settings = Collections.unmodifiableMap(shown);
        }

        private static String cut(String text) {
            if (text.length() <= LONGEST + 1) {
                return text;
            }
            boolean isInACharacter = Character.isHighSurrogate(text.charAt(LONGEST - 1));
            return text.substring(0, isInACharacter ? LONGEST - 1 : LONGEST) + "\u2026";
        }
    }

    /**
     * The mean objective over some consecutive steps.
     *
     * @param step the number of steps taken before the first of them
     * @param steps the number of steps
     * @param loss the mean of the objective before each of them
     * @param rate the learning rate of the last of them; null where there is none
     */
    public record Mean(int step, int steps, double loss, Double rate) {
        /** Returns the middle of the steps. */
        double middle() {
            return step + (steps - 1) / 2.0;
        }
    }

    /**
     * What was measured on the rows held out.
     *
     * @param step the number of steps taken before
     * @param metric null where it is the loss
     */
    public record Measure(int step, double loss, Double metric) {}

    /**
     * What a training has reached.
     *
     * @param millis since it began
     * @param step the number of steps taken
     * @param bestStep after how many steps the metric was best; null where none is measured
     */
    public record State(long millis, int step, Integer bestStep, Times times, List<Layer> layers) {
        public State {
            times = times == null ? new Times(0, 0, 0) : times;
            layers = all(layers);
        }
    }

    /**
     * Where the time of the steps went, in nanoseconds, along the slowest task of each.
     *
     * @param total of all steps
     * @param products of that, in matrix products
     * @param restOfTask of that, in the rest of the task
     */
    public record Times(long total, long products, long restOfTask) {}

    /**
     * What is known of the layers whose tensors have a number in common, such as W1 and b1.
     *
     * @param tensors their names
     * @param gradientNorm the Euclidean norm of the gradient of all of them
     * @param saturated the part of the hidden units that are saturated for more than half of some rows; null for other layers
     * @param dead the part of the hidden units that are 0 for each of these rows; null for other layers
     */
    public record Layer(List<String> tensors, double gradientNorm, Double saturated, Double dead) {
        public Layer {
            tensors = all(tensors);
        }
    }

    /**
     * How a training ended.
     *
     * @param millis since it began
     * @param step the number of steps taken
     * @param keptStep the number of steps after which the weights were kept; null for a training that failed
     * @param reason in a word or two
     */
    public record Ending(long millis, int step, Integer keptStep, String reason) {}
}
