package io.firesteel.table;

import io.firesteel.base.UserError;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowChunk.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of a table in chunks, read once, checked and cached, in the canonical order: row 0 is the first row of the
 * first piece of the first file.
 */
public final class NumberedRows implements AutoCloseable {
    private final String table;
    private final Columns columns;
    private final JavaRDD<RowChunk> chunks;
    private final List<Head> heads;

    private NumberedRows(String table, Columns columns, JavaRDD<RowChunk> chunks, List<Head> heads) {
        this.table = table;
        this.columns = columns;
        this.chunks = chunks;
        this.heads = heads;
    }

    /**
     * Reads the rows of a table whose categories are known.
     *
     * @throws UserError when the table has no rows, or a row cannot be used
     */
    public static NumberedRows read(Table table, Columns columns) {
        return load(table, columns).checked();
    }

    /**
     * Reads the rows of a table to train on. With {@link FeatureKinds#AUTO} the columns of categories are guessed from
     * the first rows, so that all rows are read once; they are read again only if a later row shows that the guess was
     * wrong.
     *
     * @param kinds the kinds of features besides numbers
     * @throws UserError when the table has no rows, or a row cannot be used
     */
    public static NumberedRows read(Table table, Columns chosen, FeatureKinds kinds) {
        if (!kinds.isAuto()) {
            return read(table, chosen.with(table.schema(), kinds));
        }
        TextFeatures texts = TextFeatures.of(table, chosen);
        NumberedRows rows = load(table, chosen.with(table.schema(), kinds.being(texts.inFirstRows())));
        if (rows.beginsWith(RowFault.Kind.TEXT)) {
            rows.close();
            return read(table, chosen.with(table.schema(), kinds.being(texts.inAllRows())));
        }
        return rows.checked();
    }

    /** Reads all rows once and caches them. */
    private static NumberedRows load(Table table, Columns columns) {
        try {
            JavaRDD<RowChunk> chunks = RowSource.of(table, columns).chunks();
            chunks.persist(StorageLevel.MEMORY_AND_DISK());
            List<Head> heads = new ArrayList<>(chunks.map(RowChunk::head).collect());
            heads.sort(Comparator.comparing(Head::position));
            NumberedRows rows = new NumberedRows(table.path(), columns, chunks, heads);
            if (!rows.beginsWith(RowFault.Kind.OPEN_QUOTES)) {
                return rows;
            }
            rows.close();
            return load(table.withLineBreaks(), columns);
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }

    /** Returns whether the first fault, in canonical order, is of a kind. */
    private boolean beginsWith(RowFault.Kind kind) {
        return firstFault().filter(head -> head.fault().kind() == kind).isPresent();
    }

    private NumberedRows checked() {
        try {
            firstFault().ifPresent(head -> {
                throw error(head, head.rows(), head.fault());
            });
            if (count() == 0) {
                throw new UserError(table + " has no rows: expected rows after the header");
            }
            return this;
        } catch (UserError e) {
            close();
            throw e;
        }
    }

    /** Returns the table's name for messages. */
    public String table() {
        return table;
    }

    /** Returns the columns by which the rows were read, without categories that are still to be learnt. */
    public Columns columns() {
        return columns;
    }

    /** Returns the heads of the chunks, in canonical order. */
    public List<Head> heads() {
        return heads;
    }

    /** Returns the chunks, which the executors cache, in any order. */
    public JavaRDD<RowChunk> chunks() {
        return chunks;
    }

    /** Returns whether all rows are in the memory of this process, with room for as much again. */
    public boolean areInThisProcess() {
        SparkContext spark = chunks.context();
        if (!spark.isLocal()) {
            return false;
        }
        long free = CollectionConverters.asJava(spark.getExecutorMemoryStatus()).values().stream()
                .mapToLong(memory -> (Long) memory._2())
                .sum();
        return Arrays.stream(spark.getRDDStorageInfo())
                .filter(rdd -> rdd.id() == chunks.id())
                .anyMatch(rdd -> rdd.diskSize() == 0
                        && rdd.numCachedPartitions() == chunks.getNumPartitions()
                        && rdd.memSize() <= free);
    }

    /** Returns the number of rows. */
    public long count() {
        return heads.stream().mapToLong(Head::rows).sum();
    }

    /** Returns the first chunk, in canonical order, that ends at a bad row; none where all rows are good. */
    private Optional<Head> firstFault() {
        return heads.stream().filter(head -> head.fault() != null).findFirst();
    }

    /**
     * Returns the error for a bad row; a file's first row after the header is row 1.
     *
     * @param row its number in the chunk
     */
    public UserError error(Head chunk, int row, RowFault fault) {
        Origin origin = chunk.position().origin();
        return origin.isFrame()
                ? fault.error(Table.FRAME, 0)
                : fault.error(Origin.readable(origin.file()), rowsBefore(chunk) + row + 1);
    }

    /** Returns the number of rows of the same file that come before a chunk. */
    private long rowsBefore(Head chunk) {
        String file = chunk.position().origin().file();
        return heads.stream()
                .takeWhile(head -> !head.position().equals(chunk.position()))
                .filter(head -> head.position().origin().file().equals(file))
                .mapToLong(Head::rows)
                .sum();
    }

    /** Returns the number of each chunk's first row among all rows. */
    public Map<Position, Long> firstRows() {
        Map<Position, Long> firstRows = new HashMap<>();
        long row = 0;
        for (Head head : heads) {
            firstRows.put(head.position(), row);
            row += head.rows();
        }
        return firstRows;
    }

    /**
     * Returns the categories of each feature whose categories are still to be learnt.
     *
     * @param most the number of categories above which a feature's categories are not all collected
     */
    public Map<Integer, Set<String>> categories(int most) {
        return chunks.mapPartitions(run -> {
                    Map<Integer, Set<String>> categories = new TreeMap<>();
                    run.forEachRemaining(chunk ->
                            chunk.categories().forEach((column, values) -> add(values, categories, column, most)));
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

    /** Returns the number of feature values that are stored, over all rows. */
    public long filled() {
        return heads.stream().mapToLong(Head::filled).sum();
    }

    /** Returns row 0; fails when there are no rows. */
    public Rows firstRow() {
        return heads.stream()
                .filter(head -> head.firstRow().count() > 0)
                .findFirst()
                .orElseThrow()
                .firstRow();
    }

    /** Frees the memory of the rows; blocks made of them stay usable. */
    @Override
    public void close() {
        chunks.unpersist(false);
    }
}
