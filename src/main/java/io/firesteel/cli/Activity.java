package io.firesteel.cli;

import io.firesteel.table.Table;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.StageData;
import org.apache.spark.util.ThreadUtils;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Says what a command does while it prints nothing else: on a terminal in a line that is redrawn, elsewhere in a plain line from
 * time to time.
 */
final class Activity implements AutoCloseable {
    private static final long FIRST_MILLIS = 100;
    private static final long TICK_MILLIS = 500;
    private static final long QUIET_NANOS = 800_000_000L;
    private static final long LINE_NANOS = 30_000_000_000L;

    private final Screen screen;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = ThreadUtils.newDaemonSingleThreadScheduledExecutor("activity");
    private long said; // when something was last printed by anybody
    private boolean drawn; // whether the line is on the terminal
    private boolean paused;
    private SparkContext spark; // null before it has started
    private String table = "rows"; // what is read

    Activity(Screen screen) {
        this.screen = screen;
        said = screen.isTerminal() ? start - QUIET_NANOS : start; // on a terminal at once
        Future<?> unused = timer.scheduleWithFixedDelay(this::tick, FIRST_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Notes that Spark has started, whose stages are shown from now on. */
    synchronized void started(SparkContext context) {
        spark = context;
    }

    /** Notes which table is read from now on. */
    synchronized void reading(Table read) {
        table = read.path()
                + (read.fileCount() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%s%.1f MB)",
                                read.fileCount() == 1 ? "" : read.fileCount() + " files, ",
                                read.byteCount() / 1e6));
    }

    /** Clears the line, since something else is about to be printed. */
    synchronized void clear() {
        if (drawn) {
            screen.clear();
            drawn = false;
        }
        said = System.nanoTime();
    }

    /** Says nothing from now on, since something else shows what happens; or does so again. */
    synchronized void pause(boolean silent) {
        clear();
        paused = silent;
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        if (paused || (!drawn && now - said < (screen.isTerminal() ? QUIET_NANOS : LINE_NANOS))) {
            return;
        }
        String text = spark == null ? "starting Spark" : ofStages();
        String line = String.format(Locale.ROOT, "%s, %s", text, Units.duration((now - start) / 1e9));
        if (screen.isTerminal()) {
            screen.draw(line);
            drawn = true;
        } else {
            screen.println(line);
            said = now;
        }
    }

    /** Returns how far Spark's stages are, and what they have read. */
    private String ofStages() {
        int tasks = 0;
        int done = 0;
        long bytes = 0;
        long rows = 0;
        long since = System.currentTimeMillis();
        for (StageData stage : CollectionConverters.asJava(spark.statusStore().activeStages())) {
            tasks += stage.numTasks();
            done += stage.numCompleteTasks();
            bytes += stage.inputBytes();
            rows += stage.inputRecords();
            since = stage.submissionTime().isEmpty()
                    ? since
                    : Math.min(since, stage.submissionTime().get().toInstant().toEpochMilli());
        }
        double seconds = (System.currentTimeMillis() - since) / 1e3;
        return tasks == 0 ? "working" : text(table, done, tasks, bytes, rows, seconds);
    }

    /**
     * Returns what is said of stages.
     *
     * @param table what is read
     * @param seconds since the first of them began
     */
    static String text(String table, int done, int tasks, long bytes, long rows, double seconds) {
        String read = bytes == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "reading %s: %,d rows, %.1f MB, %,.0f rows/s, ",
                        table,
                        rows,
                        bytes / 1e6,
                        rows / Math.max(seconds, 0.001));
        return read + String.format(Locale.ROOT, "%d of %d tasks", done, tasks);
    }

    @Override
    public void close() {
        pause(true);
        timer.shutdownNow();
    }
}
