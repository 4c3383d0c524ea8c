package io.firesteel.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.report.TrainingPage;
import io.firesteel.report.WatchedTraining;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;

/** The trainings of an application, as the store of Spark's own pages has them, and what the tab answers. */
final class Trainings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KVStore store;
    private final boolean isLive;

    /**
     * @param isLive whether the application runs in this process
     */
    Trainings(KVStore store, boolean isLive) {
        this.store = store;
        this.isLive = isLive;
    }

    /**
     * What the page's script asks for again and again.
     *
     * @param live whether more can be told later
     * @param training the number of the training that the page shows; 0 for none
     * @param trainings how many there were so far
     * @param running whether it goes on
     * @param millis how long it took when it last told
     * @param step the number of steps taken
     * @param steps the maximum number of steps
     * @param loss the last one; null before the first step
     * @param heldOutLoss the last one; null where none was measured
     */
    record Brief(
            boolean live,
            long training,
            long trainings,
            boolean running,
            long millis,
            int step,
            int steps,
            Double loss,
            Double heldOutLoss) {}

    boolean isEmpty() {
        try {
            return store.count(StoredTraining.class) == 0;
        } catch (Exception e) {
            throw unreadable(e);
        }
    }

    /**
     * Returns the page's content.
     *
     * @param asked for the number of a training; null, or anything else, for the newest
     */
    String html(String asked) {
        List<WatchedTraining> all = newestFirst(Long.MAX_VALUE);
        return "<style>" + TrainingPage.style() + "</style>\n"
                + TrainingPage.html(all, shown(asked), System.currentTimeMillis()) + "<script>"
                + resource("training.js") + "</script>";
    }

    /** Returns what the page's script asks for, as JSON. */
    String json(String asked) {
        WatchedTraining shown = shown(asked);
        try {
            return JSON.writeValueAsString(
                    shown == null
                            ? new Brief(isLive, 0, 0, false, 0, 0, 0, null, null)
                            : brief(shown, newest().number()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Brief brief(WatchedTraining shown, long trainings) {
        WatchedTraining.State state = shown.state();
        return new Brief(
                isLive,
                shown.number(),
                trainings,
                shown.ending() == null,
                state == null ? 0 : state.millis(),
                state == null ? shown.facts().from() : state.step(),
                shown.facts().steps(),
                shown.loss(),
                shown.heldOutLoss());
    }

    /** Returns the training of this number; the newest, or null for none, where there is no such training. */
    private WatchedTraining shown(String number) {
        try {
            return told(store.read(StoredTraining.class, Long.valueOf(number)));
        } catch (NumberFormatException | NoSuchElementException e) {
            return newest();
        } catch (Exception e) {
            throw unreadable(e);
        }
    }

    private WatchedTraining newest() {
        List<WatchedTraining> newest = newestFirst(1);
        return newest.isEmpty() ? null : newest.get(0);
    }

    private List<WatchedTraining> newestFirst(long most) {
        List<WatchedTraining> all = new ArrayList<>();
        try (KVStoreIterator<StoredTraining> stored =
                store.view(StoredTraining.class).reverse().max(most).closeableIterator()) {
            stored.forEachRemaining(one -> all.add(told(one)));
        } catch (Exception e) {
            throw unreadable(e);
        }
        return all;
    }

    private WatchedTraining told(StoredTraining stored) {
        return isLive ? stored.training() : stored.training().past();
    }

    private static IllegalStateException unreadable(Exception e) {
        return new IllegalStateException("Spark's store cannot be read", e);
    }

    private static String resource(String name) {
        try (InputStream in = Trainings.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
