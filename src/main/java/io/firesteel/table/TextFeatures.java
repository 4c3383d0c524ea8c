package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.Labeling;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;

/** Finds the features whose values are not all numbers, which may be meant as categories. */
public final class TextFeatures {
    /** The number of rows that are enough to guess which columns hold text. */
    private static final int FIRST_ROWS = 1000;

    private final Table table;
    private final List<String> texts; // the features that may hold text

    private TextFeatures(Table table, List<String> texts) {
        this.table = table;
        this.texts = texts;
    }

    /**
     * Returns the features of a table that may hold text.
     *
     * @param named the features that are categories in any case
     */
    public static TextFeatures of(Table table, Columns columns, List<String> named) {
        Schema schema = table.schema();
        boolean mayBeText = !schema.isLibSvm() && columns.vector() == null;
        Set<String> others = Set.copyOf(named);
        return new TextFeatures(
                table,
                columns.features().stream()
                        .filter(name -> mayBeText && !others.contains(name) && schema.type(name) instanceof StringType)
                        .toList());
    }

    /** Returns the text features, judged by the first rows only. */
    public List<String> inFirstRows() {
        return find(
                table.unchecked(),
                cells -> notNumbers(cells.takeAsList(FIRST_ROWS).iterator(), texts.size(), table.hasDecimalCommas()));
    }

    /** Returns the text features, judged by all rows: a pass over the table. */
    public List<String> inAllRows() {
        int count = texts.size();
        boolean commas = table.hasDecimalCommas();
        return find(table.data(), cells -> cells.javaRDD()
                .mapPartitions(rows -> List.of(notNumbers(rows, count, commas)).iterator())
                .fold(new BitSet(), TextFeatures::either));
    }

    private interface Look {
        BitSet at(Dataset<Row> cells);
    }

    private List<String> find(Dataset<Row> rows, Look look) {
        if (texts.isEmpty()) {
            return texts;
        }
        try {
            return look.at(rows.select(texts.stream().map(Table::column).toArray(Column[]::new))).stream()
                    .mapToObj(texts::get)
                    .toList();
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }

    private static BitSet either(BitSet all, BitSet some) {
        all.or(some);
        return all;
    }

    private static BitSet notNumbers(Iterator<Row> rows, int columns, boolean decimalCommas) {
        BitSet found = new BitSet();
        while (rows.hasNext()) {
            Row row = rows.next();
            for (int i = found.nextClearBit(0); i < columns; i = found.nextClearBit(i + 1)) {
                String text = row.isNullAt(i) ? "" : row.getString(i);
                if (CellRules.isText(text) && !(decimalCommas && Labeling.isNumber(CellRules.withPoint(text)))) {
                    found.set(i);
                }
            }
        }
        return found;
    }
}
