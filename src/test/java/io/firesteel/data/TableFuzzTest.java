package io.firesteel.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.FileMutations;
import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.compute.Block;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.Table;
import io.firesteel.train.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CSV and LibSVM files that are not what they should be, read as {@code train} reads them: each is refused in one line,
 * or gives the very numbers that are in it.
 */
@Tag("spark")
class TableFuzzTest {
    private static final String NUMBER = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";

    private static final List<String> CELLS = List.of(
            "",
            " ",
            "0",
            "-0.0",
            "1e999",
            "-1e-999",
            "NaN",
            "Infinity",
            "1d",
            "0x1p3",
            "1_000",
            "1,5",
            "\"",
            "\"\"",
            "\"3\"",
            "\"a",
            "a\"b",
            "'",
            "\\",
            "\\\"",
            "#",
            "# comment",
            "null",
            "true",
            "é",
            "١",
            "\u0000",
            "\u001b[31m",
            "\u2028",
            "\t",
            "9".repeat(400),
            "x".repeat(70_000),
            "0." + "3".repeat(5000),
            "1:1",
            ":",
            "1:",
            ":1",
            "0:1",
            "-1:2",
            "2:x",
            "999999:1",
            "1000001:1",
            "2147483647:1",
            "2147483648:1",
            "99999999999999999999:1",
            "1:1:1",
            "qid:3",
            "3:1 2:1");

    private static final List<String> PIECES = List.of(
            "\n", "\r", "\r\n", "\n\n\n", "\uFEFF", ",", ",,,", "\"", "\u0000", "\n\"", "\"\n", " \n ", "\u0085",
            "\u2028");

    @TempDir
    private Path dir;

    private int loaded;
    private int refused;

    /** What a table says: inputs row after row, and the class of each row. */
    private record Content(double[][] x, List<String> labels) {}

    /** Column c is a category in tables of this kind, and other cells may be missing. */
    private static final String MIXED = "mixed";

    /** A table, and what it says where that is beyond doubt; {@code content} is null where it says nothing. */
    private record Mutant(String how, Path file, boolean certain, Content content) {}

    @Test
    void csv_someMutants() throws Exception {
        readMutants(20, 1, "csv");
    }

    @Test
    void csvOfCategoriesAndMissingValues_someMutants() throws Exception {
        readMutants(20, 5, MIXED);
    }

    @Test
    void libSvm_someMutants() throws Exception {
        readMutants(20, 2, "libsvm");
    }

    @Test
    @Tag("faults")
    void csv_sevenHundredMutants() throws Exception {
        readMutants(700, 3, "csv");
    }

    @Test
    @Tag("faults")
    void csvOfCategoriesAndMissingValues_sevenHundredMutants() throws Exception {
        readMutants(700, 6, MIXED);
    }

    @Test
    @Tag("faults")
    void libSvm_sevenHundredMutants() throws Exception {
        readMutants(700, 4, "libsvm");
    }

    private void readMutants(int count, long seed, String format) throws Exception {
        Random random = new Random(seed);
        TestSpark.session();
        ExecutorService executor = Executors.newFixedThreadPool(TestSpark.CORES);
        try {
            List<Future<?>> readings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String table = format.equals("libsvm") ? libSvm(random) : csv(random, format.equals(MIXED));
                String name = "t" + i + (format.equals(MIXED) ? ".mixed.csv" : "." + format);
                Mutant mutant = mutant(table, name, random);
                readings.add(executor.submit(() -> read(mutant)));
            }
            List<String> wrong = new ArrayList<>();
            for (Future<?> reading : readings) {
                try {
                    reading.get(60, TimeUnit.SECONDS); // after the one before: none hangs
                } catch (ExecutionException e) {
                    wrong.add(ExceptionUtils.getStackTrace(e.getCause()));
                }
            }
            assertTrue(wrong.isEmpty(), wrong.size() + " went wrong\n" + String.join("\n", wrong));
        } finally {
            executor.shutdownNow();
        }
        assertTrue(loaded > count / 20 && refused > count / 5, loaded + " loaded, " + refused + " refused");
    }

    // The tables.

    private static String csv(Random random, boolean mixed) {
        StringBuilder text = new StringBuilder("a,long name,c,y\n");
        for (int i = 0; i < 12; i++) {
            text.append(random.nextInt(9))
                    .append(',')
                    .append(random.nextGaussian())
                    .append(',');
            text.append(mixed ? pick(List.of("red", "green", "7", ""), random) : 1e5 * random.nextDouble())
                    .append(',')
                    .append(i % 3 == 0 ? "no" : "yes")
                    .append('\n');
        }
        return text.toString();
    }

    private static String libSvm(Random random) {
        StringBuilder text = new StringBuilder("# a comment\n");
        for (int i = 0; i < 12; i++) {
            text.append(i % 3 == 0 ? "-1" : "+1");
            for (int index = 1 + random.nextInt(3); index < 9; index += 1 + random.nextInt(3)) {
                text.append(' ').append(index).append(':').append(random.nextGaussian());
            }
            text.append('\n');
        }
        return text.toString();
    }

    private Mutant mutant(String original, String name, Random random) throws IOException {
        List<String> how = new ArrayList<>(List.of(name));
        byte[] content = original.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int n = random.nextInt(3); n >= 0; n--) {
            StringBuilder what = new StringBuilder();
            content = random.nextInt(3) == 0
                    ? FileMutations.bytes(content, random, what)
                    : lines(new String(content, ISO_8859_1), random, what).getBytes(ISO_8859_1);
            how.add(what.toString());
        }
        Path file = Files.write(dir.resolve(name), content);
        String text = new String(content, ISO_8859_1).replace("\r\n", "\n");
        boolean certain = text.matches("[\\n\\x20-\\x7e&&[^\"\\\\]]*");
        return new Mutant(
                String.join("; ", how),
                file,
                certain,
                !certain
                        ? null
                        : name.endsWith(".mixed.csv")
                                ? mixedContent(text)
                                : name.endsWith(".csv") ? csvContent(text) : libSvmContent(text));
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
    }

    /** One mutation of a text's lines. */
    private static String lines(String text, Random random, StringBuilder how) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        int at = random.nextInt(lines.size());
        String separator = text.contains(",") ? "," : " ";
        List<String> cells = new ArrayList<>(List.of(lines.get(at).split(separator, -1)));
        int cell = random.nextInt(cells.size());
        int kind = random.nextInt(12);
        how.append("line ").append(at).append(", cell ").append(cell).append(": ");
        switch (kind) {
            case 0, 1, 2, 3 -> {
                String lie = pick(CELLS, random);
                how.append(lie.length() > 60 ? lie.substring(0, 9) + "..." : lie);
                cells.set(cell, utf8(lie));
            }
            case 4 -> {
                how.append("removed");
                cells.remove(cell);
            }
            case 5 -> {
                how.append("twice");
                cells.add(cell, cells.get(cell));
            }
            case 6 -> {
                String piece = pick(PIECES, random);
                how.append("before it U+").append(Integer.toHexString(piece.codePointAt(0)));
                cells.set(cell, utf8(piece) + cells.get(cell));
            }
            default -> how.append("(whole)");
        }
        lines.set(at, String.join(separator, cells));
        String line = lines.get(at);
        switch (kind) {
            case 7 -> {
                how.append(" removed");
                lines.remove(at);
            }
            case 8 -> {
                how.append(" again");
                lines.add(random.nextInt(lines.size() + 1), line);
            }
            case 9 -> {
                how.append(" swapped with another");
                Collections.swap(lines, at, random.nextInt(lines.size()));
            }
            case 10 -> {
                how.append(" with spaces");
                lines.set(at, " " + line.replace(separator, " " + separator + " ") + " ");
            }
            case 11 -> {
                if (line.length() < 1000 && random.nextInt(4) == 0) {
                    how.append(" 30,000 times as wide");
                    lines.set(at, (line + separator).repeat(30_000) + line);
                } else {
                    how.append(" after a blank one");
                    lines.add(at, random.nextBoolean() ? "" : "  ");
                }
            }
            default -> {}
        }
        return String.join(random.nextInt(8) == 0 ? "\r\n" : "\n", lines);
    }

    // What they say, read without any of Firesteel's code, where there are no quotes and nothing but plain characters.

    /** The cells, header first; null where they are no table with the label y. */
    private static List<String[]> cells(String text) {
        List<String[]> rows = Stream.of(text.split("\n"))
                .filter(line -> !line.isBlank())
                .map(line -> line.split(",", -1))
                .toList();
        rows.forEach(row -> Arrays.setAll(row, i -> row[i].trim()));
        if (rows.size() < 2) {
            return null;
        }
        List<String> header = List.of(rows.get(0));
        int y = header.indexOf("y");
        boolean good = y >= 0
                && header.size() > 1
                && !header.contains("")
                && new HashSet<>(header).size() == header.size()
                && rows.stream().allMatch(row -> row.length == header.size() && !row[y].isEmpty());
        return good ? rows : null;
    }

    /** Numbers, the mean of a column where one is missing, and 0 and 1 for each of the categories of c. */
    private static Content mixedContent(String text) {
        List<String[]> rows = cells(text);
        if (rows == null || !List.of(rows.get(0)).contains("c")) {
            return null;
        }
        int y = List.of(rows.get(0)).indexOf("y");
        List<String> labels = rows.stream().skip(1).map(row -> row[y]).toList();
        double[][] x = new double[labels.size()][0];
        for (int k = 0; k < rows.get(0).length; k++) {
            int column = k;
            List<String> cells = rows.stream().skip(1).map(row -> row[column]).toList();
            boolean category = rows.get(0)[k].equals("c");
            List<String> markers =
                    category ? List.of("", "nan") : List.of("", "nan", "na", "n/a", "?", "null", "none", "-");
            List<String> present = cells.stream()
                    .filter(cell -> !markers.contains(cell.toLowerCase(Locale.ROOT)))
                    .toList();
            boolean numbers = present.stream().allMatch(TableFuzzTest::isNumber);
            if (k == y) {
                continue;
            }
            if (present.isEmpty() || !(numbers || category)) {
                return null;
            }
            double mean = category
                    ? 0
                    : present.stream()
                            .mapToDouble(Double::parseDouble)
                            .average()
                            .orElseThrow();
            // A category is its text; those that are all numbers are ordered by value. + 0.0 makes -0.0 the number that
            // it is
            Comparator<String> byValue = Comparator.comparingDouble(cell -> Double.parseDouble(cell) + 0.0);
            List<String> values = present.stream()
                    .distinct()
                    .sorted(numbers ? byValue.thenComparing(Comparator.naturalOrder()) : Comparator.naturalOrder())
                    .toList();
            for (int i = 0; i < x.length; i++) {
                boolean missing = !present.contains(cells.get(i));
                String value = missing ? "" : cells.get(i);
                DoubleStream inputs = !category
                        ? DoubleStream.of(missing ? mean : Double.parseDouble(value) + 0.0)
                        : values.stream().mapToDouble(one -> one.equals(value) ? 1 : 0);
                x[i] = DoubleStream.concat(DoubleStream.of(x[i]), inputs).toArray();
            }
        }
        return new HashSet<>(labels).size() < 2 ? null : new Content(x, labels);
    }

    private static Content csvContent(String text) {
        List<String[]> rows = cells(text);
        if (rows == null) {
            return null;
        }
        List<String> header = List.of(rows.get(0));
        int y = header.indexOf("y");
        double[][] x = new double[rows.size() - 1][header.size() - 1];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            String[] row = rows.get(i + 1);
            labels.add(row[y]);
            for (int k = 0; k < row.length; k++) {
                if (k != y) {
                    if (!isNumber(row[k])) {
                        return null;
                    }
                    x[i][k < y ? k : k - 1] = Double.parseDouble(row[k]);
                }
            }
        }
        return new HashSet<>(labels).size() < 2 ? null : new Content(x, labels);
    }

    private static Content libSvmContent(String text) {
        List<String> lines = Stream.of(text.split("\n"))
                .filter(line -> !line.isBlank() && !line.trim().startsWith("#"))
                .toList();
        List<Map<Integer, Double>> rows = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        int features = 0;
        for (String line : lines) {
            String[] parts = line.trim().split(" +");
            if (!isNumber(parts[0])) {
                return null;
            }
            labels.add(Labeling.name(Double.parseDouble(parts[0])));
            Map<Integer, Double> row = new java.util.TreeMap<>();
            for (int i = 1; i < parts.length && !parts[i].startsWith("#"); i++) {
                String[] pair = parts[i].split(":", 2);
                if (pair[0].equals("qid") && pair.length == 2) {
                    continue; // the number of a query, which is no feature
                }
                if (pair.length < 2 || !pair[0].matches("\\+?0*[1-9]\\d{0,6}") || !isNumber(pair[1])) {
                    return null;
                }
                int index = Integer.parseInt(pair[0]);
                if (index > 1_000_000 || row.put(index, Double.parseDouble(pair[1])) != null) {
                    return null;
                }
                features = Math.max(features, index);
            }
            rows.add(row);
        }
        if (features == 0 || new HashSet<>(labels).size() < 2) {
            return null;
        }
        double[][] x = new double[rows.size()][features];
        for (int i = 0; i < x.length; i++) {
            for (var entry : rows.get(i).entrySet()) {
                x[i][entry.getKey() - 1] = entry.getValue();
            }
        }
        return new Content(x, labels);
    }

    private static boolean isNumber(String text) {
        return text.matches(NUMBER) && Double.isFinite(Double.parseDouble(text));
    }

    // Reading.

    private void read(Mutant mutant) {
        String name = mutant.file.getFileName().toString();
        List<String> label = name.endsWith(".libsvm") ? List.of() : List.of("y");
        FeatureKinds kinds = name.endsWith(".mixed.csv")
                ? new FeatureKinds(List.of("c"), Unseen.ERROR, Missing.MEAN, FeatureKinds.Dates.NONE)
                : TrainingSets.NUMBERS;
        try {
            Table table = Table.open(TestSpark.session(), mutant.file.toString(), null, Map.of());
            Columns columns =
                    Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), label, null, List.of());
            try (TrainingSet data = TrainingSets.read(
                    table, columns, kinds, Configs.descent(0.1, 1), false, new Split.None(), TestSpark.CORES)) {
                check(mutant, data);
            }
            count(true);
        } catch (UserError e) {
            String message = mutant.how + ": " + e.getMessage();
            assertNull(mutant.content, message);
            assertFalse(e.getMessage().matches("(?s).*[\\p{Cntrl}\\u0085\\u2028].*"), message);
            assertFalse(e.getMessage().contains("Exception") || e.getMessage().contains(" at org."), message);
            assertTrue(e.getMessage().contains(mutant.file.getFileName().toString()), message);
            count(false);
        } catch (Throwable e) {
            throw new AssertionError(mutant.how, e);
        }
    }

    private synchronized void count(boolean isLoaded) {
        loaded += isLoaded ? 1 : 0;
        refused += isLoaded ? 0 : 1;
    }

    private static void check(Mutant mutant, TrainingSet data) {
        List<Block> blocks = new ArrayList<>(data.training().rdd().collect());
        blocks.sort(Comparator.comparingInt(Block::number));
        assertTrue(!mutant.certain || mutant.content != null, mutant.how + " was read");
        assertTrue(data.training().rows() > 0 && data.training().rows() < 50, mutant.how);
        int row = 0;
        for (Block block : blocks) {
            AnyMatrix x = block.examples().x();
            Matrix y = block.examples().y();
            for (int j = 0; j < x.cols(); j++, row++) {
                for (int i = 0; i < x.rows(); i++) {
                    assertTrue(Double.isFinite(x.get(i, j)), mutant.how);
                    if (mutant.content != null) {
                        double expected = mutant.content.x[row][i];
                        double rounding = mutant.file.toString().endsWith(".mixed.csv") ? 1e-12 : 0; // of means
                        assertEquals(expected, x.get(i, j), rounding * Math.abs(expected), mutant.how);
                    }
                }
                if (mutant.content != null) {
                    assertEquals(mutant.content.labels.get(row), data.classes().get((int) y.get(0, j)), mutant.how);
                }
            }
        }
        if (mutant.content != null) {
            assertEquals(mutant.content.x.length, row, mutant.how);
            assertEquals(new TreeSet<>(mutant.content.labels), new TreeSet<>(data.classes()), mutant.how);
        }
    }
}
