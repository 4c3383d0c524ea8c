package io.firesteel.engine;

import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageStatus;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What executors hold of the partitions of a cached RDD. It asks the driver's register of blocks, which a task has told of its
 * partition before it ends. {@link SparkContext#getRDDStorageInfo()} is of no use for a decision: it asks the store of Spark's
 * pages, which learns of a partition from events, perhaps after the job that cached it has ended.
 */
public final class CachedPartitions {
    private final JavaRDD<?> rdd;
    private int count;
    private long memoryBytes;
    private long diskBytes;

    private CachedPartitions(JavaRDD<?> rdd) {
        this.rdd = rdd;
    }

    /** Returns what is cached now. */
    public static CachedPartitions of(JavaRDD<?> rdd) {
        CachedPartitions cached = new CachedPartitions(rdd);
        for (StorageStatus executor : SparkEnv.get().blockManager().master().getStorageStatus()) {
            for (Tuple2<?, BlockStatus> block :
                    CollectionConverters.asJava(executor.rddBlocks().toSeq())) {
                if (((RDDBlockId) block._1()).rddId() == rdd.id()) {
                    cached.count++;
                    cached.memoryBytes += block._2().memSize();
                    cached.diskBytes += block._2().diskSize();
                }
            }
        }
        return cached;
    }

    /** Returns whether some of what is cached is on disk. */
    boolean areOnDisk() {
        return diskBytes > 0;
    }

    /** Returns whether tasks are threads of this process, in whose memory all partitions are. */
    boolean areHere() {
        return rdd.context().isLocal() && count == rdd.getNumPartitions() && !areOnDisk();
    }

    /** Returns whether all partitions are in the memory of this process, with room for as much again. */
    public boolean areHereWithRoom() {
        if (!areHere()) {
            return false;
        }
        long room = CollectionConverters.asJava(rdd.context().getExecutorMemoryStatus()).values().stream()
                .mapToLong(memory -> (Long) memory._2())
                .sum();
        return memoryBytes <= room;
    }
}
