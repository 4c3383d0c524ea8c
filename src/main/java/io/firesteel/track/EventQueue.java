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

/**
 * A queue of events between a training and a tracker. A thread of its own hands them to the tracker once a second, so that adding an event
 * never waits, and never fails if the tracker does.
 */
final class EventQueue {
    private static final long PERIOD_MILLIS = 1000;
    private static final int MOST_POINTS = 50_000; // waiting
    private static final int LONGEST_REASON = 300;
    private static final long RETRY_MILLIS = 250; // at the end
    private static final long LEAVING_MILLIS = 500; // once it was interrupted

    private final Tracker tracker;
    private final Consumer<String> warn;
    private final BlockingQueue<RunEvent> queue = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean hasFailed;
    private final AtomicLong lost = new AtomicLong(); // number of points dropped

    /**
     * @param warn receives a line if the tracker fails
     */
    EventQueue(Tracker tracker, Consumer<String> warn) {
        this.tracker = tracker;
        this.warn = warn;
        thread = new Thread(this::run, "tracking");
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds an event. If too many are waiting, points are dropped, and no other events. One thread at a time may call it. */
    void add(RunEvent event) {
        if (hasFailed) {
            return;
        }
        if (event instanceof RunEvent.PointAdded added && !added.point().isLast() && queue.size() >= MOST_POINTS) {
            lost.incrementAndGet();
        } else {
            queue.add(event);
        }
    }

    private void run() {
        try (tracker) {
            boolean isLast;
            do {
                isLast = closing.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
                List<RunEvent> events = new ArrayList<>();
                queue.drainTo(events);
                tracker.write(events, isLast);
            } while (!isLast);
            while (tracker.unsent(List.of()) != null) {
                Thread.sleep(RETRY_MILLIS);
                tracker.write(List.of(), true);
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
        List<RunEvent> left = new ArrayList<>();
        queue.drainTo(left);
        Tracker.Unsent unsent = tracker.unsent(left);
        if (unsent != null) {
            String what = unsent.points() == 0
                    ? "the end of the run was not sent"
                    : unsent.points() + " points were not sent to " + unsent.to();
            warn.accept(tracker.name() + ": " + what + ": " + OneLine.of(unsent.reason(), LONGEST_REASON));
        }
        sayDropped();
    }

    /** Ends the thread as soon as all events are written. */
    void finish() {
        closing.countDown();
    }

    /**
     * Waits for the thread to end.
     *
     * @param millis the longest time to wait
     * @param total the time that all queues together have, for the warning
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
