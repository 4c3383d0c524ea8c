package io.firesteel.engine;

import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageStatus;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the executors hold of the partitions of a cached RDD, from the driver's register of blocks: a task enters its partition there
 * before it ends. {@link SparkContext#getRDDStorageInfo()} cannot be relied on. It reads the store of Spark's pages, which learns of
 * partitions from events, and these may arrive after the job that cached them has ended.
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
        for (StorageStatus executor : Redistribution.master().getStorageStatus()) {
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
    public boolean areHere() {
        return rdd.context().isLocal() && count == rdd.getNumPartitions() && !areOnDisk();
    }

    /** Returns the bytes of memory that the cached partitions take, as Spark estimates them. */
    public long memoryBytes() {
        return memoryBytes;
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
