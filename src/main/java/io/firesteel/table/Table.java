package io.firesteel.table;

import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table in files, or a DataFrame. Every cell of a CSV file is text, so that an error can quote it; a LibSVM file is
 * its lines.
 */
public final class Table {
    /**
     * The column that holds the whole of a row that could not be cut into cells; null in a good row, absent if all are
     * good.
     */
    static final String RAGGED = "__firesteel_ragged";

    /** The name of a DataFrame in messages. */
    public static final String FRAME = "the DataFrame";

    private final String path;
    private final TableFiles files; // null for a DataFrame
    private final Format format; // null for a DataFrame
    private final Dataset<Row> data;
    private final List<String> columns;
    private final Map<String, String> options; // of Spark's reader, as they were given

    private Table(
            TableFiles files, Format format, Dataset<Row> data, List<String> columns, Map<String, String> options) {
        this.path = files == null ? FRAME : files.path();
        this.files = files;
        this.format = format;
        this.data = data;
        this.columns = columns;
        this.options = options;
    }

    /**
     * Opens a file or a directory of files.
     *
     * @param formatName the format's name; null to tell it by the file name
     * @param options the options of Spark's reader
     * @throws UserError when it is missing or empty
     */
    public static Table open(SparkSession spark, String path, String formatName, Map<String, String> options) {
        TableFiles files = TableFiles.of(spark, path, options);
        Format format = formatName != null
                ? Format.named(formatName)
                : Format.ofFile(files.files().get(0).getPath().getName());
        try {
            return switch (format) {
                case CSV -> csv(spark, files, options);
                case LIBSVM -> new Table(files, format, libSvm(spark, files, options), List.of(), options);
                default -> {
                    Dataset<Row> data = files.read(spark, format.fileFormat(), corrupt(options), null);
                    List<String> columns = new ArrayList<>(List.of(data.columns()));
                    columns.remove(RAGGED);
                    yield new Table(files, format, data, List.copyOf(columns), options);
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

    /** Returns a table of a DataFrame; the order of its rows does not matter. */
    public static Table of(Dataset<Row> frame) {
        return new Table(null, null, frame, List.of(frame.columns()), Map.of());
    }

    private static Map<String, String> corrupt(Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.put("columnNameOfCorruptRecord", RAGGED);
        return options;
    }

    /** Returns the lines that are neither blank nor a comment. */
    private static Dataset<Row> libSvm(SparkSession spark, TableFiles files, Map<String, String> options) {
        return files.lines(spark, options).filter(functions.col(Schema.LINE).rlike("^\\s*[^\\s#]"));
    }

    private static Table csv(SparkSession spark, TableFiles files, Map<String, String> given) {
        Format csv = Format.CSV;
        List<String> columns = List.of(
                files.read(spark, csv.fileFormat(), headerOptions(given), null).columns());
        if (columns.isEmpty()) {
            throw new UserError(files.path() + " is empty: expected a header and rows");
        }
        Dataset<Row> data = files.read(
                spark, csv.fileFormat(), csvOptions(given), texts(columns).add(RAGGED, DataTypes.StringType));
        return new Table(files, csv, data, columns, given);
    }

    /** Returns the options of Spark's reader of CSV that the header needs. */
    private static Map<String, String> headerOptions(Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.putIfAbsent("header", "true");
        options.putIfAbsent("escape", "\""); // a quote in a quoted cell is doubled (RFC 4180)
        options.putIfAbsent("ignoreLeadingWhiteSpace", "true");
        options.putIfAbsent("ignoreTrailingWhiteSpace", "true");
        return options;
    }

    /** Returns all options of Spark's reader of CSV. */
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

    /** Returns the path as it was given, or {@link #FRAME}. */
    public String path() {
        return path;
    }

    /** Returns the rows, with hidden columns besides those of the schema. */
    public Dataset<Row> data() {
        return data;
    }

    /**
     * Returns columns of the rows in the canonical order, from partition to partition.
     *
     * @param inOnePartition whether all rows are to be in one partition
     */
    public JavaRDD<Row> ordered(List<Column> selected, boolean inOnePartition) {
        return OrderedRows.of(
                        data.select(selected.toArray(Column[]::new)).toJavaRDD().rdd(), inOnePartition)
                .toJavaRDD();
    }

    /** Returns the schema, without a look at the rows. */
    public Schema schema() {
        return new Schema(path, format, columns, data.schema(), Map.of());
    }

    /**
     * Returns the schema with the sizes of vectors and of LibSVM's lines: a Spark job for each such column.
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

    /** Returns the greatest feature index; an index that is too great is reported when the rows are read. */
    private int greatestIndex() {
        return Math.min(
                LibSvmParser.MOST_FEATURES,
                data.toJavaRDD()
                        .map(row -> LibSvmParser.greatestIndex(row.getString(0)))
                        .fold(0, Math::max));
    }

    /** Returns the size of the first vector; vectors of other sizes are reported when the rows are read. */
    private int vectorSize(String column) {
        List<Row> first =
                data.select(column(column)).filter(column(column).isNotNull()).takeAsList(1);
        return first.isEmpty() ? 0 : ((Vector) first.get(0).get(0)).size();
    }

    /** Returns whether it is in files, whose order is that of its rows. */
    boolean isInFiles() {
        return format != null;
    }

    /** Returns the CSV files and the options to read them; none where the files are not CSV. */
    Optional<CsvFiles> csvFiles() {
        return format == Format.CSV
                ? Optional.of(new CsvFiles(files, options, csvOptions(options), texts(columns)))
                : Optional.empty();
    }

    /**
     * CSV files and the options to read them.
     *
     * @param given the options that the user gave
     * @param options all options of Spark's reader
     * @param header the columns, all text
     */
    record CsvFiles(TableFiles files, Map<String, String> given, Map<String, String> options, StructType header) {}

    /** Returns the same files in another session, whose settings decide how they are read. */
    Dataset<Row> in(SparkSession session) {
        return files.read(session, format.fileFormat(), corrupt(options), data.schema());
    }

    /** Returns the problem of a row whose {@link #RAGGED} is set; null where the table has no such column. */
    String raggedProblem() {
        if (!List.of(data.columns()).contains(RAGGED)) {
            return null;
        }
        return format == Format.CSV
                ? "does not have the " + columns.size() + " cells of the header"
                : "is not a JSON object";
    }

    /** Returns a column by its exact name, which may contain dots. */
    public static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
