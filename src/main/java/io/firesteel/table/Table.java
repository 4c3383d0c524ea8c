package io.firesteel.table;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table in files, as a DataFrame; or any DataFrame. Every cell of a CSV file is text, so that an error can quote it; a LibSVM
 * file is its lines.
 */
public final class Table {
    /** The column that holds the whole of a row that could not be cut into cells; null in a good row, absent if all are good. */
    static final String RAGGED = "__firesteel_ragged";

    /** What messages call a DataFrame. */
    public static final String FRAME = "the DataFrame";

    private final String path;
    private final Format format; // null for a DataFrame
    private final Dataset<Row> data;
    private final List<String> columns;
    private final Map<String, String> options; // of Spark's reader, as they were given

    private Table(String path, Format format, Dataset<Row> data, List<String> columns, Map<String, String> options) {
        this.path = path;
        this.format = format;
        this.data = data;
        this.columns = columns;
        this.options = options;
    }

    /**
     * Opens a file or a directory of files.
     *
     * @param formatName null for what the file name tells
     * @param options of Spark's reader
     * @throws UserError when it is missing or empty
     */
    public static Table open(SparkSession spark, String path, String formatName, Map<String, String> options) {
        List<FileStatus> files = files(spark, path);
        Format format = formatName != null
                ? Format.named(formatName)
                : Format.ofFile(files.get(0).getPath().getName());
        try {
            return switch (format) {
                case CSV -> csv(spark, path, options);
                case LIBSVM -> new Table(path, format, libSvm(spark, path, options), List.of(), options);
                default -> {
                    Dataset<Row> data = reader(spark, format, options).load(path);
                    List<String> columns = new ArrayList<>(List.of(data.columns()));
                    columns.remove(RAGGED);
                    yield new Table(path, format, data, List.copyOf(columns), options);
                }
            };
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    path + " cannot be read with these options: " + SparkFailure.oneLine(e.getMessage()), e);
        } catch (Exception e) {
            throw SparkFailure.asUserError(path, e);
        }
    }

    /** A table of any DataFrame; the order of its rows does not matter. */
    public static Table of(Dataset<Row> frame) {
        return new Table(FRAME, null, frame, List.of(frame.columns()), Map.of());
    }

    private static List<FileStatus> files(SparkSession spark, String path) {
        List<FileStatus> files = new ArrayList<>();
        try {
            Path root = new Path(path);
            FileSystem fileSystem = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
            FileStatus[] found = fileSystem.globStatus(root);
            if (found == null || found.length == 0) {
                throw new UserError(path + ": no such file or directory");
            }
            for (FileStatus status : found) {
                if (status.isDirectory()) {
                    Arrays.stream(fileSystem.listStatus(status.getPath())).forEach(files::add);
                } else {
                    files.add(status);
                }
            }
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + " cannot be read: " + e.getMessage(), e);
        }
        // As Spark does: a leading dot or underscore hides a file. Subdirectories are partitions.
        files.removeIf(file -> file.getPath().getName().matches("[._].*"));
        if (files.isEmpty()) {
            throw new UserError(path + ": the directory holds no data files");
        }
        if (files.stream().noneMatch(file -> file.isDirectory() || file.getLen() > 0)) {
            throw new UserError(path + " is empty: expected a header and rows");
        }
        return files;
    }

    private static DataFrameReader reader(SparkSession spark, Format format, Map<String, String> options) {
        return spark.read().format(format.toString()).options(options).option("columnNameOfCorruptRecord", RAGGED);
    }

    /** The lines that are neither blank nor a comment. */
    private static Dataset<Row> libSvm(SparkSession spark, String path, Map<String, String> options) {
        return spark.read()
                .options(options)
                .text(path)
                .filter(functions.col(Schema.LINE).rlike("^\\s*[^\\s#]"));
    }

    private static Table csv(SparkSession spark, String path, Map<String, String> given) {
        List<String> columns =
                List.of(spark.read().options(headerOptions(given)).csv(path).columns());
        if (columns.isEmpty()) {
            throw new UserError(path + " is empty: expected a header and rows");
        }
        Dataset<Row> data = spark.read()
                .options(csvOptions(given))
                .schema(texts(columns).add(RAGGED, DataTypes.StringType))
                .csv(path);
        return new Table(path, Format.CSV, data, columns, given);
    }

    /** The options of Spark's reader of CSV that the header needs. */
    private static Map<String, String> headerOptions(Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.putIfAbsent("header", "true");
        options.putIfAbsent("escape", "\""); // a quote in a quoted cell is doubled (RFC 4180)
        options.putIfAbsent("ignoreLeadingWhiteSpace", "true");
        options.putIfAbsent("ignoreTrailingWhiteSpace", "true");
        return options;
    }

    /** All options of Spark's reader of CSV. */
    private static Map<String, String> csvOptions(Map<String, String> given) {
        Map<String, String> options = headerOptions(given);
        options.put("mode", "PERMISSIVE");
        options.put("columnPruning", "false"); // rows are cut into cells whole, so that ragged ones are seen
        options.put("enforceSchema", "false"); // every file's header must name the same columns
        options.put("columnNameOfCorruptRecord", RAGGED);
        return options;
    }

    private static StructType texts(List<String> columns) {
        StructType header = new StructType();
        for (String column : columns) {
            header = header.add(column, DataTypes.StringType);
        }
        return header;
    }

    /** The path as it was given; of a DataFrame what it is. */
    public String path() {
        return path;
    }

    /** The rows, with hidden columns besides those of the schema. */
    public Dataset<Row> data() {
        return data;
    }

    /** What is known without a look at the rows. */
    public Schema schema() {
        return new Schema(path, format, columns, data.schema(), Map.of());
    }

    /**
     * What is known of the table after a look at the sizes of its vectors, or of LibSVM's lines: a Spark job for each column.
     *
     * @throws UserError when they cannot be read
     */
    public Schema measured() {
        Schema schema = schema();
        List<String> measured = schema.isLibSvm()
                ? List.of(Schema.LINE)
                : columns.stream().filter(schema::isOfVectors).toList();
        Map<String, Integer> sizes = new HashMap<>();
        try {
            measured.forEach(column -> sizes.put(column, schema.isLibSvm() ? greatestIndex() : vectorSize(column)));
        } catch (Exception e) {
            throw SparkFailure.asUserError(path, e);
        }
        return new Schema(path, format, columns, data.schema(), sizes);
    }

    /** The greatest feature index; one that is too great is left for reading to report. */
    private int greatestIndex() {
        return Math.min(
                LibSvmParser.MOST_FEATURES,
                data.toJavaRDD()
                        .map(row -> LibSvmParser.greatestIndex(row.getString(0)))
                        .fold(0, Math::max));
    }

    /** The size of the first vector; those that have another are left for reading to report. */
    private int vectorSize(String column) {
        List<Row> first =
                data.select(column(column)).filter(column(column).isNotNull()).takeAsList(1);
        return first.isEmpty() ? 0 : ((Vector) first.get(0).get(0)).size();
    }

    /** Whether it is in files, whose order is that of its rows. */
    boolean isInFiles() {
        return format != null;
    }

    /** The options of a reader of CSV files, as they were given and completed; none where the files are not CSV. */
    Optional<CsvFiles> csvFiles() {
        return format == Format.CSV
                ? Optional.of(new CsvFiles(path, options, csvOptions(options), texts(columns)))
                : Optional.empty();
    }

    /**
     * CSV files and how they are read.
     *
     * @param given the options that the user gave
     * @param options all options of Spark's reader
     * @param header the columns, all text
     */
    record CsvFiles(String path, Map<String, String> given, Map<String, String> options, StructType header) {}

    /** The same files in another session, whose settings decide how they are read. */
    Dataset<Row> in(SparkSession session) {
        return reader(session, format, options).schema(data.schema()).load(path);
    }

    /** What is wrong with a row whose {@link #RAGGED} is set; null where the table has no such column. */
    String raggedProblem() {
        if (!List.of(data.columns()).contains(RAGGED)) {
            return null;
        }
        return format == Format.CSV
                ? "does not have the " + columns.size() + " cells of the header"
                : "is not a JSON object";
    }

    /** A column by its exact name, which may have dots in it. */
    public static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
