package io.firesteel.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
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
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The cells of a table whose files Spark reads column by column, Parquet and ORC: they are taken from the reader's columns,
 * without the row that Spark would copy them to. With more than a hundred columns that copy is made in code too long to be
 * compiled (measured: 18 s for 60,000 rows of 785 columns).
 */
final class ColumnarScan {
    /** The values that are read at a time: few enough to stay in a cache. */
    private static final int BATCH_VALUES = 1 << 18;

    private static final int LEAST_BATCH_ROWS = 64;
    private static final int MOST_BATCH_ROWS = 4096; // Spark's default

    private ColumnarScan() {}

    /**
     * Rows of the named columns, numbers as doubles, then of the file and the first byte of the piece that the row is from.
     * None where Spark reads row by row, and where a number is of a type that is not one of Java's.
     *
     * @param origin the columns of file and first byte
     */
    static Optional<JavaRDD<InternalRow>> of(Dataset<Row> table, List<String> names, List<String> origin) {
        List<Column> selected = new ArrayList<>();
        names.forEach(name -> selected.add(Table.column(name)));
        origin.forEach(name -> selected.add(functions.col(name)));
        int rows = Math.max(LEAST_BATCH_ROWS, Math.min(MOST_BATCH_ROWS, BATCH_VALUES / selected.size()));
        Map<String, String> settings = Map.of(
                "spark.sql.codegen.maxFields", Integer.toString(Integer.MAX_VALUE), // more columns are read row by row
                "spark.sql.parquet.columnarReaderBatchSize", Integer.toString(rows),
                "spark.sql.orc.columnarReaderBatchSize", Integer.toString(rows));
        RuntimeConfig session = table.sparkSession().conf();
        Map<String, String> before = new HashMap<>();
        settings.keySet().forEach(key -> before.put(key, session.get(key)));
        try {
            settings.forEach(session::set);
            SparkPlan plan = table.select(selected.toArray(Column[]::new))
                    .queryExecution()
                    .sparkPlan();
            while (plan instanceof ProjectExec project) {
                plan = project.child();
            }
            return plan instanceof FileSourceScanExec scan && scan.supportsColumnar()
                    ? cells(scan, names, origin)
                    : Optional.empty();
        } finally {
            before.forEach(session::set);
        }
    }

    private static Optional<JavaRDD<InternalRow>> cells(
            FileSourceScanExec scan, List<String> names, List<String> origin) {
        List<Attribute> columns = CollectionConverters.asJava(scan.output());
        if (columns.stream().anyMatch(column -> column.dataType() instanceof DecimalType)) {
            return Optional.empty();
        }
        List<String> places =
                columns.stream().map(Attribute::name).toList(); // the table's columns, then Spark's hidden ones
        int[] order = IntStream.concat(
                        names.stream().mapToInt(places::indexOf),
                        origin.stream().mapToInt(name -> places.lastIndexOf(name.substring(name.indexOf('.') + 1))))
                .toArray();
        return Optional.of(scan.executeColumnar().toJavaRDD().mapPartitions(new Rows(order)));
    }

    /** The rows of each batch, with its columns in another order. */
    private record Rows(int[] order) implements FlatMapFunction<Iterator<ColumnarBatch>, InternalRow> {
        @Override
        public Iterator<InternalRow> call(Iterator<ColumnarBatch> batches) {
            return new Iterator<>() {
                private Iterator<InternalRow> rows = List.<InternalRow>of().iterator();

                @Override
                public boolean hasNext() {
                    while (!rows.hasNext() && batches.hasNext()) {
                        rows = ordered(batches.next()).rowIterator();
                    }
                    return rows.hasNext();
                }

                @Override
                public InternalRow next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return rows.next();
                }
            };
        }

        private ColumnarBatch ordered(ColumnarBatch batch) {
            ColumnVector[] columns = new ColumnVector[order.length];
            for (int i = 0; i < order.length; i++) {
                ColumnVector column = batch.column(order[i]);
                boolean isCell = i < order.length - 2;
                columns[i] = isCell && column.dataType() instanceof NumericType
                        ? new Doubles(column, batch.numRows())
                        : column;
            }
            return new ColumnarBatch(columns, batch.numRows());
        }
    }

    /** A column of numbers, all read as doubles at once; of one without nulls no row is asked whether it is one. */
    private static final class Doubles extends ColumnVector {
        private final ColumnVector numbers;
        private final boolean hasNull;
        private final double[] values;

        Doubles(ColumnVector numbers, int rows) {
            super(DataTypes.DoubleType);
            this.numbers = numbers;
            this.hasNull = numbers.hasNull();
            this.values = new double[rows];
            DataType type = numbers.dataType();
            if (type instanceof DoubleType) {
                read(numbers::getDouble);
            } else if (type instanceof IntegerType) {
                read(numbers::getInt);
            } else if (type instanceof FloatType) {
                read(numbers::getFloat);
            } else if (type instanceof LongType) {
                read(numbers::getLong);
            } else if (type instanceof ShortType) {
                read(numbers::getShort);
            } else if (type instanceof ByteType) {
                read(numbers::getByte);
            } else {
                throw new IllegalStateException(type.catalogString());
            }
        }

        private void read(IntToDoubleFunction number) {
            for (int i = 0; i < values.length; i++) {
                values[i] = isNullAt(i) ? 0 : number.applyAsDouble(i);
            }
        }

        @Override
        public double getDouble(int row) {
            return values[row];
        }

        @Override
        public boolean isNullAt(int row) {
            return hasNull && numbers.isNullAt(row);
        }

        @Override
        public boolean hasNull() {
            return hasNull;
        }

        @Override
        public int numNulls() {
            return numbers.numNulls();
        }

        @Override
        public void close() {
            numbers.close();
        }

        // Of a column of doubles nothing else is asked.

        @Override
        public boolean getBoolean(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte getByte(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public short getShort(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getInt(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLong(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float getFloat(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ColumnarArray getArray(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ColumnarMap getMap(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public org.apache.spark.sql.types.Decimal getDecimal(int row, int precision, int scale) {
            throw new UnsupportedOperationException();
        }

        @Override
        public UTF8String getUTF8String(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] getBinary(int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ColumnVector getChild(int ordinal) {
            throw new UnsupportedOperationException();
        }
    }
}
