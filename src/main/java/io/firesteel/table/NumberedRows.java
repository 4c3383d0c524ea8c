package io.firesteel.table;

import io.firesteel.base.OneLine;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.DatePart;
import io.firesteel.table.FeatureKinds.Dates;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowChunk.Position;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple3;

/**
 * The rows of a table in chunks, read once, checked and cached, in the canonical order: row 0 is the first row of the
 * first piece of the first file.
 */
public final class NumberedRows implements AutoCloseable {
    /** The greatest length of a path in the name of an RDD. */
    private static final int LONGEST_NAME = 100;

    private final String table;
    private final Columns columns;
    private final List<String> guessed;
    private final Kind labelKind;
    private final JavaRDD<RowChunk> chunks;
    private final List<Head> heads;

    private NumberedRows(
            String table,
            Columns columns,
            List<String> guessed,
            Kind labelKind,
            JavaRDD<RowChunk> chunks,
            List<Head> heads) {
        this.table = table;
        this.columns = columns;
        this.guessed = guessed;
        this.labelKind = labelKind;
        this.chunks = chunks;
        this.heads = heads;
    }

    /**
     * Reads the rows of a table whose categories are known.
     *
     * @throws UserError when the table has no rows, or a row cannot be used
     */
    public static NumberedRows read(Table table, Columns columns) {
        return load(table, columns, List.of()).checked();
    }

    /**
     * Reads the rows of a table to train on. With {@link FeatureKinds#AUTO} the columns of categories are guessed from
     * the first rows, so that all rows are read once; they are read again only if a later row shows that the guess was
     * wrong. Whether columns of text are dates, all rows decide.
     *
     * @param kinds the kinds of features besides numbers
     * @throws UserError when the table has no rows, or a row cannot be used
     */
    public static NumberedRows read(Table table, Columns chosen, FeatureKinds kinds) {
        if (!kinds.areGuessed()) {
            return read(table, chosen.with(table.schema(), kinds));
        }
        TextFeatures texts = TextFeatures.of(table, chosen, kinds.named());
        TextFeatures.Found found = texts.inFirstRows();
        boolean mayBeDates = kinds.dates() == Dates.EXPAND && !found.texts().isEmpty();
        NumberedRows rows = guessing(table, chosen, kinds, mayBeDates ? texts.inAllRows() : found);
        if (rows.beginsWith(RowFault.Kind.TEXT)) {
            rows.close();
            rows = guessing(table, chosen, kinds, texts.inAllRows());
        }
        return rows.checked();
    }

    /** Reads rows with some columns that are taken for dates, or for categories besides those that are named. */
    private static NumberedRows guessing(Table table, Columns chosen, FeatureKinds kinds, TextFeatures.Found found) {
        Map<String, List<DatePart>> dates = new HashMap<>();
        if (kinds.dates() == Dates.EXPAND) {
            dates.putAll(table.schema().dates(chosen.singleColumns()));
            dates.putAll(found.dates());
        }
        List<String> guessed = !kinds.isAuto()
                ? List.of()
                : found.texts().stream()
                        .filter(name -> !dates.containsKey(name))
                        .toList();
        List<String> all = new ArrayList<>(kinds.named());
        all.addAll(guessed);
        return load(table, chosen.with(table.schema(), kinds.being(all), dates), guessed);
    }

    /** Reads all rows once and caches them. */
    private static NumberedRows load(Table table, Columns columns, List<String> guessed) {
        try {
            JavaRDD<RowChunk> chunks = RowSource.of(table, columns).chunks();
            chunks.setName("rows of " + OneLine.of(table.path(), LONGEST_NAME)).persist(StorageLevel.MEMORY_AND_DISK());
            List<Head> heads = new ArrayList<>(heads(chunks));
            heads.sort(Comparator.comparing(Head::position));
            Kind labelKind = columns.labels().isEmpty()
                    ? Kind.TEXT
                    : table.schema().nameKind(columns.labels().get(0));
            NumberedRows rows = new NumberedRows(table.path(), columns, guessed, labelKind, chunks, heads);
            if (!rows.beginsWith(RowFault.Kind.OPEN_QUOTES) || !table.mayHaveLineBreaks()) {
                return rows;
            }
            rows.close();
            return load(table.withLineBreaks(), columns, guessed);
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }

    /** Reads the rows, and returns the heads of the chunks in any order. */
    private static List<Head> heads(JavaRDD<RowChunk> chunks) {
        SparkContext spark = chunks.context();
        spark.setCallSite("read rows"); // the job's name on Spark's own pages
        try {
            return chunks.map(RowChunk::head).collect();
        } finally {
            spark.clearCallSite();
        }
    }

    /** Returns whether the first fault, in canonical order, is of a kind. */
    private boolean beginsWith(RowFault.Kind kind) {
        return firstFault().filter(head -> head.fault().kind() == kind).isPresent();
    }

    private NumberedRows checked() {
        try {
            firstFault().ifPresent(head -> {
                throw error(head, head.rows(), head.fault());
            });
            if (count() == 0) {
                throw new UserError(table + " has no rows: expected rows after the header");
            }
            return this;
        } catch (UserError e) {
            close();
            throw e;
        }
    }

    /** Returns the table's name for messages. */
    public String table() {
        return table;
    }

    /** Returns the columns by which the rows were read, without categories that are still to be learnt. */
    public Columns columns() {
        return columns;
    }

    /** Returns the columns that are taken for categories since some of their cells hold text. */
    public List<String> guessed() {
        return guessed;
    }

    /** Returns the kind of the cells that hold the first label, as far as they name classes. */
    public Kind labelKind() {
        return labelKind;
    }

    /** Returns the heads of the chunks, in canonical order. */
    public List<Head> heads() {
        return heads;
    }

    /** Returns the chunks, which the executors cache, in any order. */
    public JavaRDD<RowChunk> chunks() {
        return chunks;
    }

    /** Returns the number of rows. */
    public long count() {
        return heads.stream().mapToLong(Head::rows).sum();
    }

    /** Returns the first chunk, in canonical order, that ends at a bad row; none where all rows are good. */
    private Optional<Head> firstFault() {
        return heads.stream().filter(head -> head.fault() != null).findFirst();
    }

    /**
     * Returns the error for a bad row; a file's first row after the header is row 1.
     *
     * @param row its number in the chunk
     */
    public UserError error(Head chunk, int row, RowFault fault) {
        Origin origin = chunk.position().origin();
        return origin.isFrame()
                ? fault.error(table, 0)
                : fault.error(Origin.readable(origin.file()), rowsBefore(chunk) + row + 1);
    }

    /** Returns the number of rows of the same file that come before a chunk. */
    private long rowsBefore(Head chunk) {
        String file = chunk.position().origin().file();
        return heads.stream()
                .takeWhile(head -> !head.position().equals(chunk.position()))
                .filter(head -> head.position().origin().file().equals(file))
                .mapToLong(Head::rows)
                .sum();
    }

    /** Returns the number of each chunk's first row among all rows. */
    public Map<Position, Long> firstRows() {
        Map<Position, Long> firstRows = new HashMap<>();
        long row = 0;
        for (Head head : heads) {
            firstRows.put(head.position(), row);
            row += head.rows();
        }
        return firstRows;
    }

    /** The categories that were found in a column. */
    public static final class Found implements Serializable {
        private static final long serialVersionUID = 1;

        private final Set<String> values = new HashSet<>();
        private long cells;
        private long numbers;

        private void add(Found other, int most) {
            for (String value : other.values) {
                if (values.size() <= most) {
                    values.add(value);
                }
            }
            cells += other.cells;
            numbers += other.numbers;
        }

        /** Returns the distinct categories, as far as they are collected. */
        public Set<String> values() {
            return values;
        }

        /** Returns the number of cells that are not missing. */
        public long cells() {
            return cells;
        }

        /** Returns how many of them are numbers, perhaps with a decimal comma or a currency sign. */
        public long numbers() {
            return numbers;
        }
    }

    /**
     * Returns the categories of each feature whose categories are still to be learnt.
     *
     * @param most the number of categories above which a feature's categories are not all collected
     */
    public Map<Integer, Found> categories(int most) {
        return chunks.mapPartitions(run -> {
                    Map<Integer, Found> found = new TreeMap<>();
                    run.forEachRemaining(chunk -> chunk.categories().keySet().forEach(column -> found.computeIfAbsent(
                                    column, key -> new Found())
                            .add(found(chunk, column), most)));
                    return List.of(found).iterator();
                })
                .fold(new TreeMap<>(), (all, some) -> {
                    some.forEach((column, found) ->
                            all.computeIfAbsent(column, key -> new Found()).add(found, most));
                    return all;
                });
    }

    private static Found found(RowChunk chunk, int column) {
        List<String> values = chunk.categories().get(column);
        boolean[] isNumber = new boolean[values.size()];
        for (int i = 0; i < isNumber.length; i++) {
            isNumber[i] = !isText(values.get(i));
        }
        Found found = new Found();
        found.values.addAll(values);
        DenseRows rows = chunk.rows().dense();
        for (int at = column; at < rows.values().length; at += rows.width()) {
            if (!Double.isNaN(rows.values()[at])) {
                found.cells++;
                found.numbers += isNumber[(int) rows.values()[at]] ? 1 : 0;
            }
        }
        return found;
    }

    private static boolean isText(String value) {
        return CellRules.isText(value) && !CellRules.isForeignNumber(value);
    }

    /**
     * Returns the error that names the first text, in canonical order, of a column that holds numbers for the most part.
     *
     * @param fault makes the fault of a text
     */
    public UserError firstText(int column, Function<String, RowFault> fault) {
        Map<Position, Integer> rowsOfTexts = new HashMap<>();
        Map<Position, String> texts = new HashMap<>();
        chunks.mapPartitions(run -> {
                    List<Tuple3<Position, Integer, String>> firsts = new ArrayList<>();
                    run.forEachRemaining(chunk -> {
                        List<String> values = chunk.categories().get(column);
                        DenseRows rows = chunk.rows().dense();
                        for (int j = 0; j < rows.count(); j++) {
                            double value = rows.values()[j * rows.width() + column];
                            if (!Double.isNaN(value) && CellRules.isText(values.get((int) value))) {
                                firsts.add(new Tuple3<>(chunk.head().position(), j, values.get((int) value)));
                                return;
                            }
                        }
                    });
                    return firsts.iterator();
                })
                .collect()
                .forEach(first -> {
                    rowsOfTexts.put(first._1(), first._2());
                    texts.put(first._1(), first._3());
                });
        Head chunk = heads.stream()
                .filter(head -> texts.containsKey(head.position()))
                .findFirst()
                .orElseThrow();
        return error(chunk, rowsOfTexts.get(chunk.position()), fault.apply(texts.get(chunk.position())));
    }

    /** Returns the number of feature values that are stored, over all rows. */
    public long filled() {
        return heads.stream().mapToLong(Head::filled).sum();
    }

    /** Returns the number of rows in which a feature is missing, for each that ever is, where indicators are wanted. */
    public Map<Integer, Long> missing() {
        Map<Integer, Long> missing = new TreeMap<>();
        for (Head head : heads) {
            head.missing().forEach((feature, rows) -> missing.merge(feature, (long) rows, Long::sum));
        }
        return missing;
    }

    /** Returns row 0; fails when there are no rows. */
    public Rows firstRow() {
        return heads.stream()
                .filter(head -> head.firstRow().count() > 0)
                .findFirst()
                .orElseThrow()
                .firstRow();
    }

    /** Frees the memory of the rows; blocks made of them stay usable. */
    @Override
    public void close() {
        chunks.unpersist(false);
    }
}
