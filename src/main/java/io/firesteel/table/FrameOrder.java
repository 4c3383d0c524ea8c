package io.firesteel.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The canonical order of a DataFrame, whose rows have no order of their own. They are ordered by a hash of their cells,
 * so that the order depends on the rows alone; rows with the same cells are interchangeable.
 */
final class FrameOrder {
    /** The logarithm of the number of parts into which rows are moved, and so of the greatest number of tasks. */
    private static final int PART_BITS = 8;

    private static final String PART = "__firesteel_part";
    private static final String FIRST = "__firesteel_first";
    private static final String SECOND = "__firesteel_second";

    private FrameOrder() {}

    /**
     * Returns these cells of a DataFrame's rows in their order, followed by two cells that tell a row's origin: an
     * empty text in place of the file's name, and the number of the row's part in place of the position in the file.
     *
     * @param rounded the same cells with all numbers as doubles, so that the order does not depend on their types
     */
    static Dataset<Row> of(Dataset<Row> frame, List<Column> cells, List<Column> rounded) {
        List<Column> hashed = new ArrayList<>(rounded);
        rounded.forEach(cell -> hashed.add(cell.isNull())); // a hash passes over what is null
        List<Column> withHashes = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            withHashes.add(cells.get(i).as(name(i)));
        }
        withHashes.add(hash(hashed).as(FIRST));
        hashed.add(functions.lit(
                1)); // two hashes of 64 bits: by one, ten million rows would tie once in a million trainings
        hashed.addAll(cells);
        withHashes.add(hash(hashed).as(SECOND));
        Column part = functions.shiftrightunsigned(functions.col(FIRST), Long.SIZE - PART_BITS);
        List<Column> ordered = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            ordered.add(functions.col(name(i)));
        }
        ordered.add(functions.lit(""));
        ordered.add(functions.col(PART).cast(DataTypes.LongType));
        return frame.select(withHashes.toArray(Column[]::new))
                .withColumn(PART, part)
                .repartition(functions.col(PART))
                .sortWithinPartitions(PART, FIRST, SECOND)
                .select(ordered.toArray(Column[]::new));
    }

    private static Column hash(List<Column> cells) {
        return functions.xxhash64(cells.toArray(Column[]::new));
    }

    private static String name(int cell) {
        return "__firesteel_" + cell;
    }
}
