package io.firesteel.table;

import com.univocity.parsers.csv.CsvParser;
import io.firesteel.base.UserError;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * CSV files of one table.
 *
 * @param path the table's path
 * @param given the options that the user gave
 * @param dialect how the files write the table
 * @param header the names in each file's first row, empty ones among them; empty where there is no such row
 * @param columns the names of the columns
 */
record CsvFiles(String path, Map<String, String> given, CsvDialect dialect, List<String> header, List<String> columns)
        implements Serializable {
    /** The option that names the character before a number's fraction, which Spark's reader does not know. */
    static final String DECIMAL = "decimal";

    /** Matches the name that pandas gives a column without one. */
    private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+(_level_\\d+)?");

    /** The options that {@link CsvDialect} holds. */
    private static final Set<String> OF_DIALECT =
            Set.of("header", "sep", "delimiter", "quote", "encoding", "charset", DECIMAL);

    /** Returns the same files with cells that hold line breaks. */
    CsvFiles withLineBreaks() {
        return new CsvFiles(path, given, dialect.withLineBreaks(), header, columns);
    }

    /** Returns whether the user gave no options but those that the dialect holds. */
    boolean haveNoFurtherOptions() {
        return given.keySet().stream().allMatch(name -> OF_DIALECT.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the user's value of an option; null for none. */
    String option(String name) {
        return option(given, name);
    }

    /**
     * Returns the name of the character set that the user gave; null for none.
     *
     * @throws UserError when there is no such character set
     */
    static String encoding(Map<String, String> given) {
        String name = option(given, "encoding") == null ? option(given, "charset") : option(given, "encoding");
        try {
            return name == null ? null : Charset.forName(name).name();
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "option encoding=" + name + ": expected a character set, such as UTF-8 or windows-1252", e);
        }
    }

    private static String option(Map<String, String> given, String name) {
        return given.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Returns all options of Spark's reader of CSV. */
    Map<String, String> sparkOptions() {
        Map<String, String> options = sparkOptions(given);
        options.keySet()
                .removeIf(
                        name -> OF_DIALECT.contains(name.toLowerCase(Locale.ROOT)) || name.equalsIgnoreCase("escape"));
        options.put("header", Boolean.toString(dialect.hasHeader()));
        options.put("sep", dialect.between());
        options.put("quote", Character.toString(dialect.quote()));
        options.put("escape", Character.toString(dialect.escape())); // of a quote, doubled by default (RFC 4180)
        options.put("encoding", dialect.encoding());
        options.put("enforceSchema", Boolean.toString(!header.equals(columns))); // with false it compares headers
        if (dialect.hasLineBreaks()) {
            options.put("multiLine", "true");
            options.put("lineSep", Character.toString(dialect.rowEnd()));
        }
        return options;
    }

    /** Returns the options that do not depend on the files. */
    private static Map<String, String> sparkOptions(Map<String, String> given) {
        Map<String, String> options = new HashMap<>(given);
        options.putIfAbsent("escape", "\""); // a quote in a quoted cell is doubled (RFC 4180)
        options.putIfAbsent("ignoreLeadingWhiteSpace", "true");
        options.putIfAbsent("ignoreTrailingWhiteSpace", "true");
        options.put("mode", "PERMISSIVE");
        options.put("columnPruning", "false"); // rows are cut into cells whole, so that ragged ones are seen
        options.put("columnNameOfCorruptRecord", Table.RAGGED);
        return options;
    }

    /**
     * Returns the options of Spark's reader of CSV, in the type that it and its library share.
     *
     * @throws RuntimeException when one has no sense, such as {@code header=perhaps}
     */
    private static CSVOptions parsed(Map<String, String> options) {
        return new CSVOptions(scala.collection.immutable.Map.from(CollectionConverters.asScala(options)), false, "UTC");
    }

    /** Returns the library with which Spark cuts lines into cells, set as these files need it. */
    CsvParser library() {
        Map<String, String> options = sparkOptions();
        options.remove("encoding"); // it gets characters
        return new CsvParser(parsed(options).asParserSettings());
    }

    /** Returns the cells that the library found in a row; an empty cell is null there. */
    static List<String> texts(String[] cells) {
        return cells == null
                ? List.of()
                : Arrays.stream(cells).map(cell -> cell == null ? "" : cell).toList();
    }

    /** Returns the user's options with our defaults, checked. */
    static CSVOptions checked(Map<String, String> given) {
        Map<String, String> checked = sparkOptions(given);
        checked.keySet().removeIf(name -> name.equalsIgnoreCase("encoding") || name.equalsIgnoreCase("charset"));
        CSVOptions options = parsed(checked);
        String decimal = given.getOrDefault(DECIMAL, ".");
        if (!decimal.equals(".") && !decimal.equals(",")) {
            throw new UserError("option decimal=" + decimal + ": expected . or ,");
        }
        return options;
    }

    /** Returns the columns that hold the names of rows: those without a name, and those that pandas gave one for want of it. */
    List<String> rowNames() {
        Set<String> named = new HashSet<>(header);
        return columns.stream()
                .filter(name -> dialect.hasHeader()
                        && (!named.contains(name) || UNNAMED.matcher(name).matches()))
                .toList();
    }

    /** Returns the place of each column in a row. */
    Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        columns.forEach(name -> places.put(name, places.size()));
        return places;
    }

    /** Returns the columns, all of which are text. */
    StructType schema() {
        return DataTypes.createStructType(columns.stream()
                .map(column -> DataTypes.createStructField(column, DataTypes.StringType, true))
                .toList());
    }
}
