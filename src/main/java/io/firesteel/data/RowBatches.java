package io.firesteel.data;

import io.firesteel.data.RowBatch.Fault;
import io.firesteel.data.RowBatch.Head;
import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Collects the rows of a partition in batches; each batch is of one piece of a file.
 *
 * @param parser of a row's cells
 * @param sparse whether features that are 0 are left out
 * @param features of a row
 * @param others how many numbers follow them
 * @param originAt the cell that names the file; the next one is the first byte of the piece
 */
record RowBatches(RowParser parser, boolean sparse, int features, int others, int originAt)
        implements FlatMapFunction<Iterator<InternalRow>, RowBatch> {
    /** About 1 MiB of values a batch: enough to make Spark's cost for it small, little enough to hold many. */
    private static final int BATCH_VALUES = 1 << 17;

    static RowBatches of(RowParser parser, Columns columns, int originAt) {
        return new RowBatches(
                parser, columns.sparse().reads(), columns.features().size(), columns.others(), originAt);
    }

    /** The rows of a partition, one after the other. */
    interface Source extends Iterator<InternalRow> {
        /** Sets all features of the last row at once, if they are known to be finite numbers; says whether it did. */
        boolean setFeatures(Rows.Builder into);

        /** That of rows of which no more is known than their cells. */
        static Source of(Iterator<InternalRow> rows) {
            return new Source() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public InternalRow next() {
                    return rows.next();
                }

                @Override
                public boolean setFeatures(Rows.Builder into) {
                    return false;
                }
            };
        }
    }

    @Override
    public Iterator<RowBatch> call(Iterator<InternalRow> rows) {
        return of(Source.of(rows));
    }

    /** The batches of a partition. */
    Iterator<RowBatch> of(Source rows) {
        int capacity = Math.max(1, BATCH_VALUES / (features + others));
        Rows.Builder batch = Rows.builder(sparse, features, others, capacity);
        return new BatchIterator(rows, parser, features, batch, originAt);
    }

    private static final class BatchIterator implements Iterator<RowBatch>, RowParser.Dictionary, RowParser.RowView {
        private static final UserDefinedType<?> VECTORS = (UserDefinedType<?>) SQLDataTypes.VectorType();

        /** Of a vector as Spark holds it: its kind, size, indices and values. */
        private static final int VECTOR_FIELDS = 4;

        private final Source rows;
        private final RowParser parser;
        private final int features;
        private final Rows.Builder batch;
        private final int originAt;

        private InternalRow row; // read and not yet used, or null
        private Origin origin; // of the batch in work
        private UTF8String originFile;
        private long ordinal;
        private final Map<String, Integer> labels = new LinkedHashMap<>();
        private final List<Integer> labelRows = new ArrayList<>();
        private final NumberIndices numbers = new NumberIndices();
        private final Map<Integer, Map<String, Integer>> categories = new TreeMap<>();

        BatchIterator(Source rows, RowParser parser, int features, Rows.Builder batch, int originAt) {
            this.rows = rows;
            this.parser = parser;
            this.features = features;
            this.batch = batch;
            this.originAt = originAt;
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
            numbers.clear();
            categories.clear();
            BitSet marked = new BitSet();
            Fault fault = null;
            long largest = 0;
            while (fault == null && batch.size() + largest <= BATCH_VALUES && hasNext() && isOfPiece()) {
                long before = batch.size();
                try {
                    batch.begin();
                    parser.parse(this, this, batch);
                    boolean mark = parser.isMarked(this);
                    batch.end();
                    marked.set(batch.count() - 1, mark);
                    row = null;
                } catch (RowParser.BadRow e) {
                    fault = new Fault(e.getMessage(), e.isText());
                }
                largest = Math.max(largest, batch.size() - before);
            }
            if (fault != null) {
                skipPiece();
            }
            Rows taken = batch.take();
            Rows.Builder first = taken.builder(1);
            if (ordinal == 0 && taken.count() > 0) {
                first.add(taken, 0, 1);
            }
            Head head = new Head(
                    origin,
                    ordinal,
                    taken.count(),
                    taken.filled(),
                    first.take(),
                    List.copyOf(labels.keySet()),
                    List.copyOf(labelRows),
                    fault);
            ordinal += taken.count();
            Map<Integer, List<String>> ofBatch = new HashMap<>();
            categories.forEach((column, indices) -> ofBatch.put(column, List.copyOf(indices.keySet())));
            return new RowBatch(head, ofBatch, taken, marked);
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
        public int index(int column, String text) {
            if (column == features) {
                int index = index(labels, text, Labeling.MOST_CLASSES);
                if (index == labelRows.size()) {
                    labelRows.add(batch.count());
                }
                return index;
            }
            return index(
                    categories.computeIfAbsent(column, key -> new LinkedHashMap<>()), text, Encoding.MOST_CATEGORIES);
        }

        @Override
        public int index(int column, double number) {
            int index = numbers.of(number);
            if (index < 0) {
                index = RowParser.Dictionary.super.index(column, number);
                numbers.put(number, index);
            }
            return index;
        }

        private static int index(Map<String, Integer> dictionary, String text, int most) {
            Integer index = dictionary.get(text);
            if (index == null && dictionary.size() > most) {
                return 0; // too many already, as the driver will say
            }
            if (index == null) {
                index = dictionary.size();
                dictionary.put(text, index);
            }
            return index;
        }

        @Override
        public boolean setFeatures(Rows.Builder into) {
            return rows.setFeatures(into);
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

        @Override
        public Vector vector(int i) {
            return (Vector) VECTORS.deserialize(row.getStruct(i, VECTOR_FIELDS));
        }
    }

    /** The indices of labels that are numbers: the last one of each whose integer part ends in the same bits. */
    private static final class NumberIndices {
        private static final int SLOTS = 64;

        private final double[] numbers = new double[SLOTS];
        private final int[] indices = new int[SLOTS];

        NumberIndices() {
            clear();
        }

        void clear() {
            Arrays.fill(numbers, Double.NaN);
        }

        /** A number's index, if it is remembered; else -1. */
        int of(double number) {
            int slot = slot(number);
            return numbers[slot] == number ? indices[slot] : -1;
        }

        void put(double number, int index) {
            numbers[slot(number)] = number;
            indices[slot(number)] = index;
        }

        private static int slot(double number) {
            return (int) number & (SLOTS - 1);
        }
    }
}
