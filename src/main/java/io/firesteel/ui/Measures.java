package io.firesteel.ui;

import io.firesteel.report.WatchedTraining.Measure;
import java.util.ArrayList;
import java.util.List;

/** What was measured on the rows held out: at most this many points; where there were more, at equal distances. */
final class Measures {
    private final int most;
    private final List<Measure> kept = new ArrayList<>(); // each of them the first of this many
    private int every = 1;
    private long count;
    private Measure last; // which is always a point

    /** Creates an empty curve of at most this many points, 3 or more. */
    Measures(int most) {
        this.most = most;
    }

    /** Adds what follows. */
    void add(Measure measure) {
        last = measure;
        if (count++ % every == 0) {
            kept.add(measure);
        }
        if (kept.size() == most) {
            every *= 2;
            List<Measure> all = List.copyOf(kept);
            kept.clear();
            for (int i = 0; i < all.size(); i += 2) {
                kept.add(all.get(i));
            }
        }
    }

    /** Returns the points, in order. */
    List<Measure> points() {
        List<Measure> points = new ArrayList<>(kept);
        if (last != null && points.get(points.size() - 1).step() != last.step()) {
            points.add(last);
        }
        return List.copyOf(points);
    }
}
