package io.firesteel.table;

import io.firesteel.model.DatePart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;

/** Finds the features whose values are not all numbers, which may be meant as categories, or as dates. */
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
     * The features that hold text.
     *
     * @param texts those of which some cell is a text
     * @param dates those of which more than half of the cells that are not missing are dates, with the parts that they have
     */
    public record Found(List<String> texts, Map<String, List<DatePart>> dates) {}

    /**
     * Returns the features of a table that may hold text.
     *
     * @param named the features that are categories in any case
     */
    public static TextFeatures of(Table table, Columns columns, List<String> named) {
        Schema schema = table.schema();
        Set<String> others = Set.copyOf(named);
        List<String> single = schema.isLibSvm() ? List.of() : columns.singleColumns();
        return new TextFeatures(
                table,
                single.stream()
                        .filter(name -> !others.contains(name) && schema.type(name) instanceof StringType)
                        .toList());
    }

    /** Returns the text features, judged by the first rows only. */
    public Found inFirstRows() {
        return find(table.unchecked(), cells -> new CellCounts(texts.size(), 0)
                .count(cells.takeAsList(FIRST_ROWS).iterator(), table.hasDecimalCommas()));
    }

    /** Returns the text features, judged by all rows: a pass over the table. */
    public Found inAllRows() {
        return find(table.data(), cells -> CellCounts.of(cells, 0, table.hasDecimalCommas()));
    }

    private Found find(Dataset<Row> rows, Function<Dataset<Row>, CellCounts> look) {
        if (texts.isEmpty()) {
            return new Found(List.of(), Map.of());
        }
        try {
            CellCounts counts =
                    look.apply(rows.select(texts.stream().map(Table::column).toArray(Column[]::new)));
            Map<String, List<DatePart>> dates = new LinkedHashMap<>();
            for (int i = 0; i < texts.size(); i++) {
                if (counts.areDates(i)) {
                    dates.put(texts.get(i), DatePart.of(counts.times[i] > 0));
                }
            }
            return new Found(
                    IntStream.range(0, texts.size())
                            .filter(i -> counts.texts[i] > 0)
                            .mapToObj(texts::get)
                            .toList(),
                    dates);
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }
}
