package io.firesteel.track;

import io.firesteel.base.UserError;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.track.Ending.Status;
import io.firesteel.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes the runs of a command down where its user wants to see them: in a file, for TensorBoard, on an MLflow server. Each place is
 * written to by a thread of its own: none of them can slow a training down or end it. What begins a run and takes its steps is one
 * thread; the end of the process may come from another.
 */
public final class Tracking implements AutoCloseable {
    private static final long LAST_MILLIS = 10_000;
    private static final long LAST_MILLIS_AT_SHUTDOWN = 5_000;

    private final List<Mailbox> mailboxes = new ArrayList<>();
    private final Map<RunName, News.Reached> open = new LinkedHashMap<>(); // runs under way
    private final Thread onShutdown = new Thread(this::kill, "end of tracking");
    private final long lastMillis;
    private Course course; // of the training under way; null for none
    private RunName trained; // the run that it belongs to
    private boolean isOfRefit;
    private boolean isClosed;

    /**
     * @param lastMillis to write what is left at the end
     */
    private Tracking(List<Tracker> trackers, Consumer<String> warn, long lastMillis) {
        this.lastMillis = lastMillis;
        trackers.forEach(tracker -> mailboxes.add(new Mailbox(tracker, warn)));
        if (isOn()) {
            Runtime.getRuntime().addShutdownHook(onShutdown);
        }
    }

    /**
     * Makes sure that the places can be meant and be written to; writes nothing yet.
     *
     * @param overwrite whether what is there may be replaced
     * @throws UserError when one of them cannot
     */
    public static void check(TrackingPlaces places, boolean overwrite) {
        List<Tracker> unused = trackers(places, overwrite, line -> {});
    }

    /**
     * Gets ready to write runs down. What is in the places stays as it is until a training begins.
     *
     * @param overwrite whether what is there may be replaced
     * @param warn receives a line when a place cannot be written to, by any thread
     * @throws UserError when the places cannot be meant, or not be written to
     */
    public static Tracking open(TrackingPlaces places, boolean overwrite, Consumer<String> warn) {
        return open(places, overwrite, warn, LAST_MILLIS);
    }

    static Tracking open(TrackingPlaces places, boolean overwrite, Consumer<String> warn, long lastMillis) {
        return new Tracking(trackers(places, overwrite, warn), warn, lastMillis);
    }

    private static List<Tracker> trackers(TrackingPlaces places, boolean overwrite, Consumer<String> warn) {
        boolean goesOn = places.resumed() != null;
        List<Tracker> trackers = new ArrayList<>();
        if (places.history() != null) {
            trackers.add(new JsonLines(places.history(), overwrite, goesOn));
        }
        if (places.tensorboard() != null) {
            trackers.add(new TensorBoard(places.tensorboard(), overwrite, goesOn, places.checkpoint() != null));
        }
        if (places.mlflow() != null) {
            trackers.add(new Mlflow(places, System.getenv(), warn));
        }
        return trackers;
    }

    /** Returns the address of a server, its user and password hidden. */
    public static String withoutUser(String uri) {
        return MlflowServer.withoutUser(uri);
    }

    /** Returns whether anything is written down. */
    public boolean isOn() {
        return !mailboxes.isEmpty();
    }

    /**
     * Begins a run, and those that it is a part of, if they have not begun.
     *
     * @param varied the settings by which it differs from other runs; empty where there are no others
     */
    public synchronized void begin(RunName run, Map<String, String> varied) {
        if (isClosed || open.containsKey(run)) {
            return;
        }
        if (run.parent() != null) {
            begin(run.parent(), Map.of());
        }
        open.put(run, News.Reached.NOTHING);
        tell(new News.Began(run, System.currentTimeMillis(), Map.copyOf(varied)));
    }

    /**
     * Begins a training of a run, and the run if it has not begun. Returns who is to be told of its steps.
     *
     * @param before the history of the steps that were taken before, in a process that was stopped; empty for none
     */
    public synchronized Trainer.Listener follow(RunName run, Facts facts, List<Step> before) {
        leaveTraining();
        begin(run, Map.of());
        tell(new News.Described(run, facts));
        trained = run;
        isOfRefit = facts.isRefit();
        course = new Course(facts, before, point -> tell(new News.Went(run, point)));
        return course;
    }

    /** Begins a run whose own training ended in an earlier process, and notes what that came to. */
    public synchronized void passOver(RunName run, Facts facts, Trainer.Result result) {
        begin(run, Map.of());
        int last = result.history().get(result.history().size() - 1).step();
        Integer best = facts.heldOutRows() == 0 ? null : Point.epoch(facts, result.step());
        open.replace(run, new News.Reached(Point.epoch(facts, last), best));
    }

    /** Ends a run; its parts have to be ended before. */
    public synchronized void end(RunName run, Ending ending) {
        if (!open.containsKey(run)) {
            return;
        }
        leaveTraining();
        tell(new News.Ended(run, System.currentTimeMillis(), ending, open.remove(run)));
    }

    /** Tells the last of the training under way, if there is one: it has ended. */
    public synchronized void leaveTraining() {
        if (course != null) {
            course.close();
            if (!isOfRefit) {
                open.replace(trained, course.reached());
            }
            course = null;
        }
    }

    private synchronized void tell(News news) {
        if (!isClosed) {
            mailboxes.forEach(mailbox -> mailbox.add(news));
        }
    }

    /** Ends the runs that have not ended as failed, and waits until all is written, for some seconds at most. */
    @Override
    public void close() {
        if (isOn() && !isClosed) {
            leaveTraining();
            end(Status.FAILED, lastMillis);
            try {
                Runtime.getRuntime().removeShutdownHook(onShutdown);
            } catch (IllegalStateException e) {
                return; // the process ends meanwhile; the hook finds nothing to do
            }
        }
    }

    /** Ends the runs that have not ended as killed: the process ends. */
    private void kill() {
        end(Status.KILLED, LAST_MILLIS_AT_SHUTDOWN);
    }

    private void end(Status status, long millis) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            List<RunName> left = new ArrayList<>(open.keySet());
            for (int i = left.size() - 1; i >= 0; i--) { // parts first
                tell(new News.Ended(
                        left.get(i), System.currentTimeMillis(), new Ending(status), open.get(left.get(i))));
            }
            open.clear();
            isClosed = true;
        }
        mailboxes.forEach(Mailbox::finish);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Mailbox mailbox : mailboxes) {
                mailbox.await(TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()), millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
