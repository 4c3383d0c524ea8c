package io.firesteel.table;

import io.firesteel.base.UserError;
import io.firesteel.model.CellRules.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * The cells of a table that are read.
 *
 * @param cells the columns to select; numbers are doubles, but for those that name classes or categories
 * @param rounded the same with all numbers as doubles
 * @param names their names where the table has named columns: those of {@link Columns#cells} and perhaps the mark; else none
 * @param parser parses a row of these cells
 */
public record CellSelection(List<Column> cells, List<Column> rounded, List<String> names, RowParser parser) {
    /**
     * Selects the cells of a table.
     *
     * @throws UserError when a column is missing, or is of a type that cannot be read
     */
    public static CellSelection of(Table table, Columns columns) {
        Schema schema = table.schema();
        columns.expectIn(schema);
        if (schema.isLibSvm()) {
            List<Column> lines = List.of(functions.col(Schema.LINE));
            return new CellSelection(lines, lines, List.of(), LibSvmParser.of(schema, columns));
        }
        List<String> names = columns.cells();
        List<Column> cells = new ArrayList<>();
        List<Column> rounded = new ArrayList<>();
        List<Kind> kinds = new ArrayList<>();
        for (String name : names) {
            Kind kind = kind(schema, columns, name);
            kinds.add(kind);
            cells.add(cell(schema, name, kind));
            rounded.add(rounded(schema, name));
        }
        String raggedProblem = table.raggedProblem();
        if (raggedProblem != null) {
            cells.add(functions.col(Table.RAGGED));
            rounded.add(functions.col(Table.RAGGED));
        }
        List<String> all = new ArrayList<>(names);
        Kind mark = null;
        if (columns.mark() != null) {
            mark = schema.kind(columns.mark());
            cells.add(cell(schema, columns.mark(), mark));
            rounded.add(cell(schema, columns.mark(), mark));
            all.add(columns.mark());
        }
        return new CellSelection(
                cells,
                rounded,
                all,
                new CellParser(names, kinds, columns, raggedProblem, mark, columns.rules(table.hasDecimalCommas())));
    }

    private static Kind kind(Schema schema, Columns columns, String name) {
        if (columns.vectors().containsKey(name)) {
            return schema.vectorKind(name)
                    .orElseThrow(() -> new UserError(schema.table() + ", column " + name + " is of type "
                            + schema.type(name).catalogString() + ": expected vectors or arrays of numbers"));
        }
        if (columns.encoding().dates().containsKey(name)) {
            return schema.dateKind(name);
        }
        return columns.isNames(name) ? schema.nameKind(name) : schema.kind(name);
    }

    /** Returns a cell with numbers as doubles; what is null in an array is NaN, as which it is read: a hash passes over nulls. */
    private static Column rounded(Schema schema, String name) {
        Column cell = cell(schema, name, Kind.NUMBER);
        return schema.type(name) instanceof ArrayType array && array.containsNull()
                ? functions.transform(cell, element -> functions.coalesce(element, functions.lit(Double.NaN)))
                : cell;
    }

    private static Column cell(Schema schema, String name, Kind kind) {
        Column cell = Table.column(name);
        return switch (kind) {
            case LONG, NANOS -> cell;
            case DECIMAL -> cell.cast(DataTypes.StringType);
            default ->
                schema.type(name) instanceof ArrayType
                        ? cell.cast(DataTypes.createArrayType(DataTypes.DoubleType))
                        : schema.type(name) instanceof NumericType ? cell.cast(DataTypes.DoubleType) : cell;
        };
    }
}
