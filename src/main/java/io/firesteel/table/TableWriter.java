package io.firesteel.table;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.store.AtomicOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;

/** Writes a table: to one file if the name has an extension ({@code out.csv}), else to a directory of files. */
public final class TableWriter {
    private TableWriter() {}

    /** The rows of a table with their columns. */
    public record Rows(JavaRDD<Row> rows, StructType schema) {
        /** Returns the rows of a DataFrame. */
        public static Rows of(Dataset<Row> frame) {
            return new Rows(frame.toJavaRDD(), frame.schema());
        }
    }

    /**
     * Writes a table, whole or not at all, in the order of its rows.
     *
     * @param formatName the format's name; null to tell it by the path
     * @param check called when all rows are written; if it fails, the table does not appear
     * @throws UserError when the path exists and is not to be replaced, or cannot be written
     */
    public static void write(
            SparkSession spark, Rows table, String path, String formatName, boolean overwrite, Runnable check) {
        Target target = Target.of(path, formatName);
        for (StructField field : table.schema.fields()) {
            boolean isVector = Schema.isVector(field.dataType());
            if (target.format == Format.CSV && (isVector || field.dataType() instanceof ArrayType)) {
                throw new UserError(
                        path + ": column " + field.name() + " holds " + (isVector ? "vectors" : "arrays")
                                + ", which a csv file cannot: expected " + "parquet, orc or json",
                        "by the name of the output or " + SettingNames.mention("output-format"),
                        null);
            }
        }
        CollectionAccumulator<Integer> parts = spark.sparkContext().collectionAccumulator();
        JavaRDD<Row> rows = (isFile(path) ? table.rows.coalesce(1) : table.rows).mapPartitions(new Noted(parts));
        try (AtomicOutput output = open(path, overwrite, spark.sparkContext().hadoopConfiguration())) {
            Path written = new Path(output.temporary(), "table");
            writing(spark, table.schema)
                    .createDataFrame(rows, table.schema)
                    .write()
                    .format(target.format.toString())
                    .options(target.options)
                    .save(written.toString());
            check.run();
            List<Path> found = parts(output.fileSystem(), written);
            expectAll(path, found, new TreeSet<>(parts.value()));
            output.commit(isFile(path) ? found.get(0) : written);
        } catch (FileAlreadyExistsException e) {
            throw new UserError(path + " exists", SettingNames.mention("overwrite") + " replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw SparkFailure.unwritable(path, e);
        }
    }

    /** Returns the session to write a table with. */
    private static SparkSession writing(SparkSession spark, StructType schema) {
        return schema.size() > Table.MOST_COMPILED
                ? SessionCopy.of(spark, Map.of("spark.sql.codegen.factoryMode", "NO_CODEGEN"))
                : spark;
    }

    /** Returns whether a table is written to a file of this path, and not to a directory: its name has an extension. */
    public static boolean isFile(String path) {
        return path.lastIndexOf('.') > path.lastIndexOf('/') + 1;
    }

    private static List<Path> parts(FileSystem fileSystem, Path directory) throws IOException {
        return Arrays.stream(fileSystem.listStatus(directory))
                .map(FileStatus::getPath)
                .filter(file -> file.getName().startsWith("part-"))
                .toList();
    }

    /**
     * Makes sure that each partition with rows has its file, and that there is one at all.
     *
     * @param written the numbers of the partitions that wrote rows
     */
    private static void expectAll(String path, List<Path> found, Set<Integer> written) {
        long missing = written.stream()
                .filter(part -> found.stream()
                        .noneMatch(file -> file.getName().startsWith(String.format(Locale.ROOT, "part-%05d", part))))
                .count();
        if (missing > 0 || found.isEmpty()) {
            throw new UserError(
                    path + ": " + Math.max(1, missing) + " of " + Math.max(1, written.size())
                            + " files are not there after they were written: the workers wrote them to disks of their own",
                    "write to a path that all machines share, such as hdfs://, s3a:// or a network disk",
                    null);
        }
    }

    /** Passes rows on, and notes the partitions that have any. */
    private record Noted(CollectionAccumulator<Integer> parts) implements FlatMapFunction<Iterator<Row>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            if (rows.hasNext()) {
                parts.add(TaskContext.getPartitionId());
            }
            return rows;
        }
    }

    /** A format with the options to write it. */
    private record Target(Format format, Map<String, String> options) {
        private static final Set<Format> WRITTEN = Set.of(Format.CSV, Format.PARQUET, Format.ORC, Format.JSON);
        private static final Set<String> COMPRESSED = Set.of("gz", "bz2", "zst", "zstd", "xz", "lz4", "snappy", "zip");

        /**
         * Finds the format of an output.
         *
         * @throws UserError when it cannot be written so
         */
        static Target of(String path, String formatName) {
            String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            String extension = isFile(path) ? name.substring(name.lastIndexOf('.') + 1) : "";
            boolean isCompressed = COMPRESSED.contains(extension);
            if (isCompressed) {
                name = name.substring(0, name.length() - extension.length() - 1);
            }
            Format format = formatName != null ? Format.named("output-format", formatName) : Format.ofFile(name);
            boolean isWritten = WRITTEN.contains(format);
            if (formatName != null && !isWritten) {
                throw new SettingError("output-format", format, "csv, parquet, orc or json");
            }
            if (formatName == null && (!isWritten || (isFile(name) && !Format.isKnown(name)))) {
                throw new SettingError(
                        "output",
                        path,
                        "a name that ends in .csv, .tsv, .json, .parquet or .orc, or a directory",
                        SettingNames.mention("output-format", "csv") + " writes CSV to a file of any name");
            }
            boolean isText = format == Format.CSV || format == Format.JSON;
            if (isCompressed && !(isText && extension.equals("gz"))) {
                throw new SettingError(
                        "output",
                        path,
                        isText
                                ? "a name that ends in .gz for a compressed file, or has no such ending"
                                : "a name without ." + extension + ", since " + format
                                        + " files are compressed inside");
            }
            Map<String, String> options = new HashMap<>();
            if (isText) {
                options.put("compression", isCompressed ? "gzip" : "none");
            }
            if (format == Format.CSV) {
                options.put("header", "true");
                options.put("escape", "\"");
                options.put("ignoreLeadingWhiteSpace", "false"); // blanks are part of a text, such as a class
                options.put("ignoreTrailingWhiteSpace", "false");
                options.put("sep", name.endsWith(".tsv") ? "\t" : ",");
            }
            return new Target(format, options);
        }
    }

    /**
     * Makes sure, before the table is computed, that it can be written.
     *
     * @param formatName the format's name; null to tell it by the path
     * @throws UserError as {@link #write}
     */
    public static void expectWritable(String path, String formatName, boolean overwrite, Configuration hadoop) {
        Target unused = Target.of(path, formatName);
        try {
            open(path, overwrite, hadoop).close();
        } catch (FileAlreadyExistsException e) {
            throw new UserError(path + " exists", SettingNames.mention("overwrite") + " replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw SparkFailure.unwritable(path, e);
        }
    }

    private static AtomicOutput open(String path, boolean overwrite, Configuration hadoop) throws IOException {
        if (overwrite) {
            expectOurs(path, hadoop);
        }
        try {
            return AtomicOutput.open(path, overwrite, hadoop);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (RuntimeException e) { // such as a class that is not there
            throw SparkFailure.unwritable(path, e);
        }
    }

    /**
     * Makes sure that a path to be replaced is a file or a directory that Spark wrote: other directories may hold more.
     */
    private static void expectOurs(String path, Configuration hadoop) {
        try {
            Path target = new Path(path);
            FileSystem fileSystem = target.getFileSystem(hadoop);
            boolean file = fileSystem.exists(target)
                    && fileSystem.getFileStatus(target).isFile();
            if (!file && !AtomicOutput.mayReplaceDirectory(path, "_SUCCESS", hadoop)) {
                throw new UserError(path + " is a directory of something else: " + SettingNames.mention("overwrite")
                        + " replaces a file, or a directory that holds a table");
            }
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw SparkFailure.unwritable(path, e);
        }
    }
}
