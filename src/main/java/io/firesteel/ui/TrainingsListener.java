package io.firesteel.ui;

import io.firesteel.report.WatchedTraining;
import io.firesteel.report.WatchedTraining.Ending;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.State;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;
import scala.runtime.BoxedUnit;

/** Keeps in the store of Spark's own pages what the trainings of an application tell, of the last trainings only. */
final class TrainingsListener extends SparkListener {
    /** More points of a curve would not be seen. */
    static final int MOST_POINTS = 400;

    /** A training takes up to 50 KB. */
    static final int MOST_TRAININGS = 200;

    private final ElementTrackingStore store;
    private final boolean isLive;
    private final Map<Long, Entry> entries = new LinkedHashMap<>(); // in the order of their beginnings

    private static final class Entry {
        private final long number;
        private final Facts facts;
        private final LossCurve losses = new LossCurve(MOST_POINTS);
        private final Measures heldOut = new Measures(MOST_POINTS);
        private State state;
        private Ending ending;

        Entry(long number, Facts facts) {
            this.number = number;
            this.facts = facts;
        }

        StoredTraining stored() {
            return new StoredTraining(
                    new WatchedTraining(number, facts, losses.points(), heldOut.points(), state, ending));
        }
    }

    /**
     * @param isLive whether pages are read meanwhile; else events are of the past, and the store is written when they are over
     */
    TrainingsListener(ElementTrackingStore store, boolean isLive) {
        this.store = store;
        this.isLive = isLive;
        if (!isLive) {
            store.onFlush(() -> {
                entries.values().forEach(this::write);
                return BoxedUnit.UNIT;
            });
        }
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof TrainingEvent news) {
            follow(news);
        }
    }

    private void follow(TrainingEvent news) {
        if (news instanceof TrainingEvent.Began began) {
            entries.put(news.training(), new Entry(news.training(), began.facts()));
            forgetTheOldest();
        }
        Entry entry = entries.get(news.training());
        if (entry == null) {
            return; // it was forgotten, or its beginning was lost where Spark dropped events
        }
        if (news instanceof TrainingEvent.Went went) {
            went.losses().forEach(entry.losses::add);
            went.heldOut().forEach(entry.heldOut::add);
            entry.state = went.state();
        } else if (news instanceof TrainingEvent.Ended ended) {
            entry.ending = ended.ending();
        }
        if (isLive) {
            write(entry);
        }
    }

    private void write(Entry entry) {
        store.write(entry.stored());
    }

    private void forgetTheOldest() {
        if (entries.size() > MOST_TRAININGS) {
            long oldest = entries.keySet().iterator().next();
            entries.remove(oldest);
            if (isLive) {
                store.delete(StoredTraining.class, oldest);
            }
        }
    }
}
