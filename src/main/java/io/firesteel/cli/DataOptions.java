package io.firesteel.cli;

import io.firesteel.fit.Setting;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that name a table. */
final class DataOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "PATH",
            description = "A file, or a directory of files: CSV, LibSVM, Parquet, ORC, JSON or Avro.")
    String data;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "Format: csv, libsvm, parquet, orc, json, avro, delta or jdbc. Default: by what the files hold.")
    String format;

    @Option(
            names = "--option",
            paramLabel = "K=V",
            showDefaultValue = Visibility.NEVER,
            description = "An option of Spark's reader of the format, such as sep=;")
    Map<String, String> options = Map.of();

    @Option(
            names = "--exclude",
            paramLabel = "COL",
            showDefaultValue = Visibility.NEVER,
            description = "Columns to ignore; a name that has a comma is in double quotes.")
    private List<String> exclude = List.of();

    /** Returns the columns to ignore. */
    List<String> exclude() {
        return exclude.isEmpty() ? List.of() : Setting.EXCLUDE.parse(exclude.get(0));
    }

    /** Returns the table's schema where it can be known before Spark starts. */
    Optional<Schema> schemaBeforeSpark(Configuration hadoop) {
        return schemaBeforeSpark(data, hadoop);
    }

    /** Returns the same of another table with these options. */
    Optional<Schema> schemaBeforeSpark(String path, Configuration hadoop) {
        return Table.schemaBeforeSpark(path, format, options, hadoop);
    }

    Table open(SparkSession spark) {
        return open(spark, data);
    }

    Table open(SparkSession spark, String path) {
        return Table.open(spark, path, format, options);
    }
}
