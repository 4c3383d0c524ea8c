package io.firesteel.table;

import io.firesteel.model.CellRules.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of Parquet and ORC files, taken from the columns that Spark's reader returns, without Spark's copy to rows.
 * With more than a hundred columns Spark's code for that copy is too long to be compiled (measured: 18 s for 60,000
 * rows of 785 columns).
 */
final class ColumnarSource implements RowSource {
    private static final Set<Format> COLUMNAR = Set.of(Format.PARQUET, Format.ORC);

    /** The kinds of numbers that may not become doubles. */
    private static final Set<Kind> EXACT = Set.of(Kind.LONG, Kind.NANOS);

    /** The number of values that are read at a time: few enough to stay in a cache. */
    private static final int BATCH_VALUES = 1 << 18;

    /** The number of cells at the end of a row that tell its origin. */
    private static final int ORIGIN_CELLS = 2;

    private static final int LEAST_BATCH_ROWS = 64;
    private static final int MOST_BATCH_ROWS = 4096; // Spark's default

    private final FileSourceScanExec scan;
    private final int[] order;
    private final CellSelection cells;
    private final Columns columns;

    private ColumnarSource(FileSourceScanExec scan, int[] order, CellSelection cells, Columns columns) {
        this.scan = scan;
        this.order = order;
        this.cells = cells;
        this.columns = columns;
    }

    /** Returns the source of a table; none where Spark reads row by row, or a number is of a type that Java lacks. */
    static Optional<ColumnarSource> of(Table table, CellSelection cells, Columns columns) {
        boolean hasMore = cells.cells().size() > cells.names().size(); // than columns
        if (!table.isInFiles()
                || !COLUMNAR.contains(table.schema().format())
                || !columns.vectors().isEmpty()
                || hasMore) {
            return Optional.empty();
        }
        List<Column> selected = new ArrayList<>();
        cells.names().forEach(name -> selected.add(Table.column(name)));
        Origin.COLUMNS.forEach(name -> selected.add(functions.col(name)));
        int rows = Math.max(LEAST_BATCH_ROWS, Math.min(MOST_BATCH_ROWS, BATCH_VALUES / selected.size()));
        SparkPlan plan = table.in(session(table.data().sparkSession(), rows))
                .select(selected.toArray(Column[]::new))
                .queryExecution()
                .sparkPlan();
        while (plan instanceof ProjectExec project) {
            plan = project.child();
        }
        return plan instanceof FileSourceScanExec scan && scan.supportsColumnar()
                ? of(scan, cells, columns)
                : Optional.empty();
    }

    /**
     * Returns a session with the settings of another that reads columns of any number, in batches of this many rows.
     */
    private static SparkSession session(SparkSession like, int rows) {
        String batch = Integer.toString(rows);
        return SessionCopy.of(
                like,
                Map.of(
                        "spark.sql.codegen.maxFields", Integer.toString(Integer.MAX_VALUE), // more are read row by row
                        "spark.sql.parquet.columnarReaderBatchSize", batch,
                        "spark.sql.orc.columnarReaderBatchSize", batch));
    }

    private static Optional<ColumnarSource> of(FileSourceScanExec scan, CellSelection cells, Columns chosen) {
        List<Attribute> columns = CollectionConverters.asJava(scan.output());
        if (columns.stream().anyMatch(column -> column.dataType() instanceof DecimalType)) {
            return Optional.empty();
        }
        List<String> places =
                columns.stream().map(Attribute::name).toList(); // the table's columns, then Spark's hidden ones
        Map<String, Integer> placeOf = new HashMap<>();
        IntStream.range(0, places.size()).forEach(i -> placeOf.putIfAbsent(places.get(i), i));
        int[] order = IntStream.concat(
                        cells.names().stream().mapToInt(placeOf::get),
                        Origin.COLUMNS.stream()
                                .mapToInt(name -> places.lastIndexOf(name.substring(name.indexOf('.') + 1))))
                .toArray();
        return Optional.of(new ColumnarSource(scan, order, cells, chosen));
    }

    @Override
    public JavaRDD<RowChunk> chunks() {
        RowChunker chunker =
                RowChunker.of(cells.parser(), columns, cells.cells().size());
        boolean[] exact = new boolean[order.length]; // whether a whole number is not to become a double
        if (cells.parser() instanceof CellParser parser) {
            for (int i = 0; i < parser.kinds().size(); i++) {
                exact[i] = EXACT.contains(parser.kinds().get(i));
            }
        }
        int plain = columns.encoding().dates().isEmpty() ? chunker.features() : 0;
        return scan.executeColumnar().toJavaRDD().mapPartitions(new OfRows(order, exact, plain, chunker));
    }

    /**
     * Makes chunks of batches.
     *
     * @param plain the number of features that may be taken as they are; 0 where a column is not one feature
     */
    private record OfRows(int[] order, boolean[] exact, int plain, RowChunker chunker)
            implements FlatMapFunction<Iterator<ColumnarBatch>, RowChunk> {
        @Override
        public Iterator<RowChunk> call(Iterator<ColumnarBatch> batches) {
            return chunker.of(new ColumnarRows(batches, order, exact, plain));
        }
    }

    /** The rows of batches, with the columns in another order. */
    private static final class ColumnarRows implements RowChunker.Input {
        private final Iterator<ColumnarBatch> batches;
        private final int[] order;
        private final boolean[] exact;
        private final double[][] features; // by column, where arePlain
        private boolean arePlain;
        private Iterator<InternalRow> rows = List.<InternalRow>of().iterator();
        private int row;

        ColumnarRows(Iterator<ColumnarBatch> batches, int[] order, boolean[] exact, int features) {
            this.batches = batches;
            this.order = order;
            this.exact = exact;
            this.features = new double[features][];
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && batches.hasNext()) {
                rows = ordered(batches.next()).rowIterator();
                row = -1;
            }
            return rows.hasNext();
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            row++;
            return rows.next();
        }

        /** Sets all features if all rows of the batch hold finite numbers only. */
        @Override
        public boolean setFeatures(Rows.Builder into) {
            if (arePlain) {
                into.set(features, row);
            }
            return arePlain;
        }

        private ColumnarBatch ordered(ColumnarBatch batch) {
            int count = batch.numRows();
            ColumnVector[] columns = new ColumnVector[order.length];
            arePlain = true;
            for (int i = 0; i < order.length; i++) {
                ColumnVector column = batch.column(order[i]);
                boolean isNumber =
                        i < order.length - ORIGIN_CELLS && !exact[i] && column.dataType() instanceof NumericType;
                boolean isDouble = column.dataType() instanceof DoubleType;
                boolean isFeature = i < features.length;
                double[] numbers = isNumber && (isFeature || !isDouble) ? numbers(column, count) : null;
                if (isFeature) {
                    features[i] = numbers;
                    arePlain = arePlain && isNumber && !column.hasNull() && areFinite(numbers);
                }
                columns[i] = isNumber && !isDouble ? doubles(numbers, column) : column;
            }
            return new ColumnarBatch(columns, count);
        }

        /** Returns the numbers of a column; of a column of another type an array without meaning. */
        private static double[] numbers(ColumnVector column, int rows) {
            DataType type = column.dataType();
            if (type instanceof DoubleType && !column.hasNull()) {
                return column.getDoubles(0, rows);
            } else if (type instanceof DoubleType) {
                return numbers(column, rows, column::getDouble);
            } else if (type instanceof IntegerType) {
                return numbers(column, rows, column::getInt);
            } else if (type instanceof FloatType) {
                return numbers(column, rows, column::getFloat);
            } else if (type instanceof LongType) {
                return numbers(column, rows, column::getLong);
            } else if (type instanceof ShortType) {
                return numbers(column, rows, column::getShort);
            } else if (type instanceof ByteType) {
                return numbers(column, rows, column::getByte);
            }
            throw new IllegalStateException(type.catalogString());
        }

        private static double[] numbers(ColumnVector column, int rows, IntToDoubleFunction number) {
            boolean hasNull = column.hasNull();
            double[] numbers = new double[rows];
            for (int i = 0; i < rows; i++) {
                numbers[i] = hasNull && column.isNullAt(i) ? 0 : number.applyAsDouble(i);
            }
            return numbers;
        }

        private static boolean areFinite(double[] numbers) {
            double sum = 0;
            for (double number : numbers) {
                sum += number * 0; // NaN for one that is not finite
            }
            return sum == 0;
        }

        private static ColumnVector doubles(double[] numbers, ColumnVector like) {
            OnHeapColumnVector doubles = new OnHeapColumnVector(numbers.length, DataTypes.DoubleType);
            doubles.putDoubles(0, numbers.length, numbers, 0);
            for (int i = 0; like.hasNull() && i < numbers.length; i++) {
                if (like.isNullAt(i)) {
                    doubles.putNull(i);
                }
            }
            return doubles;
        }
    }
}
