package io.firesteel.table;

import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowChunk.Position;
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
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Collects the rows of a partition in chunks, each of one piece of a file. A bad row does not throw: its fault ends the chunk,
 * and the rest of the piece is not read, so that the driver can report the first fault of all in the canonical order.
 *
 * @param parser of a row's cells
 * @param sparse whether features that are 0 are left out
 * @param features of a row
 * @param others how many numbers follow them
 * @param countsMissing whether missing features are counted, which indicators need
 * @param originAt the cell that names the file; the next one is the first byte of the piece
 */
record RowChunker(RowParser parser, boolean sparse, int features, int others, boolean countsMissing, int originAt)
        implements FlatMapFunction<Iterator<InternalRow>, RowChunk> {
    /**
     * The number of values of a chunk, about 1 MiB: enough to make Spark's overhead small, few enough to hold many
     * chunks.
     */
    private static final int CHUNK_VALUES = 1 << 17;

    static RowChunker of(RowParser parser, Columns columns, int originAt) {
        return new RowChunker(
                parser,
                columns.sparse().reads(),
                columns.features().size(),
                columns.others(),
                columns.encoding().missing() == Encoding.Missing.INDICATOR,
                originAt);
    }

    /** The rows of a partition, one after the other. */
    interface Input extends Iterator<InternalRow> {
        /** Sets all features of the last row if they are known to be finite numbers; returns whether it did. */
        boolean setFeatures(Rows.Builder into);

        /** Returns an input of rows of which only the cells are known. */
        static Input of(Iterator<InternalRow> rows) {
            return new Input() {
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
    public Iterator<RowChunk> call(Iterator<InternalRow> rows) {
        return of(Input.of(rows));
    }

    /** Returns the chunks of a partition. */
    Iterator<RowChunk> of(Input rows) {
        int capacity = Math.max(1, CHUNK_VALUES / (features + others));
        Rows.Builder chunk = Rows.builder(sparse, features, others, capacity);
        return new ChunkIterator(rows, parser, features, chunk, countsMissing, originAt);
    }

    private static final class ChunkIterator implements Iterator<RowChunk>, RowParser.Dictionary, RowParser.RowView {
        private static final UserDefinedType<?> VECTORS = (UserDefinedType<?>) SQLDataTypes.VectorType();

        /** The number of fields of a vector in Spark's rows: kind, size, indices and values. */
        private static final int VECTOR_FIELDS = 4;

        private final Input rows;
        private final RowParser parser;
        private final int features;
        private final Rows.Builder chunk;
        private final boolean countsMissing;
        private final int originAt;

        private InternalRow row; // read and not yet used, or null
        private Origin origin; // of the chunk in work
        private UTF8String originFile;
        private long ordinal;
        private final Map<String, Integer> labels = new LinkedHashMap<>();
        private final List<Integer> labelRows = new ArrayList<>();
        private final NumberIndices numbers = new NumberIndices();
        private final Map<Integer, Map<String, Integer>> categories = new TreeMap<>();

        ChunkIterator(
                Input rows, RowParser parser, int features, Rows.Builder chunk, boolean countsMissing, int originAt) {
            this.rows = rows;
            this.parser = parser;
            this.features = features;
            this.chunk = chunk;
            this.countsMissing = countsMissing;
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
        public RowChunk next() {
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
            RowFault fault = null;
            long largest = 0;
            while (fault == null && chunk.size() + largest <= CHUNK_VALUES && hasNext() && isOfPiece()) {
                long before = chunk.size();
                try {
                    chunk.begin();
                    parser.parse(this, this, chunk);
                    boolean mark = parser.isMarked(this);
                    chunk.end();
                    marked.set(chunk.count() - 1, mark);
                    row = null;
                } catch (RowParser.BadRow e) {
                    fault = e.fault();
                }
                largest = Math.max(largest, chunk.size() - before);
            }
            if (fault != null) {
                skipPiece();
            }
            Rows taken = chunk.take();
            Rows.Builder first = taken.builder(1);
            if (ordinal == 0 && taken.count() > 0) {
                first.add(taken, 0, 1);
            }
            Head head = new Head(
                    new Position(origin, ordinal),
                    taken.count(),
                    taken.filled(),
                    countsMissing ? taken.missing() : Map.of(),
                    first.take(),
                    List.copyOf(labels.keySet()),
                    List.copyOf(labelRows),
                    fault);
            ordinal += taken.count();
            Map<Integer, List<String>> ofChunk = new HashMap<>();
            categories.forEach((column, indices) -> ofChunk.put(column, List.copyOf(indices.keySet())));
            return new RowChunk(head, ofChunk, taken, marked);
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
                    labelRows.add(chunk.count());
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
        public long whole(int i) {
            return row.getLong(i);
        }

        @Override
        public int days(int i) {
            return row.getInt(i);
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
        public UTF8String utf8(int i) {
            return row.getUTF8String(i);
        }

        @Override
        public Vector vector(int i) {
            return (Vector) VECTORS.deserialize(row.getStruct(i, VECTOR_FIELDS));
        }

        @Override
        public double[] array(int i) {
            ArrayData cells = row.getArray(i);
            double[] numbers = new double[cells.numElements()];
            Arrays.setAll(numbers, k -> cells.isNullAt(k) ? Double.NaN : cells.getDouble(k));
            return numbers;
        }
    }

    /** A cache of the indices of labels that are numbers, by the last bits of their integer parts. */
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

        /** Returns a number's index if it is in the cache, else -1. */
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
