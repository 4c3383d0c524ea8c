package io.firesteel.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.VoidFunction;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * One Spark job over the blocks of an RDD, a task for each partition, whose results are used as they arrive.
 *
 * <p>It calls {@code SparkContext.runJob} with named classes: with lambdas, cleaning and serialising the closure takes a good
 * part of the time of a small step.
 */
public final class BlockJob {
    /** A task's work on the blocks of its partition. */
    @FunctionalInterface
    public interface Work<B, R> extends Serializable {
        R on(java.util.Iterator<B> blocks);
    }

    /** The property that {@link SparkContext#setCallSite} sets: the caller may have one of its own. */
    private static final String CALL_SITE = "callSite.short";

    private BlockJob() {}

    /** Returns the class tag that Spark needs for arrays of results, of which there are none here. */
    @SuppressWarnings("unchecked")
    private static <R> ClassTag<R> any() {
        return (ClassTag<R>) ClassTag.Any();
    }

    /**
     * Runs the job; {@code use} gets each task's result, one at a time, in the order of arrival.
     *
     * @param name of the job and its stage on Spark's own pages
     */
    public static <B, R> void run(String name, JavaRDD<B> blocks, Work<B, R> work, Consumer<R> use) {
        run(name, blocks, IntStream.range(0, blocks.getNumPartitions()).toArray(), work, use);
    }

    /** Runs a job on some of the partitions only. */
    public static <B, R> void run(String name, JavaRDD<B> blocks, int[] partitions, Work<B, R> work, Consumer<R> use) {
        Seq<Object> some = CollectionConverters.asScala(Arrays.stream(partitions)
                        .<Object>mapToObj(Integer::valueOf)
                        .toList())
                .toSeq();
        SparkContext spark = blocks.context();
        String before = spark.getLocalProperty(CALL_SITE);
        spark.setCallSite(name);
        try {
            spark.runJob(blocks.rdd(), new Task<>(work), some, new Use<>(use), any());
        } finally {
            spark.setLocalProperty(CALL_SITE, before);
        }
    }

    /** Starts a job without waiting for it. */
    static <B> JavaFutureAction<Void> start(String name, JavaRDD<B> blocks, VoidFunction<java.util.Iterator<B>> work) {
        SparkContext spark = blocks.context();
        String before = spark.getLocalProperty(CALL_SITE);
        spark.setCallSite(name);
        try {
            return blocks.foreachPartitionAsync(work);
        } finally {
            spark.setLocalProperty(CALL_SITE, before);
        }
    }

    private static final class Task<B, R> extends AbstractFunction2<TaskContext, Iterator<B>, R>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final Work<B, R> work;

        Task(Work<B, R> work) {
            this.work = work;
        }

        @Override
        public R apply(TaskContext context, Iterator<B> blocks) {
            return work.on(CollectionConverters.asJava(blocks));
        }
    }

    private static final class Use<R> extends AbstractFunction2<Object, R, BoxedUnit> {
        private final Consumer<R> use;

        Use(Consumer<R> use) {
            this.use = use;
        }

        @Override
        public BoxedUnit apply(Object partition, R result) {
            use.accept(result);
            return BoxedUnit.UNIT;
        }
    }
}
