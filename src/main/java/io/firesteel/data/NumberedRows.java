package io.firesteel.data;

import io.firesteel.data.RowBatch.Head;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;

/**
 * All rows of a data set, read once and kept, with their places in the canonical order known: row 0 is the first row
 * of the first piece of the first file.
 */
public final class NumberedRows implements AutoCloseable {
    private final JavaRDD<RowBatch> batches;
    private final List<Head> heads;

    private NumberedRows(JavaRDD<RowBatch> batches, List<Head> heads) {
        this.batches = batches;
        this.heads = heads;
    }

    /** Reads the rows: when it returns, all have been read once. */
    public static NumberedRows read(JavaRDD<RowBatch> batches) {
        batches.persist(StorageLevel.MEMORY_AND_DISK());
        List<Head> heads = new ArrayList<>(batches.map(RowBatch::head).collect());
        heads.sort(Head.ORDER);
        return new NumberedRows(batches, heads);
    }

    /** What is known of the batches, in canonical order. */
    public List<Head> heads() {
        return heads;
    }

    JavaRDD<RowBatch> batches() {
        return batches;
    }

    /** Whether all rows lie in the memory of this process, with room for as much again. */
    boolean areInThisProcess() {
        SparkContext spark = batches.context();
        if (!spark.isLocal()) {
            return false;
        }
        long free = CollectionConverters.asJava(spark.getExecutorMemoryStatus()).values().stream()
                .mapToLong(memory -> (Long) memory._2())
                .sum();
        return Arrays.stream(spark.getRDDStorageInfo())
                .filter(rdd -> rdd.id() == batches.id())
                .anyMatch(rdd -> rdd.diskSize() == 0
                        && rdd.numCachedPartitions() == batches.getNumPartitions()
                        && rdd.memSize() <= free);
    }

    /** The number of rows. */
    public long count() {
        return heads.stream().mapToLong(Head::rows).sum();
    }

    /** The number of rows of the same file that come before a batch. */
    public long rowsBefore(Head batch) {
        return heads.stream()
                .filter(head -> head.origin().file().equals(batch.origin().file()))
                .filter(head -> Head.ORDER.compare(head, batch) < 0)
                .mapToLong(Head::rows)
                .sum();
    }

    /** Names a batch. */
    record Place(Origin origin, long ordinal) implements Serializable {
        static Place of(Head head) {
            return new Place(head.origin(), head.ordinal());
        }
    }

    /** The number of each batch's first row among all rows. */
    Map<Place, Long> firstRows() {
        Map<Place, Long> firstRows = new HashMap<>();
        long row = 0;
        for (Head head : heads) {
            firstRows.put(Place.of(head), row);
            row += head.rows();
        }
        return firstRows;
    }

    /**
     * The categories of each feature of which batches hold some, by its place in the row.
     *
     * @param most where a feature has more, it is this many and one
     */
    public Map<Integer, Set<String>> categories(int most) {
        return batches.mapPartitions(run -> {
                    Map<Integer, Set<String>> categories = new TreeMap<>();
                    run.forEachRemaining(batch ->
                            batch.categories().forEach((column, values) -> add(values, categories, column, most)));
                    return List.of(categories).iterator();
                })
                .fold(new TreeMap<>(), (all, some) -> {
                    some.forEach((column, values) -> add(values, all, column, most));
                    return all;
                });
    }

    private static void add(Iterable<String> values, Map<Integer, Set<String>> to, int column, int most) {
        Set<String> all = to.computeIfAbsent(column, key -> new HashSet<>());
        for (String value : values) {
            if (all.size() <= most) {
                all.add(value);
            }
        }
    }

    /** How many features the rows hold, those of all rows together. */
    public long filled() {
        return heads.stream().mapToLong(Head::filled).sum();
    }

    /** Row 0. Fails when there are no rows. */
    Rows firstRow() {
        return heads.stream()
                .filter(head -> head.firstRow().count() > 0)
                .findFirst()
                .orElseThrow()
                .firstRow();
    }

    /** Forgets the rows; blocks made of them stay usable. */
    @Override
    public void close() {
        batches.unpersist(false);
    }
}
