package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code predict --contributions} writes beside the predictions. */
@Tag("spark")
class PredictContributionsTest {
    @TempDir
    private Path dir;

    private Path table() {
        Random random = new Random(6);
        List<String> lines = new ArrayList<>(List.of("a,kind,day,idle,y"));
        for (int i = 0; i < 300; i++) {
            double a = random.nextGaussian();
            String kind = i % 3 == 0 ? "red" : i % 3 == 1 ? "blue" : "";
            String day = "2024-0" + (1 + i % 9) + "-1" + i % 7;
            String y = 2 * a + (kind.equals("red") ? 1 : 0) + random.nextGaussian() > 0.5 ? "yes" : "no";
            lines.add((i % 20 == 7 ? "" : a) + "," + kind + "," + day + ",1," + y);
        }
        return Cli.write(dir.resolve("table.csv"), lines);
    }

    /** Rows of numbers, of which the last columns are contributions and their base. */
    private List<String[]> predicted(Path data, Object... train) throws IOException {
        Path model = dir.resolve("model");
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--overwrite"};
        Cli.succeed(Cli.plus(args, train));
        Path out = dir.resolve("out.csv");
        Object[] predict = {"predict", "--model", model, "--data", data, "--output", out, "--overwrite"};
        Cli.Outcome outcome = Cli.run(Cli.plus(predict, "--contributions"));
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(!outcome.err().contains("warning"), outcome.err());
        return Files.readAllLines(out).stream().map(line -> line.split(",")).toList();
    }

    private static double sum(String[] cells, int from) {
        double sum = 0;
        for (int i = from; i < cells.length; i++) {
            sum += Double.parseDouble(cells[i]);
        }
        return sum;
    }

    /** They add up to the log-odds, of categories, dates and missing cells, and what does not matter adds nothing. */
    @Test
    void twoClasses() throws IOException {
        Object[] how = {"--preset", "fast", "--epochs", "6", "--dates", "expand", "--members", "2"};
        List<String[]> rows = predicted(table(), how);
        assertEquals(
                "a,kind,day,idle,y,prediction,probability_no,probability_yes,contribution_a,contribution_kind,"
                        + "contribution_day,contribution_idle,contribution_base",
                String.join(",", rows.get(0)));
        for (String[] cells : rows.subList(1, rows.size())) {
            double logOdds = Math.log(Double.parseDouble(cells[7]) / Double.parseDouble(cells[6]));
            assertEquals(logOdds, sum(cells, 8), 1e-6);
            assertEquals(0, Double.parseDouble(cells[11]), 1e-12, "a constant column");
            if (cells[1].isEmpty()) {
                assertEquals(0, Double.parseDouble(cells[9]), 1e-12, "none of the categories is the base");
            }
            assertEquals(rows.get(1)[12], cells[12], "the base is that of all rows");
        }
    }

    @Test
    void aRegression_inItsUnits() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            double a = random.nextInt(10);
            double b = random.nextDouble();
            lines.add(a + "," + b + "," + (1e4 + 3000 * a - 500 * b));
        }
        Path data = Cli.write(dir.resolve("numbers.csv"), lines);
        Object[] how = {"--task", "regression", "--hidden", "none", "--optimizer", "lbfgs", "--iterations", "50"};
        List<String[]> rows = predicted(data, how);
        double[] a = rows.stream()
                .skip(1)
                .mapToDouble(cells -> Double.parseDouble(cells[0]))
                .toArray();
        double mean = java.util.Arrays.stream(a).average().orElseThrow();
        for (int i = 1; i < rows.size(); i++) {
            String[] cells = rows.get(i);
            assertEquals(Double.parseDouble(cells[3]), sum(cells, 4), 1e-6);
            assertEquals(3000 * (a[i - 1] - mean), Double.parseDouble(cells[4]), 1, "3000 for each of a");
        }
    }

    @Test
    void whatCannotBe() {
        Path data = Cli.write(dir.resolve("two.csv"), "a,y,z", "1,2,3", "2,3,5", "3,4,4");
        Path model = dir.resolve("two");
        Cli.succeed("train", "--data", data, "--label", "y,z", "--task", "regression", "--model", model);
        Object[] predict = {"predict", "--model", model, "--data", data, "--output", dir.resolve("out.csv")};
        Cli.refuse(
                dir, Cli.plus(predict, "--contributions"), "--contributions: expected a model of one label", "has 2");
    }
}
