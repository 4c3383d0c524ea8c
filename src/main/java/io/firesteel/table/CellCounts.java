package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.Labeling;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What columns hold, whose cells are texts: the numbers of cells of each kind. */
final class CellCounts implements Serializable {
    private static final long serialVersionUID = 1;

    private final int most; // distinct values that are collected of each column
    private final List<Set<String>> values;

    /** The rows. */
    long rows;

    /** The cells that are empty, blank or NaN. */
    final long[] blanks;

    /** The cells that do not stand for a missing number. */
    final long[] cells;

    /** The cells that are neither numbers nor missing; among them are the dates. */
    final long[] texts;

    /** The cells that would be numbers without currency signs and the like. */
    final long[] foreign;

    /** The cells that are dates or times. */
    final long[] dates;

    /** The cells that are times other than the beginning of a day. */
    final long[] times;

    /** The cells that are whole numbers. */
    final long[] whole;

    /**
     * Creates counts of nothing.
     *
     * @param most how many distinct values of a column are collected
     */
    CellCounts(int columns, int most) {
        this.most = most;
        values = IntStream.range(0, columns)
                .<Set<String>>mapToObj(i -> new HashSet<>())
                .toList();
        blanks = new long[columns];
        cells = new long[columns];
        texts = new long[columns];
        foreign = new long[columns];
        dates = new long[columns];
        times = new long[columns];
        whole = new long[columns];
    }

    /**
     * Counts the cells of all rows of some columns of texts: a pass over them.
     *
     * @param most how many distinct values of a column are collected
     */
    static CellCounts of(Dataset<Row> columns, int most, boolean decimalCommas) {
        int count = columns.columns().length;
        return columns.javaRDD()
                .mapPartitions(rows -> List.of(new CellCounts(count, most).count(rows, decimalCommas))
                        .iterator())
                .fold(new CellCounts(count, most), CellCounts::plus);
    }

    /** Counts the cells of rows. */
    CellCounts count(Iterator<Row> of, boolean decimalCommas) {
        while (of.hasNext()) {
            Row row = of.next();
            rows++;
            for (int i = 0; i < cells.length; i++) {
                add(i, row.isNullAt(i) ? "" : row.getString(i), decimalCommas);
            }
        }
        return this;
    }

    private void add(int i, String text, boolean decimalCommas) {
        boolean isBlank = text.isBlank() || CellRules.isNan(text);
        blanks[i] += isBlank ? 1 : 0;
        if (!isBlank && values.get(i).size() < most) {
            values.get(i).add(text);
        }
        if (CellRules.isMissing(text)) {
            return;
        }
        cells[i]++;
        if (CellRules.isText(text) && !(decimalCommas && Labeling.isNumber(CellRules.withPoint(text)))) {
            texts[i]++;
            foreign[i] += CellRules.isForeignNumber(text) ? 1 : 0;
            dates[i] += CellRules.isDate(text) ? 1 : 0;
            times[i] += CellRules.hasTime(text) ? 1 : 0;
        } else if (CellRules.isWhole(text)) {
            whole[i]++;
        }
    }

    /** Adds the counts of other rows of the same columns. */
    CellCounts plus(CellCounts other) {
        rows += other.rows;
        for (int i = 0; i < cells.length; i++) {
            blanks[i] += other.blanks[i];
            cells[i] += other.cells[i];
            texts[i] += other.texts[i];
            foreign[i] += other.foreign[i];
            dates[i] += other.dates[i];
            times[i] += other.times[i];
            whole[i] += other.whole[i];
            for (String value : other.values.get(i)) {
                if (values.get(i).size() < most) {
                    values.get(i).add(value);
                }
            }
        }
        return this;
    }

    /** Returns the number of distinct values of a column, or the most that are collected. */
    int distinct(int i) {
        return values.get(i).size();
    }

    /** Returns whether more than half of a column's cells that are not missing are dates. */
    boolean areDates(int i) {
        return 2 * dates[i] > cells[i];
    }
}
