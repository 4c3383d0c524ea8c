package io.firesteel.data;

import io.firesteel.base.UserError;
import io.firesteel.data.RowBatch.Head;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Reads a table's rows as numbers, each cell checked. */
public final class ExampleReader {
    /** So many rows mostly tell which columns are text. */
    private static final int FIRST_ROWS = 1000;

    private ExampleReader() {}

    /**
     * Reads all rows.
     *
     * @throws UserError on the first bad row in canonical order, and when there is no row
     */
    public static NumberedRows read(Table table, Columns columns) {
        NumberedRows rows;
        try {
            rows = NumberedRows.read(batches(table, columns));
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
        for (Head head : rows.heads()) {
            if (head.fault() != null) {
                rows.close();
                String message = place(rows, head, head.rows()) + head.fault().message();
                throw head.fault().isText() ? new NotANumber(message) : new UserError(message);
            }
        }
        if (rows.count() == 0) {
            rows.close();
            throw new UserError(table.path() + " has no rows: expected rows after the header");
        }
        return rows;
    }

    /**
     * Makes sure that rows with weights have one that counts.
     *
     * @throws UserError when the sum of their weights is 0
     */
    public static void expectWeight(Table table, Columns columns, Blocks blocks) {
        if (blocks.totalWeight() == 0) {
            throw new UserError(
                    table.path() + ", column " + columns.weight() + ": the weights are all 0, expected some above 0");
        }
    }

    /** The classes that the labels make. */
    public static List<String> classes(Table table, NumberedRows rows, Columns columns) {
        Set<String> labels = new TreeSet<>();
        for (Head head : rows.heads()) {
            labels.addAll(head.labels());
            if (labels.size() > Labeling.MOST_CLASSES) {
                throw new UserError(
                        table.path() + ": label column " + columns.labels().get(0) + " has more than "
                                + Labeling.MOST_CLASSES
                                + " distinct values: too many for classes; --task regression predicts numbers");
            }
        }
        List<String> classes = Labeling.classes(labels);
        if (classes.size() < 2) {
            throw new UserError(
                    table.path() + ": label column " + columns.labels().get(0) + " has one value only, "
                            + String.join("", classes) + ": a classification needs two classes at least");
        }
        return classes;
    }

    /** The columns with the categories that the rows have. */
    static Columns withCategories(Table table, NumberedRows rows, Columns columns) {
        Encoding encoding = columns.encoding();
        if (encoding.categories().isEmpty()) {
            return columns;
        }
        Map<Integer, Set<String>> found = rows.categories(Encoding.MOST_CATEGORIES);
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (encoding.isCategory(name)) {
                Set<String> values = found.getOrDefault(i, Set.of());
                if (values.isEmpty()) {
                    throw new UserError(
                            table.path() + ", column " + name + " has no values: --exclude " + name + " leaves it out");
                }
                if (values.size() > Encoding.MOST_CATEGORIES) {
                    throw new UserError(table.path() + ", column " + name + " has more than " + Encoding.MOST_CATEGORIES
                            + " distinct values: too many for categories; --exclude " + name + " leaves it out");
                }
                categories.put(name, Labeling.classes(values));
            }
        }
        return columns.encodedAs(encoding.withCategories(categories));
    }

    /**
     * The features whose values are not all numbers.
     *
     * @param all whether to look at all rows, or at the first ones
     */
    static List<String> textFeatures(Table table, Columns columns, boolean all) {
        if (table.format() == Format.LIBSVM || columns.vector() != null) {
            return List.of();
        }
        List<String> texts = columns.features().stream()
                .filter(name -> table.field(name).dataType() instanceof StringType)
                .toList();
        if (texts.isEmpty()) {
            return texts;
        }
        Dataset<Row> cells =
                table.data().select(texts.stream().map(Table::column).toArray(Column[]::new));
        int count = texts.size();
        try {
            BitSet found = all
                    ? cells.javaRDD()
                            .mapPartitions(
                                    rows -> List.of(notNumbers(rows, count)).iterator())
                            .fold(new BitSet(), ExampleReader::either)
                    : notNumbers(cells.takeAsList(FIRST_ROWS).iterator(), count);
            return found.stream().mapToObj(texts::get).toList();
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }

    private static BitSet either(BitSet all, BitSet some) {
        all.or(some);
        return all;
    }

    private static BitSet notNumbers(Iterator<Row> rows, int columns) {
        BitSet found = new BitSet();
        while (rows.hasNext()) {
            Row row = rows.next();
            for (int i = found.nextClearBit(0); i < columns; i = found.nextClearBit(i + 1)) {
                String text = row.isNullAt(i) ? "" : row.getString(i);
                if (!text.isBlank() && !text.equalsIgnoreCase("nan") && !Labeling.isNumber(text)) {
                    found.set(i);
                }
            }
        }
        return found;
    }

    /**
     * How the rows become examples of these classes, none where labels are numbers.
     *
     * @throws UserError on the first label, in canonical order, that is none of the classes
     */
    public static Packing packing(
            NumberedRows rows,
            Columns columns,
            List<String> classes,
            boolean sparse,
            int blockRows,
            Precision precision) {
        return new Packing(
                columns.features().size(),
                columns.labels().size(),
                columns.weight() != null,
                classes.isEmpty() ? Map.of() : classIndices(rows, columns, classes),
                columns.categories(),
                sparse,
                blockRows,
                precision);
    }

    /** The part of the features that the rows hold: not more than is not 0 where they are read without their zeros. */
    static double filled(NumberedRows rows, Columns columns) {
        return rows.filled() / ((double) rows.count() * columns.features().size());
    }

    /** Whether the rows' inputs are to be sparse. */
    public static boolean areSparse(NumberedRows rows, Columns columns) {
        return columns.sparse().packs(filled(rows, columns));
    }

    private static Map<String, Integer> classIndices(NumberedRows rows, Columns columns, List<String> classes) {
        Set<String> labels = new TreeSet<>();
        rows.heads().forEach(head -> labels.addAll(head.labels()));
        Map<String, Integer> indices = Labeling.indices(labels, classes);
        for (Head head : rows.heads()) {
            for (int i = 0; i < head.labels().size(); i++) {
                String label = head.labels().get(i);
                if (!indices.containsKey(label)) {
                    throw new UserError(place(rows, head, head.labelRows().get(i)) + ", column "
                            + columns.labels().get(0) + ": \"" + label + "\" is not a class of the model: expected "
                            + String.join(", ", classes));
                }
            }
        }
        return indices;
    }

    /** "data/x.csv, row 17" for a row of a batch. */
    private static String place(NumberedRows rows, Head head, int row) {
        return Table.place(head.origin().file(), rows.rowsBefore(head) + row + 1);
    }

    /** The greatest feature index in a LibSVM table; one that is too great is left for {@link #read} to report. */
    static int libSvmFeatures(Table table) {
        int features = Math.min(
                RowParser.LibSvm.MOST_FEATURES,
                table.data()
                        .toJavaRDD()
                        .map(row -> greatestIndex(row.getString(0)))
                        .fold(0, Math::max));
        if (features == 0) {
            throw new UserError(table.path() + " has no index:value pair: expected lines \"label 1:0.5 7:2 ...\"");
        }
        return features;
    }

    private static int greatestIndex(String line) {
        int greatest = 0;
        for (String part : line.trim().split("\\s+")) {
            if (part.startsWith("#")) {
                break; // a comment
            }
            int colon = part.indexOf(':');
            if (colon > 0) {
                greatest = Math.max(greatest, RowParser.LibSvm.index(part.substring(0, colon)));
            }
        }
        return greatest;
    }

    /** The size of a vector in a column of them; those that have another are left for {@link #read} to report. */
    static int vectorSize(Table table, String column) {
        List<Row> first = table.data()
                .select(Table.column(column))
                .filter(Table.column(column).isNotNull())
                .takeAsList(1);
        int size = first.isEmpty() ? 0 : ((Vector) first.get(0).get(0)).size();
        if (size == 0) {
            throw new UserError(table.path() + ", column " + column + ": "
                    + (first.isEmpty() ? "there is no vector" : "a vector of no numbers") + ", expected features");
        }
        return size;
    }

    /** The columns to select, and the parser for what they hold. */
    record Plan(List<Column> cells, RowParser parser) {}

    private static JavaRDD<RowBatch> batches(Table table, Columns columns) {
        Plan plan = plan(table, columns);
        Optional<CsvLines> lines = table.csvLines();
        if (lines.isPresent() && plan.parser instanceof RowParser.Cells cells) {
            return lines.get()
                    .rows(Table.ORIGIN)
                    .mapPartitions(RowBatches.of(lines.get().parser(cells), columns, 1));
        }
        RowBatches batches = RowBatches.of(plan.parser, columns, plan.cells.size());
        Optional<ColumnarScan> scan = columnar(table, plan);
        if (scan.isPresent()) {
            return scan.get().batches(batches);
        }
        return table.withOrigin(plan.cells).queryExecution().toRdd().toJavaRDD().mapPartitions(batches);
    }

    private static Optional<ColumnarScan> columnar(Table table, Plan plan) {
        if (!table.isInFiles()
                || !(plan.parser instanceof RowParser.Cells cells)
                || cells.raggedProblem() != null
                || cells.columns().vector() != null) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(cells.names());
        if (cells.columns().mark() != null) {
            names.add(cells.columns().mark());
        }
        return ColumnarScan.of(table.data(), names, Table.ORIGIN);
    }

    static Plan plan(Table table, Columns columns) {
        columns.expectIn(table);
        List<Column> selected = new ArrayList<>();
        RowParser parser;
        if (table.format() == Format.LIBSVM) {
            selected.add(functions.col(Table.LINE));
            parser = new RowParser.LibSvm(
                    columns.features().size(),
                    !columns.labels().isEmpty(),
                    columns.task() == Task.CLASSIFICATION,
                    columns.nonNegative(),
                    columns.encoding().missing() == Missing.MEAN);
        } else {
            List<String> names =
                    new ArrayList<>(columns.vector() == null ? columns.features() : List.of(columns.vector()));
            names.addAll(columns.labels());
            if (columns.weight() != null) {
                names.add(columns.weight());
            }
            List<DataType> types = new ArrayList<>();
            for (String name : names) {
                DataType type = table.field(name).dataType();
                boolean vector = name.equals(columns.vector());
                if (vector && !table.isOfVectors(name)) {
                    throw new UserError(table.path() + ", column " + name + " is of type " + type.catalogString()
                            + ": expected vectors");
                }
                if (!vector && !RowParser.isReadable(type)) {
                    String has = table.isOfVectors(name) ? "vector" : type.catalogString();
                    throw new UserError(table.path() + ", column " + name + " is of type " + has
                            + ": expected numbers or text (" + instead(type) + "--exclude " + name
                            + " leaves the column out)");
                }
                boolean number = type instanceof NumericType;
                selected.add(number ? Table.column(name).cast(DataTypes.DoubleType) : Table.column(name));
                types.add(number ? DataTypes.DoubleType : type);
            }
            if (table.raggedProblem() != null) {
                selected.add(functions.col(Table.RAGGED));
            }
            DataType mark = null;
            if (columns.mark() != null) {
                mark = table.field(columns.mark()).dataType();
                boolean number = mark instanceof NumericType;
                Column cell = Table.column(columns.mark());
                selected.add(number ? cell.cast(DataTypes.DoubleType) : cell);
                mark = number ? DataTypes.DoubleType : mark;
            }
            parser = RowParser.Cells.of(names, types, columns, table.raggedProblem(), mark);
        }
        return new Plan(selected, parser);
    }

    /** What to do with a column of a type that is not read. */
    private static String instead(DataType type) {
        if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return "of a date or time give year, month, hour, ... as numbers; ";
        }
        if (type instanceof ArrayType || type instanceof StructType || type instanceof MapType) {
            return "give its parts as columns of their own; ";
        }
        return "";
    }
}
