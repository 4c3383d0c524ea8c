package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.firesteel.TestSpark;
import io.firesteel.export.Onnx;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Training;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates and times in features: they train to the bits of the numbers that Java's old calendar makes of them. */
@Tag("spark")
class DatesTest extends TableTrainings {
    private static final int ROWS = 90;
    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
    private static final String BY_HAND = "a,t1,t2,t3,t4,t5,d1,d2,d3,d5,y";

    /** A time in milliseconds since 1970 and the microseconds beyond them; the days since 1970 of a date; -1 for none. */
    private record Cells(double a, Long time, int micros, Integer day, String y) {
        /** The time as a calendar shows it, with a letter between date and time. */
        String time(String between, String zone) {
            return time == null ? "" : calendar(time).format("%1$tF" + between + "%1$tT") + fraction() + zone;
        }

        private String fraction() {
            return String.format(Locale.ROOT, ".%06d", time % 1000 * 1000 + micros);
        }

        String date() {
            return day == null ? "" : calendar(day * 86_400_000L).format("%1$tF");
        }

        /** The numbers that the columns t and d become, as a table has them. */
        String byHand() {
            String none = "";
            String ofTime =
                    time == null ? ",,,," : calendar(time).numbers(true, (time % 86_400_000 * 1000 + micros) / 8.64e10);
            return String.join(
                            ",",
                            "" + a,
                            ofTime,
                            day == null ? ",,," : calendar(day * 86_400_000L).numbers(false, 0),
                            y)
                    + none;
        }
    }

    /** Java's calendar of before java.time. */
    private record Old(GregorianCalendar calendar) {
        String format(String pattern) {
            return String.format(Locale.ROOT, pattern, calendar);
        }

        String numbers(boolean hasHour, double fraction) {
            int weekday =
                    calendar.get(Calendar.DAY_OF_WEEK) == Calendar.SUNDAY ? 7 : calendar.get(Calendar.DAY_OF_WEEK) - 1;
            long days = calendar.getTimeInMillis() / 86_400_000;
            return calendar.get(Calendar.YEAR) + "," + (calendar.get(Calendar.MONTH) + 1) + "," + weekday + ","
                    + (hasHour ? calendar.get(Calendar.HOUR_OF_DAY) + "," : "") + (days + fraction);
        }
    }

    private static Old calendar(long millis) {
        GregorianCalendar calendar = new GregorianCalendar(UTC, Locale.ROOT);
        calendar.setTimeInMillis(millis);
        return new Old(calendar);
    }

    private final List<Cells> rows = new ArrayList<>();

    @BeforeEach
    void table() {
        Random random = new Random(7);
        for (int i = 0; i < ROWS; i++) {
            long time = (long) (random.nextDouble() * 1.9e12);
            String y = time % 86_400_000 > 43_200_000 ? "late" : "early";
            rows.add(new Cells(random.nextGaussian(), time, random.nextInt(1000), random.nextInt(20_000), y));
        }
    }

    private Path csv(String name, String header, Function<Cells, String> row) {
        List<String> lines = new ArrayList<>(List.of(header));
        rows.forEach(cells -> lines.add(row.apply(cells)));
        return Cli.write(dir.resolve(name), lines);
    }

    private Path texts(String between, String zone) {
        return csv(
                "texts.csv", "a,t,d,y", row -> row.a + "," + row.time(between, zone) + "," + row.date() + "," + row.y);
    }

    @ParameterizedTest
    @CsvSource({"T, ''", "' ', ''", "T, Z", "' ', +00:00", "T, -0000"})
    void train_texts(String between, String zone) {
        Path expected = train(csv("hand.csv", BY_HAND, Cells::byHand));
        Path model = train(texts(between, zone), "--dates", "expand");
        assertEquals(Cli.weights(expected), Cli.weights(model));
        assertEquals(
                List.of(
                        "a",
                        "t.year",
                        "t.month",
                        "t.weekday",
                        "t.hour",
                        "t.days",
                        "d.year",
                        "d.month",
                        "d.weekday",
                        "d.days"),
                Cli.load(model).description().inputs().features());
        assertEquals(
                List.of("a", "t", "d"), Cli.load(model).description().inputs().columns());
    }

    /** A time with an offset is an instant: what UTC's clocks show counts. */
    @Test
    void train_offsets() {
        Path expected = train(csv("hand.csv", BY_HAND, Cells::byHand));
        Path texts = csv("offsets.csv", "a,t,d,y", row -> {
            Cells later = new Cells(row.a, row.time + 5_400_000, row.micros, row.day, row.y);
            return row.a + "," + later.time("T", "+01:30") + "," + row.date() + "," + row.y;
        });
        assertEquals(Cli.weights(expected), Cli.weights(train(texts, "--dates", "expand")));
    }

    private Dataset<Row> frame(String time) {
        return TestSpark.session()
                .read()
                .option("header", true)
                .csv(texts("T", "").toString())
                .selectExpr("double(a) a", time + " t", "date(d) d", "y")
                .coalesce(1);
    }

    /** Files of each format, written by Spark and read where clocks show other times. */
    @ParameterizedTest
    @CsvSource({
        "parquet, timestamp, Asia/Kolkata",
        "parquet, timestamp_ntz, America/New_York",
        "orc, timestamp, Asia/Kolkata",
        "orc, timestamp_ntz, America/New_York",
        "org.apache.spark.sql.avro.AvroFileFormat, timestamp, Asia/Kolkata",
        "json, string, America/New_York"
    })
    void train_formats(String format, String type, String zone) {
        if (format.endsWith("AvroFileFormat")) {
            TestSpark.expectSpark4("Avro is a part of Spark SQL");
        }
        Path expected = train(csv("hand.csv", BY_HAND, Cells::byHand));
        Path data = dir.resolve("t." + format);
        TimeZone before = TimeZone.getDefault();
        String session = TestSpark.session().conf().get("spark.sql.session.timeZone");
        Path model;
        try {
            // What UTC's clocks show is written: Spark writes what they show to ORC, and instants to the others.
            TimeZone.setDefault(UTC);
            TestSpark.session().conf().set("spark.sql.session.timeZone", "UTC");
            frame(type.equals("string") ? "t" : type.equals("timestamp") ? "timestamp(t)" : "cast(t as timestamp_ntz)")
                    .write()
                    .format(format)
                    .save(data.toString());
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            TestSpark.session().conf().set("spark.sql.session.timeZone", zone);
            model = train(data, "--dates", "expand", "--features", "a,t,d"); // JSON has no order
            Path predictions = dir.resolve("p.csv");
            Cli.succeed("predict", "--model", model, "--data", data, "--output", predictions);
            assertPredictions(expected, predictions);
        } finally {
            TimeZone.setDefault(before);
            TestSpark.session().conf().set("spark.sql.session.timeZone", session);
        }
        assertEquals(Cli.weights(expected), Cli.weights(model));
    }

    /** The predictions are those of the model by hand for the numbers by hand. */
    private void assertPredictions(Path byHand, Path predictions) {
        Path expected = dir.resolve("expected.csv");
        Cli.succeed("predict", "--model", byHand, "--data", dir.resolve("hand.csv"), "--output", expected);
        assertEquals(probabilities(expected), probabilities(predictions));
    }

    private static List<String> probabilities(Path csv) {
        try {
            return Files.readAllLines(csv).stream()
                    .skip(1)
                    .map(line -> line.substring(line.lastIndexOf(',', line.lastIndexOf(',') - 1)))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Nanoseconds, as pandas writes them, which Spark reads as whole numbers if at all. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void train_nanoseconds(String isAdjustedToUtc) throws IOException {
        Path expected = train(csv("hand.csv", BY_HAND, Cells::byHand));
        Path data = dir.resolve("nanos.parquet");
        MessageType type =
                MessageTypeParser.parseMessageType("message m { required double a; optional int64 t (TIMESTAMP(NANOS,"
                        + isAdjustedToUtc + ")); optional int32 d (DATE); required binary y (STRING); }");
        SimpleGroupFactory groups = new SimpleGroupFactory(type);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(data.toUri()), new Configuration()))
                .withType(type)
                .build()) {
            for (Cells row : rows) {
                writer.write(groups.newGroup()
                        .append("a", row.a)
                        .append("t", row.time * 1_000_000 + row.micros * 1000L)
                        .append("d", row.day)
                        .append("y", row.y));
            }
        }
        Path model = train(data, "--dates", "expand");
        assertEquals(Cli.weights(expected), Cli.weights(model));
        Path predictions = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", data, "--output", predictions);
        assertPredictions(expected, predictions);
        Cli.refuse(
                dir,
                args(data, dir.resolve("none"), "--exclude", "d"),
                "nanos.parquet, column t is of type timestamp",
                "--dates expand makes numbers of dates and times",
                "--exclude t");
    }

    /** Each part of a missing date is the mean of the part, as with columns of numbers. */
    @Test
    void missingDates_areTheMeansOfTheParts() {
        rows.replaceAll(row ->
                new Cells(row.a, row.a > 0.8 ? null : row.time, row.micros, row.a < -0.8 ? null : row.day, row.y));
        Path hand = csv("hand.csv", BY_HAND, Cells::byHand);
        Path expected = train(hand, "--missing", "mean");
        Path texts = texts("T", "");
        Path model = train(texts, "--dates", "expand", "--missing", "mean");
        assertEquals(Cli.weights(expected), Cli.weights(model));
        assertArrayEquals(
                Cli.load(expected).scoreRow(byName(0)), Cli.load(model).scoreRow(Map.of("a", rows.get(0).a)));
        Object[] refused = args(texts, dir.resolve("none"), "--dates", "expand", "--exclude", "d");
        Cli.refuse(dir, refused, "column t: the cell is empty", "--missing mean");
    }

    /** The first number of a row by hand, and nothing else. */
    private Map<String, Object> byName(int row) {
        return new HashMap<>(Map.of("a", rows.get(row).a));
    }

    /** A value of scoreRow may be a text or a type of java.time; each is what the table had. */
    @Test
    void scoreRow_takesTextsAndTypesOfJava() throws IOException {
        Path hand = csv("hand.csv", BY_HAND, Cells::byHand);
        TrainedModel model = Cli.load(train(texts("T", ""), "--dates", "expand"));
        TrainedModel byHand = Cli.load(train(hand));
        List<String> names = List.of(BY_HAND.split(","));
        for (Cells row : rows.subList(0, 20)) {
            Map<String, Object> numbers = new HashMap<>();
            String[] cells = row.byHand().split(",");
            for (int i = 0; i < names.size() - 1; i++) {
                numbers.put(names.get(i), cells[i]);
            }
            double[] expected = byHand.scoreRow(numbers);
            LocalDateTime time = LocalDateTime.parse(row.time("T", ""));
            for (Object value : List.of(
                    row.time(" ", "Z"),
                    time,
                    time.toInstant(ZoneOffset.UTC),
                    time.atOffset(ZoneOffset.UTC).withOffsetSameInstant(ZoneOffset.ofHours(-7)),
                    time.atZone(UTC.toZoneId())
                            .withZoneSameInstant(
                                    TimeZone.getTimeZone("Asia/Kolkata").toZoneId()),
                    java.sql.Timestamp.from(time.toInstant(ZoneOffset.UTC)))) {
                for (Object date :
                        List.of(row.date(), LocalDate.parse(row.date()), java.sql.Date.valueOf(row.date()))) {
                    assertArrayEquals(expected, model.scoreRow(Map.of("a", row.a, "t", value, "d", date)), "" + value);
                }
            }
        }
        Date midnight = Date.from(LocalDate.of(2024, 2, 29).atStartOfDay().toInstant(ZoneOffset.UTC));
        assertArrayEquals(
                model.scoreRow(Map.of("a", 1, "t", "2024-02-29", "d", "2024-02-29T00:00")),
                model.scoreRow(Map.of("a", 1, "t", midnight, "d", midnight)));
    }

    /** A graph has the scores of the model, for microseconds of the years 1 to 9999. */
    @ParameterizedTest
    @ValueSource(strings = {"error", "mean"})
    void onnx_givesTheModelsScores(String missing) throws IOException, OrtException {
        Path model = dir.resolve("linear"); // whose scores depend on every input
        Object[] train = {"train", "--data", texts("T", ""), "--label", "y", "--model", model, "--hidden", "none"};
        Cli.succeed(Cli.plus(train, "--dates", "expand", "--missing", missing));
        Path file = dir.resolve("model.onnx");
        Cli.succeed("export", "--model", model, "--onnx", file);
        TrainedModel linear = Cli.load(model);
        Random random = new Random(5);
        int count = 2000;
        double[][] a = new double[count][1];
        long[] times = new long[count];
        long[] days = new long[count];
        double[][] expected = new double[count][];
        for (int i = 0; i < count; i++) {
            a[i][0] = random.nextGaussian();
            Map<String, Object> row = new HashMap<>(Map.of("a", a[i][0]));
            long day = i % 2 == 0 ? random.nextLong(-719_162, 2_932_897) : random.nextLong(-75_000, 75_000);
            times[i] = day * 86_400_000_000L + random.nextLong(86_400_000_000L);
            days[i] = (day / 3) * 86_400_000_000L;
            row.put("t", Instant.EPOCH.plus(times[i], ChronoUnit.MICROS));
            row.put("d", LocalDate.ofEpochDay(day / 3));
            if (i % 7 == 0) {
                times[i] = Long.MIN_VALUE;
                row.remove("t");
            } else if (i % 7 == 1) {
                days[i] += 1; // a time where training had none
                row.put("d", "2024-03-01T12:00");
            }
            try {
                expected[i] = linear.scoreRow(row);
            } catch (IllegalArgumentException e) { // a graph cannot refuse a row
                expected[i] = new double[] {Double.NaN, Double.NaN};
            }
        }
        assertEquals(missing.equals("mean"), !Double.isNaN(expected[0][0]));
        assertTrue(Double.isNaN(expected[1][0]));
        try (Onnx onnx = new Onnx(Files.readAllBytes(file))) {
            double[][] scores =
                    onnx.run(Map.of("features", a, "t", times, "d", days)).scores();
            for (int i = 0; i < count; i++) {
                assertArrayEquals(expected[i], scores[i], 1e-12, "row " + i);
            }
        }
    }

    /** The rows of a DataFrame, whose times are instants: the same up to the order of sums. */
    @ParameterizedTest
    @ValueSource(strings = {"timestamp(t)", "cast(t as timestamp_ntz)", "t"})
    void fit_frame(String time) {
        String session = TestSpark.session().conf().get("spark.sql.session.timeZone");
        TestSpark.session().conf().set("spark.sql.session.timeZone", "UTC");
        try {
            TrainedModel model = Training.fit(settings().set("dates", "expand").build(), frame(time));
            Dataset<Row> numbers = TestSpark.session()
                    .read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(csv("hand.csv", BY_HAND, Cells::byHand).toString());
            TrainedModel byHand = Training.fit(settings().build(), numbers);
            assertEquals(10, model.description().inputs().features().size());
            assertArrayEquals(byHand.theta(), model.theta(), 1e-12);
        } finally {
            TestSpark.session().conf().set("spark.sql.session.timeZone", session);
        }
    }

    private static Settings.Builder settings() {
        return Settings.builder()
                .set("preset", "notes")
                .set("label", "y")
                .set("hidden", "3")
                .set("iterations", "4");
    }

    /** What is no date, or has a time where there were none, is refused; by evaluate with its row. */
    @ParameterizedTest
    @CsvSource({
        "2024-02-30, is not a date or time",
        "2024-13-01, is not a date or time",
        "01.03.2024, is not a date or time",
        "2024-03-01T24:00, is not a date or time",
        "17, is not a date or time",
        "NA, stands for a missing value",
        "2024-03-01T12:00, has a time of the day",
        "'', the cell is empty"
    })
    void cell_thatIsNoDate(String cell, String problem) throws IOException {
        Path texts = texts("T", "");
        Path model = train(texts, "--dates", "expand");
        List<String> lines = new ArrayList<>(Files.readAllLines(texts));
        String[] cells = lines.get(5).split(",");
        lines.set(5, String.join(",", cells[0], cells[1], cell, cells[3]));
        Path bad = Cli.write(dir.resolve("bad.csv"), lines);
        Object[] evaluate = {"evaluate", "--model", model, "--data", bad};
        Cli.refuse(dir, evaluate, "bad.csv, row 5, column d", problem);
        Object[] predict = {"predict", "--model", model, "--data", bad, "--output", dir.resolve("p.csv")};
        Cli.refuse(dir, predict, "bad.csv, row 5, column d", problem);
        IllegalArgumentException e =
                org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, () -> Cli.load(model)
                        .scoreRow(Map.of("a", 1, "t", "2024-03-01", "d", cell)));
        assertTrue(e.getMessage().startsWith("feature d: "), e.getMessage());
        if (!problem.startsWith("has a time")) { // in training, the column then has times
            Cli.refuse(dir, args(bad, dir.resolve("none"), "--dates", "expand"), "bad.csv, row 5, column d", problem);
        }
    }

    /** One late row decides whether a column has times, and whether it is of dates. */
    @Test
    void train_lateRowsDecide() {
        List<String> lines = new ArrayList<>(List.of("a,d,y"));
        for (int i = 0; i < 2500; i++) {
            lines.add(i % 7 + ",2024-03-0" + (1 + i % 9) + (i == 2400 ? "T12:00" : "") + "," + (i % 7 > 3));
        }
        Path model = train(Cli.write(dir.resolve("late.csv"), lines), "--dates", "expand");
        assertTrue(Cli.load(model).description().inputs().features().contains("d.hour"));
        lines.replaceAll(line -> line.startsWith("a") || line.startsWith("0,") ? line : line.replace("2024-", "week "));
        Path texts = train(Cli.write(dir.resolve("texts.csv"), lines), "--dates", "expand", "--categorical", "auto");
        assertEquals(List.of("a", "d"), Cli.load(texts).description().inputs().features());
    }

    @Test
    void column_ofAPartsName() {
        Path data = Cli.write(dir.resolve("t.csv"), "t,t.year,y", "2024-03-01,1,no", "2024-03-02,2,yes");
        Cli.refuse(
                dir,
                args(data, dir.resolve("none"), "--dates", "expand"),
                "t.csv has a column t.year already",
                "--exclude t.year");
    }

    /** Without the setting the message, or the line on categories, names it. */
    @Test
    void withoutTheSetting_theWayOutIsNamed() {
        Path texts = texts("T", "");
        Object[] numbers = args(texts, dir.resolve("none"), "--exclude", "d");
        Cli.refuse(dir, numbers, "texts.csv, row 1, column t", "is not a number", "--dates expand");
        Object[] auto = args(texts, dir.resolve("none"), "--categorical", "auto", "--exclude", "d");
        Cli.refuse(
                dir,
                auto,
                "texts.csv, column t has 90 distinct texts",
                "dates, which are no categories",
                "--dates expand");
        List<String> lines = new ArrayList<>(List.of("a,d,y"));
        for (int i = 0; i < 60; i++) {
            lines.add(i % 7 + ",2024-03-0" + (1 + i % 9) + "," + (i % 7 > 3));
        }
        Path few = Cli.write(dir.resolve("few.csv"), lines);
        String out = Cli.succeed(args(few, dir.resolve("few"), "--categorical", "auto"));
        assertTrue(out.contains("d (9, such as 2024-03-01; --dates expand makes numbers of dates)"), out);
    }
}
