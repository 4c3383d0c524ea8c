package io.firesteel.track;

import io.firesteel.base.OneLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Hands news to a tracker from a thread of its own, once a second: adding news never waits, and never fails because the tracker does. */
final class Mailbox {
    private static final long PERIOD_MILLIS = 1000;
    private static final int MOST_POINTS = 50_000; // waiting
    private static final int LONGEST_REASON = 300;

    private final Tracker tracker;
    private final Consumer<String> warn;
    private final BlockingQueue<News> queue = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean hasFailed;
    private final AtomicLong lost = new AtomicLong(); // points that found no place

    /**
     * @param warn receives a line if the tracker fails
     */
    Mailbox(Tracker tracker, Consumer<String> warn) {
        this.tracker = tracker;
        this.warn = warn;
        thread = new Thread(this::run, "tracking");
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds news; only points may be left out, when too many wait. One thread at a time. */
    void add(News news) {
        if (hasFailed) {
            return;
        }
        if (news instanceof News.Went && queue.size() >= MOST_POINTS) {
            lost.incrementAndGet();
        } else {
            queue.add(news);
        }
    }

    private void run() {
        try (tracker) {
            boolean isLast;
            do {
                isLast = closing.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                List<News> news = new ArrayList<>();
                queue.drainTo(news);
                tracker.take(news, isLast);
            } while (!isLast);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close has said so
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            hasFailed = true;
            queue.clear();
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            warn.accept(
                    tracker.name() + ": " + OneLine.of(reason, LONGEST_REASON) + "; the training goes on without it");
        }
    }

    /** Asks for the end, once all news is written. */
    void finish() {
        closing.countDown();
    }

    /** Waits for the end, for so long at most. */
    void await(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
        if (thread.isAlive()) {
            thread.interrupt();
            warn.accept(tracker.name() + ": not all could be written in time");
        } else if (lost.get() > 0 && !hasFailed) {
            warn.accept(tracker.name() + ": " + lost + " points are left out, since writing was slower than training");
        }
    }
}
