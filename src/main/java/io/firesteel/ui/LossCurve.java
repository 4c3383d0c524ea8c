package io.firesteel.ui;

import io.firesteel.report.WatchedTraining.Mean;
import java.util.ArrayList;
import java.util.List;

/** The losses of a training, as means over consecutive steps: never more than this many points, whatever the number of steps. */
final class LossCurve {
    private final int most;
    private final List<Mean> means = new ArrayList<>(); // of all but the last
    private Mean last;
    private long steps;

    /** Creates an empty curve of at most this many points, 4 or more. */
    LossCurve(int most) {
        this.most = most;
    }

    /** Adds what follows. */
    void add(Mean mean) {
        if (last != null) {
            append(means, last);
        }
        last = mean;
        steps += mean.steps();
        if (means.size() == most) {
            List<Mean> joined = new ArrayList<>();
            means.forEach(one -> append(joined, one));
            means.clear();
            means.addAll(joined);
        }
    }

    /** Returns the points, in order; the last one is as it was added. */
    List<Mean> points() {
        List<Mean> points = new ArrayList<>(means);
        if (last != null) {
            points.add(last);
        }
        return List.copyOf(points);
    }

    /** Appends a mean, or joins it to the one before: two neighbours that stay apart have more steps together than two points' share. */
    private void append(List<Mean> to, Mean mean) {
        Mean before = to.isEmpty() ? null : to.get(to.size() - 1);
        if (before != null && before.steps() + mean.steps() <= 4 * steps / most) {
            to.set(to.size() - 1, joined(before, mean));
        } else {
            to.add(mean);
        }
    }

    private static Mean joined(Mean a, Mean b) {
        int steps = a.steps() + b.steps();
        double loss = a.loss() + (b.loss() - a.loss()) * b.steps() / steps;
        return new Mean(a.step(), steps, loss, b.rate());
    }
}
