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
    /** Returns the rows of a DataFrame; another table is opened by its path and format. */
    public static Source of(Dataset<Row> frame) {
        return new Source(frame.sparkSession(), Table.of(frame), opener(frame.sparkSession()));
    }

    /** Returns the rows of a file or a directory, whose format its name or its bytes tell; another table is opened likewise. */
    public static Source of(SparkSession spark, String path) {
        return new Source(spark, opener(spark).apply(path), opener(spark));
    }

    private static Function<String, Table> opener(SparkSession spark) {
        return path -> Table.open(spark, path, null, Map.of());
    }

    /** Returns how many tasks a job on the rows has: as many as there are cores. */
    int partitions() {
        return Math.max(1, spark.sparkContext().defaultParallelism());
    }
}
