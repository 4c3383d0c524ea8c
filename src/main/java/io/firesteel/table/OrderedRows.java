package io.firesteel.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * The rows of files in the canonical order, from partition to partition: files by name, and each from its beginning.
 * Spark's own partitions begin with the largest pieces of files; these hold the same pieces in the other order, about as
 * many bytes each.
 */
final class OrderedRows<T> extends RDD<T> {
    private static final long serialVersionUID = 1;

    private static final Comparator<PartitionedFile> ORDER = Comparator.comparing(
                    (PartitionedFile piece) -> piece.filePath().urlEncoded())
            .thenComparingLong(PartitionedFile::start);

    private final ClassTag<T> type;
    private final transient FilePartition[] ordered;

    private OrderedRows(RDD<T> rows, FilePartition[] ordered) {
        super(rows, rows.elementClassTag());
        this.type = rows.elementClassTag();
        this.ordered = ordered;
    }

    /**
     * Orders the rows of a table.
     *
     * @param rows as Spark reads them; those that are not of files stay as they are
     * @param inOnePartition whether all of them are to be in one partition
     */
    static <T> RDD<T> of(RDD<T> rows, boolean inOnePartition) {
        Partition[] partitions = rows.partitions();
        if (!Arrays.stream(partitions).allMatch(FilePartition.class::isInstance)) {
            return inOnePartition ? rows.toJavaRDD().coalesce(1).rdd() : rows;
        }
        List<PartitionedFile> pieces = Arrays.stream(partitions)
                .flatMap(partition -> Arrays.stream(((FilePartition) partition).files()))
                .sorted(ORDER)
                .toList();
        return new OrderedRows<>(rows, packed(pieces, inOnePartition ? 1 : partitions.length));
    }

    /** Returns the pieces in at most this many runs of about as many bytes each. */
    private static FilePartition[] packed(List<PartitionedFile> pieces, int most) {
        long bytes = pieces.stream().mapToLong(PartitionedFile::length).sum();
        List<FilePartition> packed = new ArrayList<>();
        List<PartitionedFile> run = new ArrayList<>();
        long before = 0;
        for (PartitionedFile piece : pieces) {
            run.add(piece);
            before += piece.length();
            if (before >= (double) bytes * (packed.size() + 1) / most || before == bytes) {
                packed.add(FilePartition.apply(packed.size(), run.toArray(PartitionedFile[]::new)));
                run.clear();
            }
        }
        return packed.toArray(FilePartition[]::new);
    }

    @Override
    public Partition[] getPartitions() {
        return ordered;
    }

    @Override
    public Iterator<T> compute(Partition pieces, TaskContext task) {
        return this.<T>firstParent(type).iterator(pieces, task);
    }

    @Override
    public Seq<String> getPreferredLocations(Partition pieces) {
        return CollectionConverters.asScala(Arrays.asList(((FilePartition) pieces).preferredLocations()))
                .toSeq();
    }
}
