package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The history of a training: an entry for each step, or, where an epoch has several steps, an entry for each epoch: the
 * mean of its steps' objectives, at its first step. So it stays short, however small the batches are.
 *
 * <p>The steps of the last two whole epochs, which the tolerance compares, and of the epoch under way have an entry
 * each, so that a resumed training continues as if it had never stopped.
 */
public final class History {
    private static final int COMPARED = 2;

    private final int stepsPerEpoch;
    private final List<Step> entries;
    private int folded; // epochs that have one entry; they come first

    /** Creates a history that continues another one's entries. */
    public History(List<Step> entries, int stepsPerEpoch) {
        this.entries = new ArrayList<>(entries);
        this.stepsPerEpoch = stepsPerEpoch;
        while (stepsPerEpoch > 1
                && folded + 1 < entries.size()
                && entries.get(folded + 1).step() == (folded + 1) * stepsPerEpoch) {
            folded++;
        }
    }

    /** Adds the objective of the next step. */
    public void add(Step step) {
        entries.add(step);
        if (stepsPerEpoch > 1 && (step.step() + 1) / stepsPerEpoch - folded > COMPARED) {
            fold(stepsPerEpoch);
        }
    }

    /** Replaces the first steps that have an entry each by one entry. */
    private void fold(int steps) {
        List<Step> epoch = entries.subList(folded, folded + steps);
        Step first = epoch.get(0); // the only one at which examples held out are measured
        Step mean = new Step(first.step(), meanLoss(epoch), first.validationLoss(), first.validationMetric());
        epoch.clear();
        entries.add(folded++, mean);
    }

    /** Returns the entries after this number of steps. */
    public List<Step> upTo(int steps) {
        return entries.stream().filter(entry -> entry.step() < steps).toList();
    }

    /** Returns the entries of a training that is over: one for each epoch, and the whole objective as the last one. */
    List<Step> closed(Step last) {
        History all = new History(entries, stepsPerEpoch);
        while (stepsPerEpoch > 1 && all.folded < all.entries.size()) {
            all.fold(Math.min(stepsPerEpoch, all.entries.size() - all.folded));
        }
        all.entries.add(last);
        return List.copyOf(all.entries);
    }

    /** Returns whether an epoch has just ended that improves on the one before by less than this fraction. */
    boolean improvesTooLittle(double tolerance) {
        int end = entries.size();
        if (end < folded + COMPARED * stepsPerEpoch || (end - folded) % stepsPerEpoch != 0) {
            return false;
        }
        double before = meanLoss(entries.subList(end - 2 * stepsPerEpoch, end - stepsPerEpoch));
        double now = meanLoss(entries.subList(end - stepsPerEpoch, end));
        return before - now < tolerance * Math.abs(before);
    }

    private static double meanLoss(List<Step> steps) {
        double sum = 0;
        for (Step step : steps) {
            sum += step.loss();
        }
        return sum / steps.size();
    }
}
