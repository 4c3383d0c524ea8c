package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.table.FeatureKinds.Dates;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * What the columns of a table hold and what of it is in the way of a training, of all columns at once. It is made when a training
 * was refused for one of them.
 *
 * @param rows the number of rows
 */
public record ColumnSurvey(long rows, List<Entry> entries) {
    /** The number of texts that are collected of all columns together, to count distinct ones. */
    private static final int MOST_VALUES = 4_000_000;

    private static final int FEWEST_VALUES = 1000;
    private static final int MOST_OF_A_COLUMN = 200_000;

    /** What lets a column be used. */
    public enum Remedy {
        /** {@link FeatureKinds#categorical}: its texts are categories. */
        CATEGORICAL,
        /** {@link FeatureKinds#dates}: its dates become numbers. */
        DATES,
        /** {@link FeatureKinds#missing}: missing cells become the mean. */
        MISSING,
        /** It is left out. */
        EXCLUDE,
        /** None: the table has to be changed. */
        NONE
    }

    /**
     * Something that is in the way.
     *
     * @param problem what it is, in a few words
     */
    public record Obstacle(String problem, Remedy remedy) {}

    /**
     * A column.
     *
     * @param kind what it holds, in a word or two
     * @param distinct the number of distinct values, as far as they were counted
     * @param all whether all of them were counted
     * @param missing the number of missing cells
     * @param identifies whether each cell that is not missing is another whole number
     * @param obstacles what is in the way of using it
     */
    public record Entry(
            String column,
            String kind,
            int distinct,
            boolean all,
            long missing,
            boolean identifies,
            List<Obstacle> obstacles) {}

    /**
     * Looks at the columns of a table: a pass over its rows.
     *
     * @param chosen the columns of a training
     * @param kinds what its features may be
     */
    public static ColumnSurvey of(Table table, Columns chosen, FeatureKinds kinds) {
        Schema schema = table.schema();
        Set<String> names = new LinkedHashSet<>(chosen.featureColumns());
        names.addAll(chosen.labels());
        List<String> readable = names.stream()
                .filter(name -> !schema.problems().containsKey(name) && isText(schema, name))
                .toList();
        int most = Math.max(FEWEST_VALUES, Math.min(MOST_OF_A_COLUMN, MOST_VALUES / Math.max(1, readable.size())));
        CellCounts counts = counts(table, readable, most);
        List<Entry> entries = new ArrayList<>();
        for (String name : names) {
            int i = readable.indexOf(name);
            if (chosen.vectors().containsKey(name)) {
                String holds = Schema.isVector(schema.type(name))
                        ? "vectors"
                        : schema.type(name).catalogString();
                entries.add(new Entry(name, holds, 0, false, 0, false, List.of()));
            } else if (i < 0) {
                String type = schema.problems().containsKey(name)
                        ? "unreadable"
                        : schema.type(name).catalogString();
                entries.add(new Entry(
                        name,
                        type,
                        0,
                        false,
                        0,
                        false,
                        List.of(new Obstacle("holds no numbers or text", Remedy.EXCLUDE))));
            } else {
                boolean isLabel = chosen.labels().contains(name);
                entries.add(new Look(schema, name, isLabel, kinds, counts, i, most).entry());
            }
        }
        return new ColumnSurvey(counts.rows, entries);
    }

    private static boolean isText(Schema schema, String name) {
        return schema.type(name) instanceof NumericType
                || schema.type(name) instanceof StringType
                || schema.type(name) instanceof BooleanType
                || schema.isOfDates(name);
    }

    private static CellCounts counts(Table table, List<String> columns, int most) {
        try {
            return CellCounts.of(
                    table.data()
                            .select(columns.stream()
                                    .map(name -> Table.column(name).cast(DataTypes.StringType))
                                    .toArray(Column[]::new)),
                    most,
                    table.hasDecimalCommas());
        } catch (Exception e) {
            throw SparkFailure.asUserError(table.path(), e);
        }
    }

    /** Returns the obstacles of all columns. */
    public Stream<Obstacle> obstacles() {
        return entries.stream().flatMap(entry -> entry.obstacles.stream());
    }

    /** A column of which the cells were counted. */
    private record Look(
            Schema schema, String name, boolean isLabel, FeatureKinds kinds, CellCounts counts, int i, int most) {
        Entry entry() {
            boolean isOfText = schema.type(name) instanceof StringType;
            String kind = isOfText ? kindOfTexts() : kindOfType();
            boolean isOfNames = isLabel || kinds.named().contains(name) || kind.equals("text");
            long missing = isOfNames ? counts.blanks[i] : counts.rows - counts.cells[i];
            List<Obstacle> obstacles = new ArrayList<>();
            if (isLabel) {
                if (missing > 0) {
                    obstacles.add(new Obstacle("a label is missing", Remedy.NONE));
                }
            } else {
                addObstacles(kind, isOfText, missing, obstacles);
            }
            int distinct = counts.distinct(i);
            boolean areOthers = distinct < most && distinct == counts.cells[i];
            boolean identifies = areOthers && counts.whole[i] == counts.cells[i];
            return new Entry(name, kind, distinct, distinct < most, missing, identifies, obstacles);
        }

        private void addObstacles(String kind, boolean isOfText, long missing, List<Obstacle> into) {
            if (missing == counts.rows) {
                into.add(new Obstacle("has no values", Remedy.EXCLUDE));
                return;
            }
            if (isOfText && !kinds.named().contains(name)) {
                ofTexts(kind, into);
            } else if (schema.isOfDates(name) && kinds.dates() == Dates.NONE) {
                into.add(new Obstacle("dates", Remedy.DATES));
            }
            boolean isLeftOut = into.stream().anyMatch(obstacle -> obstacle.remedy == Remedy.EXCLUDE);
            if (missing > 0 && kinds.missing() == Missing.ERROR && !isLeftOut) {
                into.add(new Obstacle("missing cells", Remedy.MISSING));
            }
        }

        private void ofTexts(String kind, List<Obstacle> into) {
            long cells = counts.cells[i];
            if (counts.texts[i] == 0) {
                return; // numbers
            }
            if (counts.areDates(i)) {
                if (counts.dates[i] < cells) {
                    into.add(new Obstacle(cells - counts.dates[i] + " cells are no dates", Remedy.EXCLUDE));
                } else if (kinds.dates() == Dates.NONE && !(kinds.isAuto() && !areNames())) {
                    into.add(new Obstacle("dates", Remedy.DATES));
                }
            } else if (kind.equals("numbers")) {
                into.add(new Obstacle(counts.texts[i] + " cells are no numbers", Remedy.EXCLUDE));
            } else if (areNames()) {
                into.add(new Obstacle("names or ids", Remedy.EXCLUDE));
            } else if (!kinds.isAuto()) {
                into.add(new Obstacle("text", Remedy.CATEGORICAL));
            }
        }

        private boolean areNames() {
            return FeatureKinds.areNames(counts.distinct(i), counts.cells[i]);
        }

        private String kindOfTexts() {
            if (counts.areDates(i)) {
                return counts.times[i] > 0 ? "times" : "dates";
            }
            long texts = counts.texts[i] - counts.foreign[i];
            return FeatureKinds.areNumbers(counts.cells[i] - texts, counts.cells[i]) || counts.texts[i] == 0
                    ? "numbers"
                    : "text";
        }

        private String kindOfType() {
            if (schema.isOfDates(name)) {
                return schema.dateKind(name) == CellRules.Kind.DATE ? "dates" : "times";
            }
            return schema.type(name) instanceof BooleanType ? "true or false" : "numbers";
        }
    }
}
