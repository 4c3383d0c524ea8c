package io.firesteel.table;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules;
import io.firesteel.model.Labeling;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.unsafe.types.UTF8String;

/** Finds the dialect of CSV files and the names of their columns in the beginning of the first file; what the user gave is not looked for. */
final class CsvSniffer {
    /** The separators that are tried; an earlier one is taken where both would do. */
    private static final List<String> SEPARATORS = List.of(",", ";", "\t", "|", " ");

    private static final int MOST_ROWS = 200;
    private static final int BUFFER = 1 << 14; // characters, of which the library's default is a million

    /** A separator fits when this many of the rows have the width of the header: the others may be damaged. */
    private static final double ENOUGH_ROWS = 0.9;

    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");

    /** Matches what may as well be a whole number with thousands apart. */
    private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9]\\d{0,2},\\d{3}");

    private static final Pattern FOR_EXCEL = Pattern.compile("(?i)\"?sep=.?\"?");
    private static final Pattern POINT = Pattern.compile("[+-]?\\d*\\.\\d+([eE][+-]?\\d+)?");

    private final String path;
    private final Map<String, String> given;
    private final CSVOptions options; // the user's and our defaults
    private final CsvHead head;
    private final Set<String> names; // of the options that the user gave, in lower case

    private CsvSniffer(String path, Map<String, String> given, CSVOptions options, CsvHead head) {
        this.path = path;
        this.given = given;
        this.options = options;
        this.head = head;
        names = new HashSet<>();
        given.keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Finds how files are written.
     *
     * @param path the table's path
     * @param given the options that the user gave
     * @throws UserError when the header has a column without a name, or one twice
     */
    static CsvFiles find(String path, Map<String, String> given, CsvHead head) {
        return new CsvSniffer(path, given, CsvFiles.checked(given), head).find();
    }

    private CsvFiles find() {
        Cut cut = cut();
        if (cut.rows.isEmpty()) {
            throw new UserError(path + " is empty: expected a header and rows");
        }
        List<String> first = CsvFiles.texts(cut.rows.get(0));
        expectNoPreface(first.size() < cut.width());
        boolean hasHeader = names.contains("header") ? options.headerFlag() : isHeader(cut);
        if (hasHeader && cut.separator.equals(CsvDialect.BLANKS)) {
            expectClosedQuotes(cut.quote);
        }
        CsvDialect dialect = new CsvDialect(
                cut.separator,
                cut.quote,
                escape(cut.quote),
                decimal(cut),
                hasHeader,
                head.encoding(),
                rowEnd(cut.quote),
                mayHaveLineBreaks(cut) || !CsvDialect.isByBytes(head.charset()));
        return hasHeader
                ? new CsvFiles(path, given, dialect, first, named(first, cut))
                : new CsvFiles(path, given, dialect, List.of(), numbered(cut.width()));
    }

    /**
     * Makes sure that the first line is not one for other programs.
     *
     * @param isShort whether it has fewer cells than the rows
     */
    private void expectNoPreface(boolean isShort) {
        String line = head.text()
                .lines()
                .filter(each -> !each.isBlank())
                .findFirst()
                .orElse("")
                .strip();
        if (FOR_EXCEL.matcher(line).matches()) {
            throw new UserError(
                    path + ": the first line, " + line + ", tells Excel the separator and is no header",
                    "delete it; " + SettingNames.mention("option", "sep=C") + " tells the separator here",
                    null);
        } else if (isShort && line.startsWith("#") && !names.contains("comment")) {
            throw new UserError(
                    path + ": the first line, " + RowFault.abbreviated(line)
                            + ", has fewer cells than the rows: expected a header",
                    SettingNames.mention("option", "comment=#") + " passes over lines that begin with #",
                    null);
        }
    }

    /** Makes sure that the header does not end within quotes, where rows are lines. */
    private void expectClosedQuotes(char quote) {
        CsvLine line = new CsvLine(runs(quote, StandardCharsets.UTF_8.name()));
        head.text()
                .lines()
                .filter(each -> !each.isBlank())
                .findFirst()
                .ifPresent(header -> line.set(UTF8String.fromString(header)));
        if (line.endsInQuotes()) {
            throw new UserError(
                    path + ": the header " + line.text() + " ends within quotes: expected their end in the same line",
                    SettingNames.mention("option", "quote=C") + " takes another character for the quote",
                    null);
        }
    }

    // The separator and the quote.

    /** The rows as a separator and a quote cut them, without blank rows. */
    private record Cut(String separator, char quote, List<String[]> rows, int width) {
        Cut(String separator, char quote, List<String[]> rows) {
            this(separator, quote, rows, rows.isEmpty() ? 0 : widthOf(rows));
        }

        private List<String[]> body() {
            return rows.subList(Math.min(1, rows.size()), rows.size());
        }

        /** Returns the number of cells that most rows below the first have; where there are none, that of the first. */
        private static int widthOf(List<String[]> rows) {
            Map<Integer, Integer> rowsByWidth = new TreeMap<>();
            rows.stream().skip(1).forEach(row -> rowsByWidth.merge(row.length, 1, Integer::sum));
            return rowsByWidth.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElseGet(() -> rows.get(0).length);
        }

        /**
         * Returns whether the rows are those of a table with several columns.
         *
         * @param least the part of the rows that have the most frequent width
         * @param unnamed the number of columns for which the first row has no cell
         */
        boolean isTable(double least, int unnamed) {
            long good = body().stream().filter(row -> row.length == width).count();
            return width > 1 && rows.get(0).length + unnamed == width && good >= least * body().size();
        }

        /** Returns whether the first cells of rows differ, as the names of rows do, for which R writes no header. */
        boolean hasRowNames() {
            return body().size() > 1
                    && body().stream().map(row -> row[0]).distinct().count() == body().size();
        }

        /** Returns whether each row below the first ends with a separator. */
        boolean hasSeparatorsAtEnds() {
            return !body().isEmpty()
                    && body().stream().map(row -> row[row.length - 1]).allMatch(cell -> cell == null || cell.isBlank());
        }

        /** Returns whether the rows are those of a table whose header lacks one cell: that of the names of rows, or that of an empty last column. */
        boolean isShortOfACell() {
            return isTable(1, 1) && (hasRowNames() || hasSeparatorsAtEnds());
        }

        /** Returns whether the rows are those of a table with several columns, of which the first may have no name. */
        boolean isLikeTable() {
            return isTable(ENOUGH_ROWS, 0) || isShortOfACell();
        }

        /** Returns the number of cells that are numbers, less that of cells which still have a quote at an end. */
        long score() {
            return cells().mapToInt(cell -> isNumber(cell) ? 1 : hasQuoteAtAnEnd(cell) ? -1 : 0)
                    .sum();
        }

        /** Returns whether quotes are left in cells, as where another separator stands between quoted cells. */
        boolean hasQuotes() {
            return cells().anyMatch(cell -> cell.indexOf(quote) >= 0);
        }

        private Stream<String> cells() {
            return rows.stream().flatMap(Arrays::stream).filter(Objects::nonNull);
        }

        private static boolean hasQuoteAtAnEnd(String cell) {
            return cell.length() > 1 && (isQuote(cell.charAt(0)) || isQuote(cell.charAt(cell.length() - 1)));
        }

        private static boolean isQuote(char c) {
            return c == '\'' || c == '"';
        }
    }

    private Cut cut() {
        List<String> separators =
                names.contains("sep") || names.contains("delimiter") ? List.of(options.delimiter()) : SEPARATORS;
        List<Cut> cuts = new ArrayList<>();
        separators.forEach(separator -> cuts.add(cut(separator, options.quote())));
        long singles = head.text().chars().filter(c -> c == '\'').count();
        if (!names.contains("quote") && singles > 0 && (singles % 2 == 0 || head.isCut())) {
            separators.stream()
                    .map(separator -> cut(separator, '\''))
                    .filter(cut -> singles > 2 || !hasLineBreaks(cut)) // two apostrophes are not yet quotes
                    .forEach(cuts::add);
        }
        Optional<Cut> found = firstOf(cuts, cut -> cut.isTable(1, 0))
                .or(() -> firstOf(cuts, cut -> cut.quote == options.quote() && cut.isTable(ENOUGH_ROWS, 0)));
        Optional<Cut> rowNames = firstOf(cuts, Cut::isShortOfACell);
        Cut runs = separators.equals(SEPARATORS) ? cut(CsvDialect.BLANKS, options.quote()) : null;
        if (runs != null
                && runs.isTable(1, 0)
                && (found.isPresent() ? isBetter(runs, found.get()) : haveRuns(rowNames))) {
            return runs;
        }
        return found.or(() -> rowNames).orElseGet(() -> runs != null && runs.isLikeTable() ? runs : cuts.get(0));
    }

    /**
     * Returns whether runs of blanks, which cut all rows, are better than another cut: than single blanks where these leave a
     * column without a name, or cut not all rows and runs can be read with the user's options; than other separators where these leave
     * quotes in cells, and fewer numbers, unless they split names such as "text 1".
     */
    private boolean isBetter(Cut runs, Cut other) {
        if (!other.separator.equals(" ")) {
            return other.hasQuotes() && runs.score() > other.score() && !splitsNames(runs);
        }
        List<String> first = CsvFiles.texts(other.rows.get(0));
        boolean isNameless =
                isHeader(other) && first.subList(1, first.size() - 1).contains("");
        return isNameless
                || (!other.isTable(1, 0)
                        && CsvCells.canCut(new CsvFiles(
                                path, given, runs(options.quote(), head.encoding()), List.of(), List.of())));
    }

    /** Returns whether the first row has a number in a column of texts, as where a name with a blank was split. */
    private static boolean splitsNames(Cut cut) {
        String[] first = cut.rows.get(0);
        return IntStream.range(0, Math.min(first.length, cut.width()))
                .anyMatch(i -> isNumber(first[i]) && !isOfNumbers(cut, i));
    }

    /**
     * Returns whether some blanks outside quotes do not stand alone, so that they may be runs.
     *
     * @param rowNames the cut that gives a table with names of rows: with several named columns between tabs it is that, and runs
     *     of tabs are empty cells
     */
    private boolean haveRuns(Optional<Cut> rowNames) {
        if (rowNames.filter(cut -> cut.separator.equals("\t") && cut.width > 2).isPresent()) {
            return false;
        }
        CsvLine line = new CsvLine(runs(options.quote(), StandardCharsets.UTF_8.name()));
        return head.text()
                .lines()
                .anyMatch(each -> !each.isBlank() && joined(line, each).length() < each.length());
    }

    /** Returns the first of the best cuts that fit; none where none fits. */
    private static Optional<Cut> firstOf(List<Cut> cuts, Predicate<Cut> fits) {
        return cuts.stream().filter(fits).reduce((best, cut) -> cut.score() > best.score() ? cut : best);
    }

    private Cut cut(String separator, char quote) {
        CsvParserSettings settings = options.asParserSettings();
        settings.getFormat().setDelimiter(CsvDialect.between(separator));
        settings.getFormat().setQuote(quote);
        settings.getFormat().setQuoteEscape(escape(quote));
        settings.setReadInputOnSeparateThread(false);
        settings.setInputBufferSize(BUFFER);
        settings.setLineSeparatorDetectionEnabled(false);
        settings.getFormat().setLineSeparator(Character.toString(rowEnd(quote)));
        settings.setNormalizeLineEndingsWithinQuotes(false);
        List<String[]> rows = new ArrayList<>();
        CsvParser parser = new CsvParser(settings);
        try {
            parser.beginParsing(new StringReader(separator.equals(CsvDialect.BLANKS) ? joined(quote) : head.text()));
            String[] row = parser.parseNext();
            while (row != null && rows.size() < MOST_ROWS) {
                rows.add(row);
                row = parser.parseNext();
            }
            parser.stopParsing();
            if (row == null && head.isCut() && rows.size() > 1) {
                rows.remove(rows.size() - 1); // which may go on
            }
        } catch (TextParsingException e) {
            if (separator.equals(options.delimiter()) && quote == options.quote()) {
                throw e;
            }
            rows.clear(); // this separator makes too many cells: it is not the one
        }
        return new Cut(separator, quote, rows);
    }

    /** Returns the beginning of the file with one blank for each run. */
    private String joined(char quote) {
        CsvLine line = new CsvLine(runs(quote, StandardCharsets.UTF_8.name()));
        return head.text()
                .lines()
                .map(each -> joined(line, each))
                .collect(Collectors.joining(Character.toString(rowEnd(quote))));
    }

    private static String joined(CsvLine line, String text) {
        line.set(UTF8String.fromString(text));
        return line.text();
    }

    /** Returns the dialect of runs of blanks. */
    private CsvDialect runs(char quote, String encoding) {
        return new CsvDialect(CsvDialect.BLANKS, quote, escape(quote), '.', true, encoding, '\n', false);
    }

    private char escape(char quote) {
        return options.escape() == options.quote() ? quote : options.escape();
    }

    /** Returns the character at the first line break outside quotes: a line feed, or a carriage return without one. */
    private char rowEnd(char quote) {
        boolean quoted = false;
        String text = head.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                quoted = !quoted;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                boolean returns = c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
                return returns ? '\r' : '\n';
            }
        }
        return '\n';
    }

    // The header.

    /**
     * Returns whether the first row holds names: not if it has a number in each column of numbers, except for a run such as 0, 1, 2
     * with which columns are named.
     */
    private static boolean isHeader(Cut cut) {
        String[] first = cut.rows.get(0);
        int width = cut.width();
        if (cut.body().isEmpty() || first.length != width) {
            return true;
        }
        List<String> values = IntStream.range(0, width)
                .filter(i -> isOfNumbers(cut, i))
                .mapToObj(i -> first[i])
                .filter(cell -> !isMissing(cell))
                .toList();
        return values.isEmpty() || !values.stream().allMatch(CsvSniffer::isNumber) || isRun(values);
    }

    private static boolean isOfNumbers(Cut cut, int column) {
        List<String> cells = cut.body().stream()
                .filter(row -> row.length == cut.width())
                .map(row -> row[column])
                .filter(cell -> !isMissing(cell))
                .toList();
        return !cells.isEmpty() && cells.stream().allMatch(CsvSniffer::isNumber);
    }

    private static boolean isMissing(String cell) {
        return cell == null || CellRules.isMissing(cell);
    }

    private static boolean isNumber(String cell) {
        return Labeling.isNumber(cell) || isNumberWithComma(cell);
    }

    private static boolean isRun(List<String> values) {
        return values.size() > 1
                && values.stream().allMatch(value -> WHOLE.matcher(value).matches())
                && IntStream.range(1, values.size())
                        .allMatch(i -> Integer.parseInt(values.get(i)) == Integer.parseInt(values.get(i - 1)) + 1);
    }

    /**
     * Returns the names of the columns. The first or the last may be without one, as pandas and R write the names of rows, and as
     * separators at the ends of rows leave it.
     */
    private List<String> named(List<String> header, Cut cut) {
        List<String> columns = new ArrayList<>(header);
        if (cut.isShortOfACell() && !header.contains("")) {
            columns.add(cut.hasSeparatorsAtEnds() ? header.size() : 0, "");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).isEmpty() && (i == 0 || i == columns.size() - 1)) {
                columns.set(i, "_c" + i);
            }
            if (columns.get(i).isEmpty()) {
                throw new UserError(path + ": a column has no name in the header " + String.join(", ", header)
                        + ": expected a name for each");
            }
            if (!seen.add(columns.get(i))) {
                throw new UserError(path + ": column " + columns.get(i)
                        + " is twice in the header: expected a name of its own for each");
            }
        }
        return columns;
    }

    private static List<String> numbered(int width) {
        return IntStream.range(0, width).mapToObj(i -> "_c" + i).toList();
    }

    // The cells.

    /** Returns a comma where fractions follow commas for sure, and no point; else a point. */
    private char decimal(Cut cut) {
        if (names.contains(CsvFiles.DECIMAL)) {
            return given.getOrDefault(CsvFiles.DECIMAL, ".").charAt(0);
        }
        List<String> cells = cut.rows.stream()
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .toList();
        boolean commas = cells.stream()
                .anyMatch(cell ->
                        isNumberWithComma(cell) && !THOUSANDS.matcher(cell).matches());
        return commas && cells.stream().noneMatch(cell -> POINT.matcher(cell).matches()) ? ',' : '.';
    }

    private static boolean isNumberWithComma(String cell) {
        return COMMA.matcher(cell).matches();
    }

    /** Returns whether cells hold line breaks; where runs of blanks separate cells, a line that ends within quotes is a fault. */
    private static boolean mayHaveLineBreaks(Cut cut) {
        return !cut.separator.equals(CsvDialect.BLANKS) && hasLineBreaks(cut);
    }

    private static boolean hasLineBreaks(Cut cut) {
        return cut.rows.stream()
                .flatMap(Arrays::stream)
                .anyMatch(cell -> cell != null && (cell.indexOf('\n') >= 0 || cell.indexOf('\r') >= 0));
    }
}
