package io.firesteel.data;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Task;
import io.firesteel.spark.Blocks;
import io.firesteel.spark.NumberedRows;
import io.firesteel.spark.Origin;
import io.firesteel.spark.Packing;
import io.firesteel.spark.RowBatch;
import io.firesteel.spark.RowBatch.Fault;
import io.firesteel.spark.RowBatch.Head;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads a table's rows as numbers, each cell checked. */
public final class ExampleReader {
    /** About 1 MiB of values a batch: enough to make Spark's cost for it small, little enough to hold many. */
    private static final int BATCH_VALUES = 1 << 17;

    /** Spark's hidden columns that tell where a row is from: the file, and the first byte of the piece of it. */
    private static final List<String> ORIGIN = List.of("_metadata.file_path", "_metadata.file_block_start");

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
                throw new UserError(
                        place(rows, head, head.rows()) + head.fault().message());
            }
        }
        if (rows.count() == 0) {
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

    /**
     * How the rows become examples of these classes, none where labels are numbers.
     *
     * @throws UserError on the first label, in canonical order, that is none of the classes
     */
    public static Packing packing(
            NumberedRows rows, Columns columns, List<String> classes, int blockRows, Precision precision) {
        return new Packing(
                columns.features().size(),
                columns.labels().size(),
                columns.weight() != null,
                classes.isEmpty() ? Map.of() : classIndices(rows, columns, classes),
                blockRows,
                precision);
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

    /** "data/x.csv, row 17" for a row of a batch; a file's first row after the header is row 1. */
    private static String place(NumberedRows rows, Head head, int row) {
        return readable(head.origin().file()) + ", row " + (rows.rowsBefore(head) + row + 1);
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

    /** The columns to select, and the parser for what they hold. */
    record Plan(List<Column> cells, RowParser parser) {}

    private static JavaRDD<RowBatch> batches(Table table, Columns columns) {
        Plan plan = plan(table, columns);
        JavaRDD<InternalRow> rows = columnar(table, plan).orElseGet(() -> {
            List<Column> selected = new ArrayList<>(plan.cells);
            ORIGIN.forEach(name -> selected.add(functions.col(name)));
            return table.data()
                    .select(selected.toArray(Column[]::new))
                    .queryExecution()
                    .toRdd()
                    .toJavaRDD();
        });
        return rows.mapPartitions(new Batches(plan.parser, columns.width(), plan.cells.size()));
    }

    private static Optional<JavaRDD<InternalRow>> columnar(Table table, Plan plan) {
        return plan.parser instanceof RowParser.Cells cells && cells.raggedProblem() == null
                ? ColumnarScan.of(table.data(), cells.names(), ORIGIN)
                : Optional.empty();
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
                    columns.nonNegative());
        } else {
            List<String> names = new ArrayList<>(columns.features());
            names.addAll(columns.labels());
            if (columns.weight() != null) {
                names.add(columns.weight());
            }
            List<DataType> types = new ArrayList<>();
            for (String name : names) {
                DataType type = table.field(name).dataType();
                if (!RowParser.isReadable(type)) {
                    throw new UserError(table.path() + ", column " + name + " is of type " + type.catalogString()
                            + ": expected numbers or text (--exclude " + name + " leaves the column out)");
                }
                boolean number = type instanceof NumericType;
                selected.add(number ? Table.column(name).cast(DataTypes.DoubleType) : Table.column(name));
                types.add(number ? DataTypes.DoubleType : type);
            }
            if (table.raggedProblem() != null) {
                selected.add(functions.col(Table.RAGGED));
            }
            parser = new RowParser.Cells(names, types, columns, table.raggedProblem());
        }
        return new Plan(selected, parser);
    }

    /** Collects the rows of a partition in batches; each batch is of one piece of a file. */
    private record Batches(RowParser parser, int width, int originAt)
            implements FlatMapFunction<Iterator<InternalRow>, RowBatch> {
        @Override
        public Iterator<RowBatch> call(Iterator<InternalRow> rows) {
            return new BatchIterator(rows, parser, width, originAt);
        }
    }

    private static final class BatchIterator implements Iterator<RowBatch>, RowParser.Labels, RowParser.RowView {
        private final Iterator<InternalRow> rows;
        private final RowParser parser;
        private final int width;
        private final int originAt;
        private final int capacity;

        private InternalRow row; // read and not yet used, or null
        private Origin origin; // of the batch in work
        private UTF8String originFile;
        private long ordinal;
        private final Map<String, Integer> labels = new LinkedHashMap<>();
        private final List<Integer> labelRows = new ArrayList<>();
        private int filled;

        BatchIterator(Iterator<InternalRow> rows, RowParser parser, int width, int originAt) {
            this.rows = rows;
            this.parser = parser;
            this.width = width;
            this.originAt = originAt;
            this.capacity = Math.max(1, BATCH_VALUES / width);
        }

        @Override
        public boolean hasNext() {
            if (row == null && rows.hasNext()) {
                row = rows.next();
            }
            return row != null;
        }

        @Override
        public RowBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (origin == null || !isOfPiece()) {
                originFile = row.getUTF8String(originAt).clone();
                origin = new Origin(originFile.toString(), row.getLong(originAt + 1));
                ordinal = 0;
            }
            labels.clear();
            labelRows.clear();
            double[] values = new double[capacity * width];
            Fault fault = null;
            for (filled = 0; filled < capacity && fault == null && hasNext() && isOfPiece(); filled++) {
                try {
                    parser.parse(this, this, values, filled * width);
                    row = null;
                } catch (RowParser.BadRow e) {
                    fault = new Fault(e.getMessage());
                    filled--;
                }
            }
            if (fault != null) {
                skipPiece();
            }
            Head head = new Head(
                    origin,
                    ordinal,
                    filled,
                    ordinal > 0 || filled == 0 ? new double[0] : Arrays.copyOf(values, width),
                    List.copyOf(labels.keySet()),
                    List.copyOf(labelRows),
                    fault);
            ordinal += filled;
            return new RowBatch(head, filled == capacity ? values : Arrays.copyOf(values, filled * width));
        }

        private boolean isOfPiece() {
            return row.getLong(originAt + 1) == origin.start()
                    && row.getUTF8String(originAt).equals(originFile);
        }

        private void skipPiece() {
            while (hasNext() && isOfPiece()) {
                row = null;
            }
        }

        @Override
        public int index(String label) {
            Integer index = labels.get(label);
            if (index == null && labels.size() > Labeling.MOST_CLASSES) {
                return 0; // too many already to be classes, as the driver will say
            }
            if (index == null) {
                index = labels.size();
                labels.put(label, index);
                labelRows.add(filled);
            }
            return index;
        }

        @Override
        public boolean isNull(int i) {
            return row.isNullAt(i);
        }

        @Override
        public double number(int i) {
            return row.getDouble(i);
        }

        @Override
        public boolean isTrue(int i) {
            return row.getBoolean(i);
        }

        @Override
        public String text(int i) {
            return row.getUTF8String(i).toString();
        }
    }
}
