package io.firesteel.data;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table in files, as a DataFrame; or any DataFrame. Every cell of a CSV file is text, so that what is wrong with one can be
 * said with its value; a LibSVM file is its lines.
 */
public final class Table {
    /** The column that holds a row that could not be cut into cells, whole; null in a good row, absent if all are. */
    static final String RAGGED = "__firesteel_ragged";

    /** The only column of a LibSVM table. */
    static final String LINE = "value";

    /** What stands for the path of a DataFrame. */
    static final String FRAME = "the DataFrame";

    /** Spark's hidden columns that tell where a row is from: the file, and the first byte of the piece of it. */
    static final List<String> ORIGIN = List.of("_metadata.file_path", "_metadata.file_block_start");

    private final String path;
    private final Format format; // null for a DataFrame
    private final Dataset<Row> data;
    private final List<String> columns;
    private final Supplier<Optional<CsvLines>> csvLines;

    private Table(String path, Format format, Dataset<Row> data, List<String> columns) {
        this(path, format, data, columns, Optional::empty);
    }

    private Table(
            String path,
            Format format,
            Dataset<Row> data,
            List<String> columns,
            Supplier<Optional<CsvLines>> csvLines) {
        this.path = path;
        this.format = format;
        this.data = data;
        this.columns = columns;
        this.csvLines = csvLines;
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
        Map<String, String> all = new HashMap<>(options);
        try {
            return switch (format) {
                case CSV -> csv(spark, path, options);
                case LIBSVM -> new Table(path, format, libSvm(spark, path, all), List.of());
                default -> {
                    Dataset<Row> data = spark.read()
                            .format(format.toString())
                            .options(all)
                            .option("columnNameOfCorruptRecord", RAGGED)
                            .load(path);
                    List<String> columns = new ArrayList<>(List.of(data.columns()));
                    columns.remove(RAGGED);
                    yield new Table(path, format, data, List.copyOf(columns));
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

    /** Any DataFrame; the order of its rows does not matter. */
    public static Table of(Dataset<Row> frame) {
        return new Table(FRAME, null, frame, List.of(frame.columns()));
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

    /** The lines but those that are blank or a comment. */
    private static Dataset<Row> libSvm(SparkSession spark, String path, Map<String, String> options) {
        return spark.read()
                .options(options)
                .text(path)
                .filter(functions.col(LINE).rlike("^\\s*[^\\s#]"));
    }

    private static Table csv(SparkSession spark, String path, Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.putIfAbsent("header", "true");
        options.putIfAbsent("escape", "\""); // a quote in a quoted cell is doubled (RFC 4180)
        options.putIfAbsent("ignoreLeadingWhiteSpace", "true");
        options.putIfAbsent("ignoreTrailingWhiteSpace", "true");
        List<String> columns = List.of(spark.read().options(options).csv(path).columns());
        if (columns.isEmpty()) {
            throw new UserError(path + " is empty: expected a header and rows");
        }
        StructType header = new StructType();
        for (String column : columns) {
            header = header.add(column, DataTypes.StringType);
        }
        options.put("mode", "PERMISSIVE");
        options.put("columnPruning", "false"); // rows are cut into cells whole, so that ragged ones are seen
        options.put("enforceSchema", "false"); // every file's header must name the same columns
        options.put("columnNameOfCorruptRecord", RAGGED);
        Dataset<Row> data = spark.read()
                .options(options)
                .schema(header.add(RAGGED, DataTypes.StringType))
                .csv(path);
        StructType cells = header;
        return new Table(path, Format.CSV, data, columns, () -> CsvLines.of(spark, path, given, options, cells));
    }

    /** The path as it was given; of a DataFrame what it is. */
    public String path() {
        return path;
    }

    /** The format; null for a DataFrame. */
    public Format format() {
        return format;
    }

    /** The names of the columns; none for LibSVM. */
    public List<String> columns() {
        return columns;
    }

    /** The rows, with hidden columns besides {@link #columns}. */
    Dataset<Row> data() {
        return data;
    }

    /** Whether it is in files, whose order is that of its rows. */
    boolean isInFiles() {
        return format != null;
    }

    /** Cells of its rows, and after them two that tell where each row is from; pieces may come in any order. */
    Dataset<Row> withOrigin(List<Column> cells) {
        if (!isInFiles()) {
            return FrameOrder.of(data, cells);
        }
        List<Column> selected = new ArrayList<>(cells);
        ORIGIN.forEach(name -> selected.add(functions.col(name)));
        return data.select(selected.toArray(Column[]::new));
    }

    /** Where a row is, as a person would say it: a file's first row after the header is row 1; a DataFrame's have no number. */
    static String place(String file, long row) {
        return file.isEmpty() ? FRAME : readable(file) + ", row " + row;
    }

    /** A file's URI as a person would write it. */
    static String readable(String file) {
        URI uri = URI.create(file);
        if (!"file".equals(uri.getScheme())) {
            return file;
        }
        java.nio.file.Path path = java.nio.file.Path.of(uri.getPath());
        java.nio.file.Path here = java.nio.file.Path.of("").toAbsolutePath();
        return (path.startsWith(here) ? here.relativize(path) : path).toString();
    }

    /** The lines of its files, where they are CSV that needs no more than them. */
    Optional<CsvLines> csvLines() {
        return csvLines.get();
    }

    /** What is wrong with a row whose {@link #RAGGED} is set; null where the table has no such column. */
    String raggedProblem() {
        if (!List.of(data.columns()).contains(RAGGED)) {
            return null;
        }
        return format == Format.CSV ? "has not the " + columns.size() + " cells of the header" : "is not a JSON object";
    }

    /** The type of a column. */
    StructField field(String column) {
        return data.schema().apply(column);
    }

    /** Whether a column holds vectors of Spark ML. */
    boolean isOfVectors(String column) {
        return isOfVectors(field(column));
    }

    static boolean isOfVectors(StructField field) {
        return field.dataType().equals(SQLDataTypes.VectorType());
    }

    /** A column by its exact name, which may have dots in it. */
    static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
