package io.firesteel.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.RDDBlockId;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Gives work to executors that came late. When an executor is lost, the others make its partitions again and cache them, and an
 * executor that replaces it has none. So an executor that has more than its share is made to forget the surplus, and the next pass
 * makes these partitions again on the executors that have too few. One thread uses it.
 */
final class Redistribution {
    private static final long LOOK_NANOS = 1_000_000_000;

    /** How long executors may take to forget a partition, in steps of this many milliseconds. */
    private static final int FORGET_STEPS = 200;

    private static final int FORGET_MILLIS = 10;

    private final SparkContext spark;
    private final List<? extends JavaRDD<?>> sets;
    private final boolean isElastic;
    private long looked = System.nanoTime();
    private Set<String> executors; // when it looked last; null before
    private boolean isEven = true; // whether nothing was left to do then

    /** Creates a redistribution of cached data sets. */
    Redistribution(List<? extends JavaRDD<?>> sets) {
        this.sets = sets;
        spark = sets.get(0).context();
        // executors that have partitions do not go when they are idle: there, Spark decides
        isElastic = spark.conf().getBoolean("spark.dynamicAllocation.enabled", false);
    }

    /** Returns the cores of each executor that is there, by its location in Spark's notation. */
    static Map<String, Integer> cores(SparkContext spark) {
        Map<String, Integer> cores = new HashMap<>();
        for (ExecutorSummary executor :
                CollectionConverters.asJava(spark.statusStore().executorList(true))) {
            if (executor.totalCores() > 0) { // the driver's own entry has none on a cluster
                String host = executor.hostPort().replaceFirst(":[0-9]+$", "");
                cores.put(ResidentPlaces.location(host, executor.id()), executor.totalCores());
            }
        }
        return cores;
    }

    /** Takes partitions from executors that have more than their share, if some have less; returns whether it did. */
    boolean takes() {
        if (isElastic || spark.isLocal() || System.nanoTime() - looked < LOOK_NANOS) {
            return false;
        }
        looked = System.nanoTime();
        Map<String, Integer> cores = cores(spark);
        if (executors != null && !executors.equals(cores.keySet())) {
            isEven = false;
        }
        executors = Set.copyOf(cores.keySet());
        if (isEven || cores.isEmpty()) {
            return false;
        }
        List<BlockId> surplus = new ArrayList<>();
        boolean isWhole = true;
        for (JavaRDD<?> set : sets) {
            isWhole &= addSurplus(held(set, cores.keySet()), set.getNumPartitions(), cores, surplus);
        }
        isEven = isWhole && surplus.isEmpty();
        BlockManagerMaster master = master();
        surplus.forEach(master::removeBlock);
        for (int i = 0;
                i < FORGET_STEPS
                        && surplus.stream()
                                .anyMatch(id -> !master.getLocations(id).isEmpty());
                i++) {
            try {
                Thread.sleep(FORGET_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return !surplus.isEmpty();
    }

    /** Returns the driver's register of blocks. */
    static BlockManagerMaster master() {
        return SparkEnv.get().blockManager().master();
    }

    /** Returns where each partition of a data set is cached, in Spark's notation; an empty text for one that is nowhere. */
    static List<String> locations(JavaRDD<?> set) {
        List<String> locations = new ArrayList<>();
        for (int partition = 0; partition < set.getNumPartitions(); partition++) {
            Seq<BlockManagerId> places = master().getLocations(new RDDBlockId(set.id(), partition));
            locations.add(
                    places.isEmpty()
                            ? ""
                            : ResidentPlaces.location(
                                    places.head().host(), places.head().executorId()));
        }
        return locations;
    }

    /** Returns the partitions that each executor has. */
    private static Map<String, List<BlockId>> held(JavaRDD<?> set, Collection<String> executors) {
        Map<String, List<BlockId>> held = new HashMap<>();
        executors.forEach(executor -> held.put(executor, new ArrayList<>()));
        List<String> locations = locations(set);
        for (int partition = 0; partition < locations.size(); partition++) {
            if (held.containsKey(locations.get(partition))) {
                held.get(locations.get(partition)).add(new RDDBlockId(set.id(), partition));
            }
        }
        return held;
    }

    /**
     * Adds what executors have more than their share of a data set's partitions, by cores, where another has so much less that it
     * can take one; returns whether all partitions are somewhere.
     */
    static <T> boolean addSurplus(
            Map<String, List<T>> held, int partitions, Map<String, Integer> cores, List<T> surplus) {
        int all = cores.values().stream().mapToInt(own -> own).sum();
        int found = held.values().stream().mapToInt(List::size).sum();
        if (found < partitions) {
            return false;
        }
        long room = 0; // for partitions on executors that have less than their share
        for (Map.Entry<String, List<T>> executor : held.entrySet()) {
            long share = (long) partitions * cores.get(executor.getKey()) / all;
            room += Math.max(0, share - executor.getValue().size());
        }
        for (Map.Entry<String, List<T>> executor : held.entrySet()) {
            int share = (partitions * cores.get(executor.getKey()) + all - 1) / all;
            List<T> there = executor.getValue();
            for (int i = share; i < there.size() && room > 0; i++) {
                surplus.add(there.get(i));
                room--;
            }
        }
        return true;
    }
}
