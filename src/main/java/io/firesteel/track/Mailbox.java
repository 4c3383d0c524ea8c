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
    private static final long RETRY_MILLIS = 250; // at the end
    private static final long LEAVING_MILLIS = 500; // once it was interrupted

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
        if (news instanceof News.Went went && !went.point().isLast() && queue.size() >= MOST_POINTS) {
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
            while (tracker.unsent(List.of()) != null) {
                Thread.sleep(RETRY_MILLIS);
                tracker.take(List.of(), true);
            }
            sayDropped();
        } catch (InterruptedException e) {
            sayUnsent(); // the time is over
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            hasFailed = true;
            queue.clear();
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            warn.accept(
                    tracker.name() + ": " + OneLine.of(reason, LONGEST_REASON) + "; the training goes on without it");
        }
    }

    private void sayDropped() {
        long left = lost.get() + tracker.dropped();
        if (left > 0) {
            warn.accept(tracker.name() + ": " + left + " points are left out, since writing was slower than training");
        }
    }

    private void sayUnsent() {
        List<News> more = new ArrayList<>();
        queue.drainTo(more);
        Tracker.Unsent unsent = tracker.unsent(more);
        if (unsent != null) {
            String what = unsent.points() == 0
                    ? "the end of the run was not sent"
                    : unsent.points() + " points were not sent to " + unsent.to();
            warn.accept(tracker.name() + ": " + what + ": " + OneLine.of(unsent.reason(), LONGEST_REASON));
        }
        sayDropped();
    }

    /** Asks for the end, once all news is written. */
    void finish() {
        closing.countDown();
    }

    /**
     * Waits for the end.
     *
     * @param millis for so long at most
     * @param total for how long all that wait together do
     */
    void await(long millis, long total) throws InterruptedException {
        thread.join(Math.max(1, millis));
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(LEAVING_MILLIS);
        }
        if (thread.isAlive()) {
            warn.accept(tracker.name() + ": stopped waiting after " + Math.round(total / 1e3)
                    + " s; the end of the run is missing");
        }
    }
}
