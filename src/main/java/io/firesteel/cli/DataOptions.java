package io.firesteel.cli;

import io.firesteel.table.Table;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The options that name a table. */
final class DataOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "A file, or a directory of files: CSV with a header, LibSVM, Parquet, ORC or JSON.")
    String data;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Format: csv, libsvm, parquet, orc or json. Default: by the file name.")
    String format;

    @Option(
            names = "--option",
            paramLabel = "K=V",
            description = "An option of Spark's reader of the format, such as sep=;")
    Map<String, String> options = Map.of();

    @Option(names = "--exclude", split = ",", paramLabel = "COL", description = "Columns to ignore.")
    List<String> exclude = List.of();

    Table open(SparkSession spark) {
        return open(spark, data);
    }

    Table open(SparkSession spark, String path) {
        return Table.open(spark, path, format, options);
    }
}
