package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * What a training has come through: an entry for each step, or, where an epoch has several steps, for each epoch but the last
 * ones: the mean of its steps' objectives, at its first step. So it stays short, however small the batches are.
 *
 * <p>Of the last two whole epochs, which the tolerance compares, and of the one under way each step has its entry; a training
 * that goes on from here goes on as if never stopped.
 */
public final class History {
    private static final int COMPARED = 2;

    private final int stepsPerEpoch;
    private final List<Step> entries;
    private int folded; // epochs that have one entry; they come first

    /** One that goes on from these entries, which were another's. */
    public History(List<Step> entries, int stepsPerEpoch) {
        this.entries = new ArrayList<>(entries);
        this.stepsPerEpoch = stepsPerEpoch;
        while (stepsPerEpoch > 1
                && folded + 1 < entries.size()
                && entries.get(folded + 1).step() == (folded + 1) * stepsPerEpoch) {
            folded++;
        }
    }

    /** The objective of the next step. */
    public void add(Step step) {
        entries.add(step);
        if (stepsPerEpoch > 1 && (step.step() + 1) / stepsPerEpoch - folded > COMPARED) {
            fold(stepsPerEpoch);
        }
    }

    /** Makes one entry of the first steps that have one each. */
    private void fold(int steps) {
        List<Step> epoch = entries.subList(folded, folded + steps);
        Step first = epoch.get(0); // the only one at which examples held out are measured
        Step mean = new Step(first.step(), meanLoss(epoch), first.validationLoss(), first.validationMetric());
        epoch.clear();
        entries.add(folded++, mean);
    }

    /** The entries after so many steps. */
    public List<Step> upTo(int steps) {
        return entries.stream().filter(entry -> entry.step() < steps).toList();
    }

    /** The entries of a training that is over, with the whole objective as the last one: epochs have one each, all of them. */
    List<Step> closed(Step last) {
        History all = new History(entries, stepsPerEpoch);
        while (stepsPerEpoch > 1 && all.folded < all.entries.size()) {
            all.fold(Math.min(stepsPerEpoch, all.entries.size() - all.folded));
        }
        all.entries.add(last);
        return List.copyOf(all.entries);
    }

    /** Whether an epoch has just ended that improves on the one before by less than this part of it. */
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
