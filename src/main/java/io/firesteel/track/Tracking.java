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
 * Records the runs of a command: in a file of JSON lines, for TensorBoard, on an MLflow server. Each place has a queue of events and a
 * thread of its own, so that none can slow down or end a training. One thread starts runs and takes steps; another one may close this.
 */
public final class Tracking implements AutoCloseable {
    private static final long LAST_MILLIS = 10_000;
    private static final long LAST_MILLIS_AT_SHUTDOWN = 5_000;

    private final List<EventQueue> queues = new ArrayList<>();
    private final Map<RunName, RunEvent.FinalEpochs> open = new LinkedHashMap<>(); // runs that have not ended
    private final Thread onShutdown = new Thread(this::kill, "end of tracking");
    private final long lastMillis;
    private HistoryRecorder recorder; // of the current training; null for none
    private RunName trained; // the run that it belongs to
    private boolean isOfRefit;
    private boolean isClosed;

    /**
     * @param lastMillis to write what is left at the end
     */
    private Tracking(List<Tracker> trackers, Consumer<String> warn, long lastMillis) {
        this.lastMillis = lastMillis;
        trackers.forEach(tracker -> queues.add(new EventQueue(tracker, warn)));
        if (isOn()) {
            Runtime.getRuntime().addShutdownHook(onShutdown);
        }
    }

    /**
     * Checks that the places are valid and can be written to; writes nothing.
     *
     * @param overwrite whether what is there may be replaced
     * @throws UserError when one of them is not, or cannot
     */
    public static void check(TrackingPlaces places, boolean overwrite) {
        List<Tracker> unused = trackers(places, overwrite, line -> {});
    }

    /**
     * Gets ready to record runs. Nothing is written or replaced before a training starts.
     *
     * @param overwrite whether what is there may be replaced
     * @param warn receives a line when a place cannot be written to, by any thread
     * @throws UserError when a place is not valid, or cannot be written to
     */
    public static Tracking open(TrackingPlaces places, boolean overwrite, Consumer<String> warn) {
        return open(places, overwrite, warn, LAST_MILLIS);
    }

    static Tracking open(TrackingPlaces places, boolean overwrite, Consumer<String> warn, long lastMillis) {
        return new Tracking(trackers(places, overwrite, warn), warn, lastMillis);
    }

    private static List<Tracker> trackers(TrackingPlaces places, boolean overwrite, Consumer<String> warn) {
        boolean isResumed = places.resumed() != null;
        List<Tracker> trackers = new ArrayList<>();
        if (places.history() != null) {
            trackers.add(new JsonLines(places.history(), overwrite, isResumed));
        }
        if (places.tensorboard() != null) {
            trackers.add(new TensorBoard(places.tensorboard(), overwrite, isResumed, places.checkpoint() != null));
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

    /** Returns whether runs are recorded anywhere. */
    public boolean isOn() {
        return !queues.isEmpty();
    }

    /**
     * Starts a run and the runs above it, unless they have started.
     *
     * @param varied the settings in which it differs from the command's other runs; empty where there are no others
     */
    public synchronized void startRun(RunName run, Map<String, String> varied) {
        if (isClosed || open.containsKey(run)) {
            return;
        }
        if (run.parent() != null) {
            startRun(run.parent(), Map.of());
        }
        open.put(run, RunEvent.FinalEpochs.NOTHING);
        publish(new RunEvent.RunStarted(run, System.currentTimeMillis(), Map.copyOf(varied)));
    }

    /**
     * Starts a training of a run, and the run unless it has started. Returns the listener that records its steps.
     *
     * @param before the history of the steps that an earlier process took; empty for none
     */
    public synchronized Trainer.Listener startTraining(RunName run, Facts facts, List<Step> before) {
        endTraining();
        startRun(run, Map.of());
        publish(new RunEvent.TrainingStarted(run, facts));
        trained = run;
        isOfRefit = facts.isRefit();
        recorder = new HistoryRecorder(facts, before, point -> publish(new RunEvent.PointAdded(run, point)));
        return recorder;
    }

    /** Starts a run whose own training has ended in an earlier process, with this result: a refit follows. */
    public synchronized void skipTraining(RunName run, Facts facts, Trainer.Result result) {
        startRun(run, Map.of());
        int last = result.history().get(result.history().size() - 1).step();
        Integer best = facts.heldOutRows() == 0 ? null : HistoryPoint.epoch(facts, result.step());
        open.replace(run, new RunEvent.FinalEpochs(HistoryPoint.epoch(facts, last), best));
    }

    /** Ends a run; the runs below it must have ended. */
    public synchronized void endRun(RunName run, Ending ending) {
        if (!open.containsKey(run)) {
            return;
        }
        endTraining();
        publish(new RunEvent.RunEnded(run, System.currentTimeMillis(), ending, open.remove(run)));
    }

    /** Ends the current training, if there is one, and records its last point. */
    public synchronized void endTraining() {
        if (recorder != null) {
            recorder.close();
            if (!isOfRefit) {
                open.replace(trained, recorder.finalEpochs());
            }
            recorder = null;
        }
    }

    private synchronized void publish(RunEvent event) {
        if (!isClosed) {
            queues.forEach(queue -> queue.add(event));
        }
    }

    /** Ends the runs that have not ended as failed, and waits until all is written, for some seconds at most. */
    @Override
    public void close() {
        if (isOn() && !isClosed) {
            endTraining();
            close(Status.FAILED, lastMillis);
            try {
                Runtime.getRuntime().removeShutdownHook(onShutdown);
            } catch (IllegalStateException e) {
                return; // the process ends meanwhile; the hook finds nothing to do
            }
        }
    }

    /** Ends the runs that have not ended as killed: the process ends. */
    private void kill() {
        close(Status.KILLED, LAST_MILLIS_AT_SHUTDOWN);
    }

    private void close(Status status, long millis) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            List<RunName> left = new ArrayList<>(open.keySet());
            for (int i = left.size() - 1; i >= 0; i--) { // parts first
                publish(new RunEvent.RunEnded(
                        left.get(i), System.currentTimeMillis(), new Ending(status), open.get(left.get(i))));
            }
            open.clear();
            isClosed = true;
        }
        queues.forEach(EventQueue::finish);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (EventQueue queue : queues) {
                queue.await(TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()), millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
