package io.firesteel.data;

import com.univocity.parsers.csv.CsvParser;
import io.firesteel.spark.Rows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.csv.CSVHeaderChecker;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of CSV files, cut out of their lines here: what Spark's reader makes of them, but several times as fast. A line
 * without quotes is cut at its delimiters; any other goes to the library that Spark's reader uses, with the same settings.
 */
final class CsvLines {
    /*
     * Measured (AMD EPYC, two cores, 28 numbers of 17 digits a row): of the time from a file to blocks by way of Spark's
     * reader half was that library's, which looks at each character through its general machinery, and a fifth was making
     * and copying texts.
     */
    private static final char QUOTE = '"';

    /** The options that this class knows; with any other Spark's reader is asked. */
    private static final Set<String> KNOWN = Set.of("header", "sep", "delimiter");

    private final Dataset<Row> lines;
    private final Map<String, String> options;
    private final StructType header;
    private final char delimiter;

    private CsvLines(Dataset<Row> lines, Map<String, String> options, StructType header, char delimiter) {
        this.lines = lines;
        this.options = options;
        this.header = header;
        this.delimiter = delimiter;
    }

    /**
     * The lines of files.
     *
     * @param given the options that the user gave
     * @param options all options of Spark's reader
     * @param header the columns, all text
     * @return none where only Spark's reader can read them
     */
    static Optional<CsvLines> of(
            SparkSession spark,
            String path,
            Map<String, String> given,
            Map<String, String> options,
            StructType header) {
        if (!given.keySet().stream().allMatch(name -> KNOWN.contains(name.toLowerCase(Locale.ROOT)))) {
            return Optional.empty();
        }
        String delimiter = csvOptions(options).delimiter();
        Dataset<Row> lines = spark.read().text(path);
        boolean isPlain = delimiter.length() == 1
                && (delimiter.charAt(0) > ' ' || delimiter.charAt(0) == '\t')
                && delimiter.charAt(0) != QUOTE;
        boolean hasPartitions = lines.columns().length > 1;
        return isPlain && !hasPartitions
                ? Optional.of(new CsvLines(lines, new HashMap<>(options), header, delimiter.charAt(0)))
                : Optional.empty();
    }

    static CSVOptions csvOptions(Map<String, String> options) {
        return new CSVOptions(scala.collection.immutable.Map.from(CollectionConverters.asScala(options)), false, "UTC");
    }

    /**
     * The lines that are rows, with the file and the first byte of the piece that each is from.
     *
     * @param origin the columns of these two
     */
    JavaRDD<InternalRow> rows(List<String> origin) {
        List<Column> selected = new ArrayList<>(List.of(functions.col(Table.LINE)));
        origin.forEach(name -> selected.add(functions.col(name)));
        return lines.select(selected.toArray(Column[]::new))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new Body(options, header));
    }

    /** Parses the cells of such a row, whose columns are all text. */
    RowParser parser(RowParser.Cells cells) {
        List<String> columns = List.of(header.fieldNames());
        List<String> names = cells.names();
        boolean isMarked = cells.markType() != null;
        int[] places = new int[names.size() + (isMarked ? 2 : 1)];
        for (int i = 0; i < names.size(); i++) {
            places[i] = columns.indexOf(names.get(i));
        }
        if (isMarked) {
            places[names.size() + 1] = columns.indexOf(cells.columns().mark());
        }
        return new Parser(cells, new Cut(places, names.size(), columns.size(), delimiter), options);
    }

    /** Leaves out blank lines and headers, which are checked. */
    private record Body(Map<String, String> options, StructType header)
            implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
        @Override
        public Iterator<InternalRow> call(Iterator<InternalRow> lines) {
            CSVOptions csv = csvOptions(options);
            return new Iterator<>() {
                private InternalRow next;
                private UTF8String file;
                private boolean headerIsNext;

                @Override
                public boolean hasNext() {
                    while (next == null && lines.hasNext()) {
                        InternalRow row = lines.next();
                        UTF8String line = row.getUTF8String(0);
                        if (isBlank(line)) {
                            continue;
                        }
                        UTF8String of = row.getUTF8String(1);
                        if (!of.equals(file)) {
                            file = of.clone();
                            headerIsNext = csv.headerFlag();
                        }
                        if (headerIsNext && row.getLong(2) == 0) {
                            new CSVHeaderChecker(header, csv, "CSV file: " + file, true)
                                    .checkHeaderColumnNames(line.toString());
                            headerIsNext = false;
                        } else {
                            next = row;
                        }
                    }
                    return next != null;
                }

                @Override
                public InternalRow next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    InternalRow row = next;
                    next = null;
                    return row;
                }
            };
        }

        private static boolean isBlank(UTF8String line) {
            for (int i = 0; i < line.numBytes(); i++) {
                byte b = Platform.getByte(line.getBaseObject(), line.getBaseOffset() + i);
                if (b > ' ' || b < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Cuts a row into cells and has them parsed. */
    private static final class Parser implements RowParser {
        private static final long serialVersionUID = 1;

        private final Cells cells;
        private final Cut cut;
        private final Map<String, String> options;
        private transient CsvParser library;

        Parser(Cells cells, Cut cut, Map<String, String> options) {
            this.cells = cells;
            this.cut = cut;
            this.options = options;
        }

        @Override
        public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
            String line = row.text(0);
            if (!cut.plain(line)) {
                if (library == null) {
                    library = new CsvParser(csvOptions(options).asParserSettings());
                }
                cut.set(line, library.parseLine(line));
            }
            cells.parse(cut, dictionary, into);
        }

        @Override
        public boolean isMarked(RowView row) throws BadRow {
            return cells.isMarked(cut); // which holds the row that was parsed
        }
    }

    /**
     * A line in cells, seen as a row of those that are asked for. Where it has not as many as the header, one more holds it
     * whole.
     */
    static final class Cut implements RowParser.RowView, Serializable {
        private static final long serialVersionUID = 1;

        private final int[] places; // of each cell that is asked for among those of the line
        private final int whole; // the number of the whole line among them
        private final char delimiter;
        private final int[] starts;
        private final int[] ends;
        private final int width;

        private String line;
        private String[] tokens; // null when starts and ends tell the cells
        private boolean isRagged;

        Cut(int[] places, int whole, int width, char delimiter) {
            this.places = places;
            this.whole = whole;
            this.width = width;
            this.delimiter = delimiter;
            this.starts = new int[width];
            this.ends = new int[width];
        }

        /** Cuts a line at its delimiters; false for one that is more than that. */
        boolean plain(String row) {
            int count = 0;
            int start = 0;
            int length = row.length();
            for (int i = 0; i <= length; i++) {
                char c = i < length ? row.charAt(i) : delimiter;
                if (c == delimiter) {
                    if (count < width) {
                        trim(row, count, start, i);
                    }
                    count++;
                    start = i + 1;
                } else if (c == QUOTE || (c < ' ' && c != '\t')) {
                    return false;
                }
            }
            line = row;
            tokens = null;
            isRagged = count != width;
            return true;
        }

        private void trim(String row, int cell, int from, int to) {
            int start = from;
            int end = to;
            while (start < end && row.charAt(start) <= ' ') {
                start++;
            }
            while (start < end && row.charAt(end - 1) <= ' ') {
                end--;
            }
            starts[cell] = start;
            ends[cell] = end;
        }

        /** Takes the cells that the library has cut; null when it has made nothing of the line. */
        void set(String row, String[] cells) {
            line = row;
            tokens = cells;
            isRagged = cells == null || cells.length != width;
        }

        @Override
        public boolean isNull(int i) {
            if (i == whole) {
                return !isRagged;
            }
            int place = places[i];
            return tokens == null ? starts[place] == ends[place] : tokens[place] == null || tokens[place].isEmpty();
        }

        @Override
        public String text(int i) {
            if (i == whole) {
                return line;
            }
            int place = places[i];
            return tokens == null ? line.substring(starts[place], ends[place]) : tokens[place];
        }

        // All cells are text.

        @Override
        public double number(int i) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isTrue(int i) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Vector vector(int i) {
            throw new UnsupportedOperationException();
        }
    }
}
