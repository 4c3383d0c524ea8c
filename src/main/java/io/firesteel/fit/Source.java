package io.firesteel.fit;

import io.firesteel.table.Table;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The origin of the rows of a training.
 *
 * @param table the table to train on
 * @param open opens another table, that of the validation rows, by its path
 */
public record Source(SparkSession spark, Table table, Function<String, Table> open) {
    /** Returns the rows of a DataFrame; another table is opened by its path, and its files tell their format. */
    public static Source of(Dataset<Row> frame) {
        return of(frame, null, Map.of());
    }

    /** Returns the rows of a DataFrame; another table is opened by its path with a format, or null, and options of its reader. */
    public static Source of(Dataset<Row> frame, String format, Map<String, String> options) {
        return new Source(frame.sparkSession(), Table.of(frame), opener(frame.sparkSession(), format, options));
    }

    /**
     * Returns the rows of a file or a directory; another table is opened likewise.
     *
     * @param format the format's name; null where the files tell it
     * @param options the options of Spark's reader
     */
    public static Source of(SparkSession spark, String path, String format, Map<String, String> options) {
        Function<String, Table> open = opener(spark, format, options);
        return new Source(spark, open.apply(path), open);
    }

    private static Function<String, Table> opener(SparkSession spark, String format, Map<String, String> options) {
        return path -> Table.open(spark, path, format, options);
    }

    /** Returns how many tasks a job on the rows has: as many as there are cores. */
    int partitions() {
        return Math.max(1, spark.sparkContext().defaultParallelism());
    }
}
