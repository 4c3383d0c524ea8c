package io.firesteel.table;

import io.firesteel.base.ColumnError;
import io.firesteel.base.NameList;
import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.DatePart;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The facts about a table that are known before its rows are read.
 *
 * @param table its name for messages
 * @param format of its files; null for a DataFrame
 * @param columns the names of its columns; none for LibSVM
 * @param types the types of its columns, and perhaps of others
 * @param rowNames the columns that hold names of rows, which pandas and R write without a name of their own
 * @param sizes the number of features in each column of vectors or arrays, 0 where none was found; for LibSVM's lines that
 *     of {@link #LINE}. Empty where it was not asked for
 * @param firstIndex the index of the first feature in LibSVM's lines, 0 or 1
 * @param problems of the columns that cannot be read, to be read after the column's name
 */
public record Schema(
        String table,
        Format format,
        List<String> columns,
        StructType types,
        List<String> rowNames,
        Map<String, Integer> sizes,
        int firstIndex,
        Map<String, String> problems) {
    /** The only column of a LibSVM table. */
    static final String LINE = "value";

    private static final int MOST_LISTED = 40;

    /** Returns whether it is in LibSVM files, which have one label and no column names. */
    boolean isLibSvm() {
        return format == Format.LIBSVM;
    }

    /** Returns whether it has columns with names, as all tables but LibSVM files have. */
    public boolean hasColumns() {
        return !isLibSvm();
    }

    /** Returns the DataFrame's columns that hold its data: those with names that can be read, or LibSVM's lines. */
    public List<String> ofData() {
        return isLibSvm()
                ? List.of(LINE)
                : columns.stream()
                        .filter(column -> !problems.containsKey(column))
                        .toList();
    }

    /** Returns the type of a column. */
    DataType type(String column) {
        return types.apply(column).dataType();
    }

    /** Returns whether a column holds several numbers in each row: vectors of Spark ML, or arrays of numbers. */
    boolean isOfVectors(String column) {
        return vectorKind(column).isPresent();
    }

    /** Returns the kind of a column's cells where each holds several numbers. */
    Optional<Kind> vectorKind(String column) {
        DataType type = problems.containsKey(column) ? DataTypes.NullType : type(column);
        boolean isArray = type instanceof ArrayType array && array.elementType() instanceof NumericType;
        return isVector(type) ? Optional.of(Kind.VECTOR) : isArray ? Optional.of(Kind.ARRAY) : Optional.empty();
    }

    /** Returns whether a type is that of Spark ML's vectors. */
    static boolean isVector(DataType type) {
        return type.equals(SQLDataTypes.VectorType());
    }

    /**
     * Returns the number of features in a column of vectors or arrays, or in LibSVM's lines.
     *
     * @throws UserError when there are none
     */
    int size(String column) {
        int size = sizes.get(column);
        if (size == 0) {
            if (isLibSvm()) {
                throw new UserError(table + " has no index:value pair: expected lines \"label 1:0.5 7:2 ...\"");
            }
            throw new ColumnError(
                    table + ", column " + column + ": expected " + (isVector(type(column)) ? "a vector" : "an array")
                            + " of features in its first row that is not null",
                    Columns.excludeHint(column));
        }
        return size;
    }

    /**
     * Returns the kind of a column's cells.
     *
     * @throws UserError when such cells cannot be features, labels or weights
     */
    Kind kind(String column) {
        if (problems.containsKey(column)) {
            throw new ColumnError(
                    table + ", column " + column + " " + problems.get(column), Columns.excludeHint(column));
        }
        DataType type = type(column);
        if (FileColumns.isNanos(types.apply(column))) {
            type = DataTypes.TimestampType;
        }
        if (type instanceof NumericType) {
            return Kind.NUMBER;
        } else if (type instanceof BooleanType) {
            return Kind.BOOLEAN;
        } else if (type instanceof StringType) {
            return Kind.TEXT;
        }
        String is = isVector(type) ? "vector" : type.catalogString();
        throw new ColumnError(
                table + ", column " + column + " is of type " + is + ": expected numbers or text",
                instead(column) + Columns.excludeHint(column));
    }

    /** Returns the kind of the cells of a column of dates. */
    Kind dateKind(String column) {
        return timeKind(column).orElseGet(() -> kind(column));
    }

    /** Returns whether a column's type is that of dates or times. */
    boolean isOfDates(String column) {
        return timeKind(column).isPresent();
    }

    /** Returns the kind of a column's cells where its type is that of dates or times. */
    private Optional<Kind> timeKind(String column) {
        DataType type = problems.containsKey(column) ? DataTypes.NullType : type(column);
        if (FileColumns.isNanos(types.apply(column))) {
            return Optional.of(Kind.NANOS);
        } else if (FileColumns.isLocal(types.apply(column))) {
            return Optional.of(Kind.LOCAL);
        } else if (type instanceof DateType) {
            return Optional.of(Kind.DATE);
        }
        return type instanceof TimestampType || type instanceof TimestampNTZType
                ? Optional.of(Kind.MICROS)
                : Optional.empty();
    }

    /** Returns which of some columns are of a type of dates or times, with their parts. */
    Map<String, List<DatePart>> dates(List<String> names) {
        Map<String, List<DatePart>> dates = new HashMap<>();
        for (String name : isLibSvm() ? List.<String>of() : names) {
            timeKind(name).ifPresent(kind -> dates.put(name, DatePart.of(kind != Kind.DATE)));
        }
        return dates;
    }

    /**
     * Returns the kind of a column's cells where they name classes or categories, by their exact values.
     *
     * @throws UserError when such cells cannot name any
     */
    public Kind nameKind(String column) {
        if (isLibSvm()) {
            return Kind.NUMBER;
        }
        DataType type = type(column);
        if (timeKind(column).isPresent()) {
            return kind(column); // which refuses it
        } else if (type instanceof LongType) {
            return Kind.LONG;
        } else if (type instanceof FloatType) {
            return Kind.FLOAT;
        }
        return type instanceof DecimalType ? Kind.DECIMAL : kind(column);
    }

    /** Returns the hint for a column of a type that cannot be read. */
    private String instead(String column) {
        if (timeKind(column).isPresent()) {
            return Columns.datesHint("makes numbers of dates and times in features");
        }
        DataType type = type(column);
        if (type instanceof ArrayType || type instanceof StructType || type instanceof MapType) {
            return "give its parts as columns of their own; ";
        }
        return "";
    }

    /** Makes sure that columns exist; the message names their role. */
    void expect(String role, Collection<String> wanted) {
        Set<String> known = new HashSet<>(columns);
        wanted.stream().filter(column -> !known.contains(column)).forEach(column -> expect(role, column));
    }

    /** Makes sure that a column exists; the message names its role. */
    void expect(String role, String column) {
        if (!columns.contains(column)) {
            String withComma = columns.stream()
                    .filter(name -> Arrays.stream(name.split(","))
                                    .map(String::trim)
                                    .toList()
                                    .contains(column)
                            && name.contains(","))
                    .findFirst()
                    .map(name -> "a name that has a comma is in double quotes: " + NameList.quoted(name))
                    .orElse("");
            throw new UserError(
                    table + " has no " + role + " column " + column + Suggestion.of(column, columns)
                            + ": its columns are " + listed(columns),
                    withComma,
                    null);
        }
    }

    /** Returns a list of names for a message, shortened. */
    static String listed(List<String> names) {
        return names.size() <= MOST_LISTED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_LISTED)) + ", ... (" + names.size() + " in all)";
    }
}
