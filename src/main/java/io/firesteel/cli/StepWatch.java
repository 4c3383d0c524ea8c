package io.firesteel.cli;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.util.ThreadUtils;

/** Says, when a training on a cluster stands still, since when it does and which executors it waits for. */
final class StepWatch implements Trainer.Listener {
    /** A step may take so long, */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** and this many times as long as those before. */
    private static final int MUCH_LONGER = 10;

    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TICK_SECONDS = 1;

    private final Supplier<String> waitingFor;
    private final Consumer<String> say;
    private final LongSupplier clock;
    private final long start;
    private final ScheduledExecutorService timer = ThreadUtils.newDaemonSingleThreadScheduledExecutor("step watch");
    private long last; // when a step ended; at first the start
    private int steps; // that have ended
    private long said; // when it said something of this step; 0 if it has not

    /**
     * Begins to watch.
     *
     * @param waitingFor what the training waits for, which may be empty
     */
    StepWatch(Supplier<String> waitingFor, Consumer<String> say) {
        this(waitingFor, say, System::nanoTime);
        Future<?> unused = timer.scheduleWithFixedDelay(this::look, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Looks only when it is told to.
     *
     * @param clock nanoseconds from any time on
     */
    StepWatch(Supplier<String> waitingFor, Consumer<String> say, LongSupplier clock) {
        this.waitingFor = waitingFor;
        this.say = say;
        this.clock = clock;
        start = clock.getAsLong();
        last = start;
    }

    @Override
    public synchronized void onStep(Step step) {
        last = clock.getAsLong();
        steps++;
        said = 0;
    }

    /** Says how long no step has ended, if that is too long and was not said within the last minute. */
    synchronized void look() {
        long now = clock.getAsLong();
        long mean = steps == 0 ? 0 : (last - start) / steps;
        long since = now - last;
        if (since < Math.max(PATIENCE_NANOS, MUCH_LONGER * mean) || (said != 0 && now - said < AGAIN_NANOS)) {
            return;
        }
        said = now;
        LocalTime began =
                LocalTime.now(ZoneId.systemDefault()).minusNanos(since).truncatedTo(ChronoUnit.SECONDS);
        String who = waitingFor.get();
        say.accept("no step has ended for " + Units.duration(since / 1e9) + ", since " + began
                + (who.isEmpty() ? "" : ": waiting for " + who));
    }

    @Override
    public void onOver() {
        timer.shutdownNow();
    }
}
