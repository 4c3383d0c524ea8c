package io.firesteel.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Which partitions each resident task gets.
 *
 * @param tasks the tasks by rank
 */
record ResidentPlaces(List<Task> tasks) implements PartitionCoalescer, Serializable {
    /**
     * A task.
     *
     * @param location where Spark should run it, in its own notation; null where that does not matter
     * @param partitions whose blocks it gets
     */
    record Task(String location, List<Integer> partitions) implements Serializable {
        /** Returns the executor in words. */
        String name() {
            Matcher executor = LOCATION.matcher(location == null ? "" : location);
            return executor.matches()
                    ? "executor " + executor.group(2) + " (" + executor.group(1) + ")"
                    : "an executor";
        }
    }

    /** Spark's notation of an executor: its host, and its number. */
    private static final Pattern LOCATION = Pattern.compile("executor_(.*)_([^_]*)");

    /** Returns the location of an executor. */
    static String location(String host, String executor) {
        return "executor_" + host + "_" + executor;
    }

    @Override
    public PartitionGroup[] coalesce(int most, RDD<?> rdd) {
        List<PartitionGroup> groups = new ArrayList<>();
        for (Task task : tasks) {
            PartitionGroup group = new PartitionGroup(Option.apply(task.location));
            for (int partition : task.partitions) {
                group.partitions().addOne(rdd.partitions()[partition]);
            }
            groups.add(group);
        }
        return groups.toArray(PartitionGroup[]::new);
    }
}
