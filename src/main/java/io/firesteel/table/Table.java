package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
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

    /**
     * Rows of more columns are read and written without code that Spark makes for them: it is the longer the more columns there are,
     * and takes longer to make than to do without (measured: 60 rows of 10,000 columns, predicted in 43 s of processor time).
     */
    static final int MOST_COMPILED = 1000;

    /** The option of readers by which files may lack columns that others have. */
    private static final String MERGE = "mergeSchema";

    private static final FileColumns NO_COLUMNS = new FileColumns(new StructType(), Map.of());

    private final String path;
    private final TableFiles files; // null for a DataFrame
    private final Format format; // null for a DataFrame
    private final Dataset<Row> data;
    private final List<String> columns;
    private final Map<String, String> options; // of Spark's reader, as they were given
    private final CsvFiles csv; // null where the files are not CSV
    private final FileColumns found; // of columnar files
    private Table checked; // with CSV files as Spark's reader has to read them, once they were looked through

    private Table(
            String path,
            TableFiles files,
            Format format,
            Dataset<Row> data,
            List<String> columns,
            Map<String, String> options,
            CsvFiles csv,
            FileColumns found) {
        this.path = path;
        this.files = files;
        this.format = format;
        this.data = data;
        this.columns = columns;
        this.options = options;
        this.csv = csv;
        this.found = found;
    }

    /**
     * Opens a file, a directory of files, or those that a pattern names.
     *
     * @param formatName the format's name; null to tell it by the files
     * @param options the options of Spark's reader
     * @throws UserError when it is missing or empty, or its files are not of one format
     */
    public static Table open(SparkSession spark, String path, String formatName, Map<String, String> options) {
        Format wanted = formatName == null ? null : Format.named(formatName);
        if (wanted == null ? TableFiles.areDelta(spark, path) : wanted.isSource()) {
            return source(spark, path, wanted == null ? Format.DELTA : wanted, options);
        }
        TableFiles files = TableFiles.of(spark, path, options);
        try {
            List<FileFacts> facts = FileFacts.of(spark, files.files());
            Format format = FileFacts.format(path, facts, wanted);
            format.expectKnown(options.keySet());
            return switch (format) {
                case CSV -> csv(spark, files, options);
                case LIBSVM -> {
                    boolean hasQueries =
                            facts.stream().anyMatch(file -> file.kind().hasQueries());
                    TableFiles noted = hasQueries ? files.noting(path + ": qid: is not read") : files;
                    yield new Table(
                            path, noted, format, libSvm(spark, files, options), List.of(), options, null, NO_COLUMNS);
                }
                case JSON -> json(spark, files, facts, options);
                case PARQUET, ORC -> {
                    FileColumns found = FileColumns.of(facts, isOn(options, MERGE));
                    SparkSession reading = found.haveNanos() ? SessionCopy.of(spark, FileColumns.READING_NANOS) : spark;
                    Dataset<Row> data = files.read(reading, format.fileFormat(), options, found.readable());
                    Set<String> columns =
                            new LinkedHashSet<>(List.of(found.schema().fieldNames()));
                    columns.addAll(List.of(data.columns()));
                    yield new Table(path, files, format, data, List.copyOf(columns), options, null, found);
                }
                case AVRO -> {
                    FileFacts.expectOneSchema(path, facts);
                    Dataset<Row> data = files.read(spark, format.fileFormat(), options, null);
                    yield new Table(path, files, format, data, List.of(data.columns()), options, null, NO_COLUMNS);
                }
                case DELTA, JDBC -> throw new IllegalStateException(format + " is no format of files");
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

    /**
     * Returns the schema of a table before there is a session, so that mistakes are told before Spark starts. None where it takes a
     * session to know it: only CSV, Parquet and ORC files on this machine, and not many of them, are looked at.
     *
     * @throws UserError as {@link #open}
     */
    public static Optional<Schema> schemaBeforeSpark(
            String path, String formatName, Map<String, String> options, Configuration hadoop) {
        Format wanted = formatName == null ? null : Format.named(formatName);
        if (wanted != null && wanted.isSource()) {
            return Optional.empty();
        }
        List<FileStatus> files = TableFiles.beforeSpark(path, options, hadoop);
        try {
            List<FileFacts> facts = FileFacts.ofFew(files, hadoop);
            if (facts.isEmpty()) {
                return Optional.empty();
            }
            Format format = FileFacts.format(path, facts, wanted);
            format.expectKnown(options.keySet());
            if (format == Format.CSV) {
                CsvFiles csv = CsvSniffer.find(
                        path, options, CsvHead.read(files.get(0).getPath(), CsvFiles.encoding(options), hadoop));
                return Optional.of(
                        new Schema(path, format, csv.columns(), csv.schema(), csv.rowNames(), Map.of(), 1, Map.of()));
            } else if (format == Format.PARQUET || format == Format.ORC) {
                FileColumns found = FileColumns.of(facts, isOn(options, MERGE));
                return Optional.of(new Schema(
                                path,
                                format,
                                List.of(found.schema().fieldNames()),
                                found.schema(),
                                List.of(),
                                Map.of(),
                                1,
                                found.problems()))
                        .filter(schema ->
                                schema.columns().stream().noneMatch(schema::isOfVectors)); // whose sizes Spark finds
            }
            return Optional.empty();
        } catch (UserError e) {
            throw e; // which says it already
        } catch (Exception e) {
            return Optional.empty(); // Spark will say it
        }
    }

    /** Opens a table whose rows a source of Spark gives, in no order: for JDBC the path is the table's name. */
    private static Table source(SparkSession spark, String path, Format format, Map<String, String> options) {
        try {
            Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            all.putAll(options);
            if (format == Format.JDBC && !all.containsKey("query")) {
                all.putIfAbsent("dbtable", path);
            }
            DataFrameReader reader = spark.read().format(format.toString()).options(all);
            Dataset<Row> data = format == Format.JDBC ? reader.load() : reader.load(path);
            return new Table(path, null, null, data, List.of(data.columns()), options, null, NO_COLUMNS);
        } catch (Exception e) {
            throw SparkFailure.ofSource(path, format == Format.DELTA, e);
        }
    }

    private static boolean isOn(Map<String, String> options, String name) {
        return options.entrySet().stream()
                .anyMatch(option -> option.getKey().equalsIgnoreCase(name)
                        && option.getValue().equalsIgnoreCase("true"));
    }

    private static Table json(SparkSession spark, TableFiles files, List<FileFacts> facts, Map<String, String> given) {
        boolean spansLines = FileFacts.spansLines(files.path(), facts);
        Map<String, String> options = new HashMap<>(given);
        options.keySet().removeIf("multiLine"::equalsIgnoreCase);
        options.put("multiLine", Boolean.toString(spansLines));
        options.put("columnNameOfCorruptRecord", RAGGED);
        boolean hasLineSep = given.keySet().stream().anyMatch("lineSep"::equalsIgnoreCase);
        if (CsvFiles.encoding(given) != null && !spansLines && !hasLineSep) {
            options.put("lineSep", "\n"); // which Spark does not look for in other encodings
        }
        Dataset<Row> data = files.read(spark, Format.JSON.fileFormat(), options, null);
        List<String> columns = new ArrayList<>(List.of(data.columns()));
        columns.remove(RAGGED);
        Set<String> met = new HashSet<>();
        for (String column : columns) {
            if (!met.add(column)) {
                throw new UserError(files.path() + ": an object has the key " + column + " twice: expected it once");
            }
        }
        Map<String, String> problems = files.files().size() == 1 || isOn(given, MERGE)
                ? Map.of()
                : JsonKeys.problems(spark, files, spansLines);
        return new Table(
                files.path(),
                files,
                Format.JSON,
                data,
                List.copyOf(columns),
                options,
                null,
                new FileColumns(new StructType(), problems));
    }

    /** Returns a table of a DataFrame; the order of its rows does not matter. */
    public static Table of(Dataset<Row> frame) {
        return new Table(FRAME, null, null, frame, List.of(frame.columns()), Map.of(), null, NO_COLUMNS);
    }

    /** Returns the lines that are neither blank nor a comment. */
    private static Dataset<Row> libSvm(SparkSession spark, TableFiles files, Map<String, String> options) {
        return files.lines(spark, options).filter(functions.col(Schema.LINE).rlike("^\\s*[^\\s#]"));
    }

    private static Table csv(SparkSession spark, TableFiles files, Map<String, String> given) throws IOException {
        CsvHead head = CsvHead.read(
                files.firstWithContent(),
                CsvFiles.encoding(given),
                spark.sparkContext().hadoopConfiguration());
        return of(spark, files, CsvSniffer.find(files.path(), given, head));
    }

    private static Table of(SparkSession spark, TableFiles files, CsvFiles csv) {
        if (csv.dialect().hasRuns()) {
            return ofRuns(spark, files, csv);
        }
        SparkSession reading = csv.dialect().isUtf8() // Spark takes few other character sets unless it is told to
                ? spark
                : SessionCopy.of(spark, Map.of("spark.sql.legacy.javaCharsets", "true"));
        Dataset<Row> data = files.read(
                reading,
                Format.CSV.fileFormat(),
                csv.sparkOptions(),
                csv.schema().add(RAGGED, DataTypes.StringType));
        List<String> columns = new ArrayList<>(List.of(data.columns())); // those of partitions among them
        columns.remove(RAGGED);
        return new Table(files.path(), files, Format.CSV, data, List.copyOf(columns), csv.given(), csv, NO_COLUMNS);
    }

    /** Returns CSV files in which runs of blanks stand between cells: Spark's reader cannot cut them. */
    private static Table ofRuns(SparkSession spark, TableFiles files, CsvFiles csv) {
        Dataset<Row> lines = files.lines(spark, Map.of());
        boolean isPartitioned = lines.columns().length > 1;
        if (isPartitioned || !CsvCells.canCut(csv)) {
            String how = isPartitioned
                    ? "in partitions"
                    : csv.dialect().isByBytes()
                            ? "with more options"
                            : "in " + csv.dialect().encoding();
            throw new UserError(
                    files.path() + ": runs of blanks separate cells, which is not read " + how,
                    "awk '{$1=$1; print}' FILE writes one blank",
                    null);
        }
        StructType cells = csv.schema().add(RAGGED, DataTypes.StringType);
        Dataset<Row> data = spark.createDataFrame(CsvCells.of(lines, csv, List.of(cells.fieldNames()), false), cells);
        return new Table(files.path(), files, Format.CSV, data, csv.columns(), csv.given(), csv, NO_COLUMNS);
    }

    /** Returns whether rows may go on in the next line, within quotes. */
    boolean mayHaveLineBreaks() {
        return csv != null && !csv.dialect().hasRuns();
    }

    /** Returns the same CSV files with cells that hold line breaks. */
    Table withLineBreaks() {
        return of(spark(), files, csv.withLineBreaks());
    }

    /** Returns the path as it was given, or {@link #FRAME}. */
    public String path() {
        return path;
    }

    private SparkSession spark() {
        return data.sparkSession();
    }

    /**
     * Returns the rows, with hidden columns besides those of the schema. For CSV files the first call reads all their lines once, to
     * find line breaks in cells and bytes that are not of the encoding.
     *
     * @throws UserError when the headers of CSV files differ, or a row is not text in their encoding
     */
    public Dataset<Row> data() {
        return checked().data;
    }

    private synchronized Table checked() {
        if (checked == null) {
            boolean isToCheck = csv != null && csv.dialect().isByBytes() && csv.option("lineSep") == null;
            try {
                checked = isToCheck ? of(spark(), files, CsvScan.of(lines(), csv)) : this;
            } catch (Exception e) {
                throw SparkFailure.asUserError(path, e);
            }
        }
        return checked;
    }

    /** Returns the rows without reading CSV files first: they are right if cells further down are like those of the beginning. */
    Dataset<Row> unchecked() {
        return data;
    }

    /**
     * Returns columns of the rows in the canonical order, from partition to partition.
     *
     * @param inOnePartition whether all rows are to be in one partition
     */
    public JavaRDD<Row> ordered(List<Column> selected, boolean inOnePartition) {
        boolean isCut =
                selected.size() > MOST_COMPILED || (csv != null && csv.dialect().hasRuns());
        List<String> texts = isCut ? checked().cuttable(selected) : List.of();
        if (!texts.isEmpty()) {
            return CsvCells.of(lines(), checked().csv, texts, inOnePartition);
        }
        return OrderedRows.of(
                        data().select(selected.toArray(Column[]::new))
                                .toJavaRDD()
                                .rdd(),
                        inOnePartition)
                .toJavaRDD();
    }

    /** Returns the names of columns of a CSV table if {@link CsvCells} can read them; else none. */
    private List<String> cuttable(List<Column> selected) {
        if (csv == null || !CsvCells.canCut(csv) || lines().columns().length > 1) { // partitions are columns as well
            return List.of();
        }
        Map<Column, String> names = new HashMap<>();
        csv.columns().forEach(name -> names.put(column(name), name));
        names.put(functions.col(RAGGED), RAGGED);
        return names.keySet().containsAll(selected)
                ? selected.stream().map(names::get).toList()
                : List.of();
    }

    /** Returns the field that a column is in another table which has it, too. */
    public StructField field(String column) {
        return FileColumns.unmarked(data.schema().apply(column));
    }

    /** Returns the schema, without a look at the rows. */
    public Schema schema() {
        return schema(Map.of());
    }

    /**
     * Returns the schema with the sizes of vectors, arrays and LibSVM's lines: a Spark job for each such column.
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
        return schema(sizes);
    }

    private Schema schema(Map<String, Integer> sizes) {
        StructType types = data.schema();
        for (String column : found.problems().keySet()) {
            types = List.of(types.fieldNames()).contains(column) ? types : types.add(column, DataTypes.NullType);
        }
        return new Schema(
                path,
                format,
                columns,
                types,
                rowNames(),
                sizes,
                isOn(options, Format.ZERO_BASED) ? 0 : 1,
                found.problems());
    }

    /** Returns the greatest feature index; an index that is too great is reported when the rows are read. */
    private int greatestIndex() {
        return Math.min(
                LibSvmParser.MOST_FEATURES,
                data.toJavaRDD()
                        .map(row -> LibSvmParser.greatestIndex(row.getString(0)))
                        .fold(0, Math::max));
    }

    /** Returns the size of the first vector or array; others of other sizes are reported when the rows are read. */
    private int vectorSize(String column) {
        List<Row> first =
                data.select(column(column)).filter(column(column).isNotNull()).takeAsList(1);
        if (first.isEmpty()) {
            return 0;
        }
        return first.get(0).get(0) instanceof Vector vector
                ? vector.size()
                : first.get(0).getList(0).size();
    }

    /** Returns the number of its files; 0 where it is in none. */
    public int fileCount() {
        return files == null ? 0 : files.files().size();
    }

    /** Returns the number of bytes of its files. */
    public long byteCount() {
        return files == null
                ? 0
                : files.files().stream().mapToLong(FileStatus::getLen).sum();
    }

    /** Returns whether it is in files, whose order is that of its rows. */
    boolean isInFiles() {
        return format != null;
    }

    /** Returns what the files are as CSV; none where they are not CSV. */
    Optional<CsvFiles> csvFiles() {
        return Optional.ofNullable(csv);
    }

    /** Returns whether options of its reader were given that may be secrets, such as a password. */
    public boolean hasSecrets() {
        return !options.isEmpty() && (format == null || format == Format.AVRO);
    }

    /** Returns the lines of the files. */
    Dataset<Row> lines() {
        return files.lines(spark(), Map.of());
    }

    /** Returns whether numbers are texts with a comma before the fraction. */
    public boolean hasDecimalCommas() {
        return csv != null && csv.dialect().decimal() == ',';
    }

    private List<String> rowNames() {
        return csv == null ? List.of() : csv.rowNames();
    }

    /** Returns what a user should know of the way in which the table is read, a sentence each; most tables need none. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(files == null ? List.of() : files.notes());
        List<String> found = csv == null ? List.of() : csv.dialect().peculiarities();
        if (!found.isEmpty()) {
            notes.add(path + ": " + String.join(", ", found));
        }
        if (csv != null && !csv.dialect().hasHeader()) {
            notes.add(
                    path + ": the first row holds numbers, so it is read as a row and not as a header; the columns are "
                            + Schema.listed(columns) + " (" + SettingNames.mention("option", "header=true")
                            + " reads it as a header)");
        }
        if (!rowNames().isEmpty()) {
            notes.add(path + ": column " + String.join(", ", rowNames())
                    + " has no name in the header, like a column of row names: it is no feature unless "
                    + SettingNames.mention("features") + " names it");
        }
        return notes;
    }

    /** Returns the same files in another session, whose settings decide how they are read. */
    Dataset<Row> in(SparkSession session) {
        return files.read(session, format.fileFormat(), options, data.schema());
    }

    /** Returns the problem of a row whose {@link #RAGGED} is set; null where the table has no such column. */
    String raggedProblem() {
        if (!List.of(data.columns()).contains(RAGGED)) {
            return null;
        }
        return format == Format.CSV
                ? "does not have the " + csv.columns().size() + " cells of the header"
                : "is not a JSON object";
    }

    /** Returns a column by its exact name, which may contain dots. */
    public static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }
}
