package io.firesteel.ui;

import io.firesteel.report.WatchedTraining.Mean;
import java.util.ArrayList;
import java.util.List;

/** The losses of a training, as means over consecutive steps: never more than so many points, whatever the number of steps. */
final class LossCurve {
    private final int most;
    private final List<Mean> means = new ArrayList<>();
    private long steps;

    /** Creates an empty curve of at most so many points, 4 or more. */
    LossCurve(int most) {
        this.most = most;
    }

    /** Adds what follows. */
    void add(Mean mean) {
        means.add(mean);
        steps += mean.steps();
        if (means.size() > most) {
            thin();
        }
    }

    /** Returns the points, in order; the last one is as it was added. */
    List<Mean> points() {
        return List.copyOf(means);
    }

    /** Joins neighbours into means over equally many steps, about, all but the last: half of the points are left, or fewer. */
    private void thin() {
        long width = (4 * steps + most - 1) / most; // two neighbours that stay apart have more steps than this
        Mean last = means.remove(means.size() - 1);
        List<Mean> all = List.copyOf(means);
        means.clear();
        Mean open = all.get(0);
        for (Mean mean : all.subList(1, all.size())) {
            if (open.steps() + mean.steps() <= width) {
                open = joined(open, mean);
            } else {
                means.add(open);
                open = mean;
            }
        }
        means.add(open);
        means.add(last);
    }

    private static Mean joined(Mean a, Mean b) {
        int steps = a.steps() + b.steps();
        double loss = a.loss() + (b.loss() - a.loss()) * b.steps() / steps;
        return new Mean(a.step(), steps, loss, b.rate());
    }
}
