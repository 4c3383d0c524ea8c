package io.firesteel.cli;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.util.ThreadUtils;

/** Says, while a cluster gives no executor, what was asked for and what there is. */
final class ExecutorWatch implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final SparkContext spark;
    private final Consumer<String> say;
    private final ScheduledExecutorService timer = ThreadUtils.newDaemonSingleThreadScheduledExecutor("executor watch");

    /**
     * Begins to watch.
     *
     * @param since when the session was asked for, in nanoseconds
     */
    ExecutorWatch(SparkContext spark, long since, Consumer<String> say) {
        this.spark = spark;
        this.say = say;
        if (!spark.isLocal()) {
            long first = Math.max(0, PATIENCE_NANOS - (System.nanoTime() - since));
            Future<?> unused = timer.scheduleWithFixedDelay(this::look, first, AGAIN_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        if (spark.getExecutorMemoryStatus().size() > 1) { // the driver is one
            timer.shutdown();
            return;
        }
        say.accept(text(spark.conf(), StandaloneMaster.workers(spark.master())));
    }

    /** Returns what is said. */
    static String text(SparkConf conf, String workers) {
        return "no executor has come yet: asked for executors with "
                + (conf.contains("spark.executor.cores")
                        ? conf.get("spark.executor.cores") + " cores"
                        : "all cores of a worker")
                + " and " + conf.get("spark.executor.memory", "1g") + " of memory"
                + (conf.contains("spark.cores.max") ? ", " + conf.get("spark.cores.max") + " cores in all" : "")
                + (workers.isEmpty() ? "" : "; " + workers)
                + "; executors are told to call " + conf.get("spark.driver.host", "?") + ":"
                + conf.get("spark.driver.port", "?");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
