package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is cached is known when the job that caches it ends. */
@Tag("spark")
class CachedPartitionsTest {
    private static final JavaSparkContext spark =
            JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());

    private static JavaRDD<Integer> rdd(StorageLevel level) {
        return spark.parallelize(List.of(1, 2, 3, 4, 5), 3).persist(level);
    }

    /** Holds up the events from which Spark's pages learn. */
    private static final class SlowPages extends SparkListener {
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public void onJobStart(SparkListenerJobStart start) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void partitions_areKnownBeforeSparksPagesLearnOfThem() {
        JavaRDD<Integer> rdd = rdd(StorageLevel.MEMORY_AND_DISK());
        SlowPages slow = new SlowPages();
        spark.sc().listenerBus().addToStatusQueue(slow);
        try {
            rdd.count();
            assertTrue(CachedPartitions.of(rdd).areHere());
            assertTrue(CachedPartitions.of(rdd).areHereWithRoom());
            assertEquals(
                    0,
                    Arrays.stream(spark.sc().getRDDStorageInfo())
                            .filter(info -> info.id() == rdd.id())
                            .mapToInt(info -> info.numCachedPartitions())
                            .sum());
        } finally {
            slow.release.countDown();
            spark.sc().removeSparkListener(slow);
            rdd.unpersist(true);
        }
        assertFalse(CachedPartitions.of(rdd).areHere());
    }

    @Test
    void partitionsThatAreNotCachedYet_areNotHere() {
        JavaRDD<Integer> rdd = rdd(StorageLevel.MEMORY_AND_DISK());
        rdd.first();
        assertFalse(CachedPartitions.of(rdd).areHere());
        rdd.count();
        assertTrue(CachedPartitions.of(rdd).areHere());
        rdd.unpersist(true);
    }

    @Test
    void partitionsOnDisk_areNotHere() {
        JavaRDD<Integer> rdd = rdd(StorageLevel.DISK_ONLY());
        rdd.count();
        assertTrue(CachedPartitions.of(rdd).areOnDisk());
        assertFalse(CachedPartitions.of(rdd).areHere());
        rdd.unpersist(true);
        assertFalse(CachedPartitions.of(rdd).areOnDisk());
    }
}
