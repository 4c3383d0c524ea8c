package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each finding is met on a table or network that was made for it, and none on one without faults. */
@Tag("spark")
class CheckTest {
    private static final int ROWS = 1200;

    @TempDir
    private Path dir;

    /** Returns kind and column, or nothing, of each finding. */
    private static List<String> found(Object... command) {
        List<String> found = new ArrayList<>();
        for (JsonNode finding : Cli.json(command).get("findings")) {
            String column = finding.get("column").isNull()
                    ? ""
                    : " " + finding.get("column").asText();
            found.add(finding.get("kind").asText() + column);
            assertTrue(
                    finding.get("text").asText().startsWith(column.isEmpty() ? "" : "column" + column + " "),
                    finding.toString());
        }
        return found;
    }

    /** Two numbers that tell two classes, but not alone, and what else the columns say of a row. */
    private Path table(Map<String, java.util.function.IntFunction<Object>> columns) {
        Random random = new Random(4);
        List<String> lines = new ArrayList<>(
                List.of("x,z," + String.join(",", columns.keySet()) + (columns.isEmpty() ? "y" : ",y")));
        for (int i = 0; i < ROWS; i++) {
            double x = random.nextGaussian();
            double z = random.nextGaussian();
            List<String> cells = new ArrayList<>(List.of("" + x, "" + z));
            for (java.util.function.IntFunction<Object> column : columns.values()) {
                cells.add(column.apply(i).toString());
            }
            cells.add(x * z > 0 ? "a" : "b");
            lines.add(String.join(",", cells));
        }
        return Cli.write(dir.resolve("t.csv"), lines);
    }

    private Object[] check(Path data, Object... more) {
        return Cli.plus(new Object[] {"check", "--preset", "default", "--data", data, "--label", "y"}, more);
    }

    @Test
    void soundTable_nothing() {
        JsonNode json = Cli.json(check(table(Map.of())));
        assertEquals("[]", json.get("findings").toString());
        assertTrue(json.get("gradientRight").asBoolean());
        assertTrue(json.get("gradientError").asDouble() > 0, "two computations differ by rounding");
        assertEquals(960, json.get("sampledRows").asInt());
        assertEquals(240, json.get("validationRows").asInt());
    }

    @Test
    void columns_eachFault() {
        Random random = new Random(9);
        double[] u = random.doubles(ROWS).toArray();
        Map<String, java.util.function.IntFunction<Object>> columns = new TreeMap<>();
        columns.put("a-id", i -> 5000 + 3 * i);
        columns.put("b-same", i -> 7);
        columns.put("c-half", i -> i % 5 < 3 ? "" : u[i]);
        columns.put("d-number", i -> u[i]);
        columns.put("e-other", i -> 32 - 1.8 * u[i]);
        List<String> found = found(check(table(columns)));
        assertEquals(List.of("identifier a-id", "constant b-same", "duplicate e-other", "missing c-half"), found);
    }

    @Test
    void column_thatTellsTheLabel() {
        List<String> lines = new ArrayList<>(List.of("x,paid,code,y"));
        Random random = new Random(2);
        for (int i = 0; i < ROWS; i++) {
            boolean yes = random.nextInt(10) < 3;
            lines.add(random.nextGaussian() + "," + (yes ? 100 + random.nextDouble() : 0) + ","
                    + (yes ? "p" : "q" + i % 2) + "," + (yes ? "yes" : "no"));
        }
        Path data = Cli.write(dir.resolve("leak.csv"), lines);
        assertEquals(List.of("leak paid", "leak code"), found(check(data)));
        assertTrue(Cli.succeed(check(data)).contains("known when predictions are made? --exclude paid ignores it\n"));
        // A number that is predicted, in another unit.
        List<String> numbers = new ArrayList<>(List.of("x,cents,y"));
        for (int i = 0; i < ROWS; i++) {
            double price = 100 * random.nextDouble();
            numbers.add(random.nextGaussian() + "," + Math.round(100 * price) + "," + price);
        }
        assertEquals(List.of("leak cents"), found(check(Cli.write(dir.resolve("price.csv"), numbers))));
    }

    @Test
    void rows_eachFault() {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        Random random = new Random(3);
        for (int i = 0; i < 400; i++) {
            String row = random.nextGaussian() + "," + (i % 20 == 0 ? "rare" : "usual");
            lines.add(row);
            lines.add(row);
        }
        for (int i = 0; i < 5; i++) {
            lines.add(random.nextGaussian() + ",seldom");
        }
        Path data = Cli.write(dir.resolve("rows.csv"), lines);
        assertEquals(
                List.of("imbalance", "rareClass", "repeatedRows", "fewRows"),
                found(check(data, "--validation-fraction", "0.1")));
    }

    @Test
    void network_eachFault() {
        Path data = table(Map.of("far", i -> 1e6 * (i % 7)));
        assertEquals(
                List.of("unscaled far"),
                found("check", "--data", data, "--label", "y", "--standardize", "false", "--init-scale", "1e-9"));
        assertEquals(List.of("start"), found("check", "--data", data, "--label", "y", "--init", "zero"));
        String deep = "8,8,8,8,8,8,8,8,8,8";
        assertEquals(
                List.of("start"),
                found("check", "--data", data, "--label", "y", "--hidden", deep, "--activation", "sigmoid"));
        assertEquals(
                List.of("warning"),
                found("check", "--data", data, "--label", "y", "--init", "normal", "--init-scale", "100"));
    }

    /** Rows without names of columns have no cells to look at, and sparse ones are not judged by their columns. */
    @Test
    void sparseRows_areNotJudged() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add(i % 2 + " " + (1 + i % 7) + ":1 " + (20 + i % 50) + ":0.5 100:" + i);
        }
        JsonNode json = Cli.json("check", "--preset", "default", "--data", Cli.write(dir.resolve("t.libsvm"), lines));
        assertEquals(0, json.get("sampledRows").asInt());
        assertTrue(json.get("gradientRight").asBoolean());
    }

    @Test
    void people_readWhatToDo() {
        String out = Cli.succeed(check(table(Map.of("id", i -> i))));
        assertTrue(out.contains("gradient    right: "), out);
        assertTrue(out.contains("found       column id has a different whole number in every row"), out);
        assertTrue(out.contains("--exclude id ignores it"), out);
        assertFalse(out.contains("nothing that is in the way"), out);
    }

    /** The exponential of a large number is infinite: no gradient is called right then. */
    @Test
    void lossThatIsInfinite_isSaid() {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < 100; i++) {
            lines.add(1e6 * (i + 1) + "," + i % 5);
        }
        Path data = Cli.write(dir.resolve("large.csv"), lines);
        JsonNode json = Cli.json(
                "check",
                "--data",
                data,
                "--label",
                "y",
                "--task",
                "regression",
                "--loss",
                "poisson",
                "--hidden",
                "none",
                "--standardize",
                "false");
        assertFalse(json.get("gradientRight").asBoolean());
        assertTrue(json.get("gradientError").isNull());
        assertEquals("gradient", json.get("findings").get(0).get("kind").asText());
        assertEquals("regression", json.get("task").asText());
    }

    @Test
    void mistakes_areThoseOfTrain() {
        Cli.refuse(dir, check(table(Map.of()), "--hidden", "-1"), "--hidden");
        Cli.refuse(dir, check(dir.resolve("none.csv")), "none.csv");
    }
}
