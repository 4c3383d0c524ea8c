package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code report}, and {@code --report} of {@code train} and {@code evaluate}. */
@Tag("spark")
class ReportCommandTest {
    private static final Path FLOWER = Path.of("data/flower.csv");

    private static Path model; // of the flower

    @TempDir
    private Path dir;

    @BeforeAll
    static void trainOnce(@TempDir Path shared) {
        model = shared.resolve("model");
        Cli.succeed("train", "--data", FLOWER, "--label", "color", "--model", model, "--iterations", 30, "--hidden", 3);
    }

    private static Object[] train(Path model, Object... more) {
        return Cli.plus(
                new Object[] {"train", "--data", FLOWER, "--label", "color", "--model", model, "--iterations", 3},
                more);
    }

    /** The numbers of the text between two places of a page, with all their digits. */
    private static List<Double> numbers(String page, String from, String to) {
        int start = page.indexOf(from);
        assertTrue(start >= 0, from);
        Matcher matcher =
                Pattern.compile("<data value=\"([^\"]+)\">").matcher(page.substring(start, page.indexOf(to, start)));
        List<Double> numbers = new ArrayList<>();
        while (matcher.find()) {
            numbers.add(Double.parseDouble(matcher.group(1)));
        }
        return numbers;
    }

    private static void add(JsonNode value, List<Double> into) {
        if (!value.isNull()) {
            into.add(value.asDouble());
        }
    }

    /** Each number of the tables is the one of --json, with all digits. */
    private static void expectSame(JsonNode json, String page) {
        json.properties().forEach(field -> {
            if (field.getValue().isDouble()) {
                assertEquals(
                        List.of(field.getValue().asDouble()),
                        numbers(page, "id=\"metric-" + field.getKey() + "\"", "</dd>"),
                        field.getKey());
            }
        });
        if (json.has("confusion")) {
            List<Double> confusion = new ArrayList<>();
            json.get("confusion").forEach(row -> row.forEach(count -> add(count, confusion)));
            assertEquals(confusion, numbers(page, "<caption>Confusion matrix", "</table>"));
            List<Double> perClass = new ArrayList<>();
            json.get("perClass").forEach(one -> List.of("support", "precision", "recall", "f1")
                    .forEach(key -> add(one.get(key), perClass)));
            assertEquals(perClass, numbers(page, "<caption>Each class", "</table>"));
            List<Double> calibration = new ArrayList<>();
            json.get("calibration").forEach(bin -> List.of("support", "predicted", "observed")
                    .forEach(key -> add(bin.get(key), calibration)));
            assertEquals(calibration, numbers(page, "<caption>Rows by probability", "</table>"));
        }
        if (json.has("importance")) {
            List<Double> importance = new ArrayList<>();
            json.get("importance").forEach(one -> {
                importance.add(one.get("mean").asDouble());
                importance.add(one.get("deviation").asDouble());
            });
            assertEquals(importance, numbers(page, "<caption>By how much", "</table>"));
        }
    }

    @Test
    void evaluate_writesTheNumbersOfJson() throws IOException {
        Path page = dir.resolve("new/page.html");
        Object[] args = {"evaluate", "--model", model, "--data", FLOWER, "--importance", "--json"};
        String json = Cli.succeed(Cli.plus(args, "--report", page));
        assertEquals(Cli.succeed(args), json, "a report changes nothing that is printed");
        String html = Files.readString(page);
        expectSame(new ObjectMapper().readTree(json), html);
        assertTrue(html.contains("Regions of the classes"), "two features that are numbers");
        assertTrue(html.contains("The model was trained on this table"), html);
    }

    @Test
    void report_ofARegression_hasTheNumbersOfJson() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("a,kind,y,z"));
        for (int i = 0; i < 1500; i++) {
            double a = random.nextGaussian();
            lines.add(a + "," + (i % 3 == 0 ? "x<y" : "\"\"\"q\"\"\"") + "," + (3 * a + random.nextGaussian()) + ","
                    + i % 7);
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Path of = dir.resolve("m");
        Object[] columns = {"--label", "y,z", "--task", "regression", "--categorical", "kind"};
        Cli.succeed(Cli.plus(new Object[] {"train", "--data", data, "--model", of, "--iterations", 3}, columns));
        Cli.succeed("report", "--model", of, "--data", data);
        String html = Files.readString(dir.resolve("m.html"));
        JsonNode json = new ObjectMapper().readTree(Cli.succeed("evaluate", "--model", of, "--data", data, "--json"));
        expectSame(json, html);
        List<Double> perTarget = new ArrayList<>();
        json.get("perTarget").forEach(one -> List.of("rmse", "mae", "r2").forEach(key -> add(one.get(key), perTarget)));
        assertEquals(perTarget, numbers(html, "<caption>Each target", "</table>"));
        assertTrue(html.contains("<bdi>x&lt;y</bdi>") && html.contains("<bdi>&quot;q&quot;</bdi>"), html);
        assertFalse(html.contains("x<y"));
        // The errors of the tenths make up those of all rows.
        List<Double> parts = numbers(html, "<caption>Deciles", "</table>");
        double squares = 0;
        double rows = 0;
        for (int k = 0; k < parts.size(); k += 5) {
            rows += parts.get(k);
            squares += parts.get(k) * parts.get(k + 4) * parts.get(k + 4);
        }
        assertEquals(1500, rows);
        assertEquals(perTarget.get(0), Math.sqrt(squares / rows), 1e-9);
    }

    @Test
    void train_writesItsRowsHeldOut_andTheCommandThatDoesItAgain() throws IOException {
        Path first = dir.resolve("first");
        Path page = dir.resolve("first.html");
        Object[] args = train(first, "--validation-fraction", 0.25, "--patience", 2, "--metric", "accuracy");
        String out = Cli.succeed(Cli.plus(args, "--report", page));
        assertTrue(out.contains("\nreport      " + page + "\nnext "), out);
        String html = Files.readString(page);
        assertTrue(html.contains("On the 100 rows held out"), html);
        assertTrue(html.contains("Chosen by: accuracy"), html);
        String accuracy = String.format(
                "%.4f", numbers(html, "id=\"metric-accuracy\"", "</dd>").get(0));
        assertTrue(out.contains("validation  accuracy " + accuracy), out);
        assertFalse(Files.readString(first.resolve("model.json")).contains(page.toString()), "it is no setting");

        Matcher command =
                Pattern.compile("firesteel (train [^<]+) --model NEW_MODEL").matcher(html);
        assertTrue(command.find(), html);
        List<Object> words = new ArrayList<>(List.of(command.group(1).split(" ")));
        words.addAll(List.of("--model", dir.resolve("second")));
        Cli.succeed(words.toArray());
        assertEquals(Cli.weights(first), Cli.weights(dir.resolve("second")));
    }

    @Test
    void report_withoutData_needsNoSession() throws IOException {
        Path page = dir.resolve("p.html");
        assertEquals("report  " + page + "\n", Cli.succeed("report", "--model", model, "--output", page));
        assertTrue(Files.readString(page).contains("was not measured for this report"));
        Cli.refuse(
                dir,
                new Object[] {"report", "--model", model, "--importance", "--output", dir.resolve("q.html")},
                "--importance: expected --data with it");
    }

    @Test
    void report_isRefusedBeforeAnythingIsDone() {
        Path page = Cli.write(dir.resolve("page.html"), "here before");
        Path of = dir.resolve("m");
        Cli.refuse(dir, train(of, "--report", page), "--report", "page.html exists: --overwrite replaces it");
        Cli.refuse(dir, train(of, "--report", page + "/x.html"), "--report", "cannot be written");
        Cli.refuse(dir, train(of, "--report", of + "/x.html"), "--report", "not in --model");
        Cli.refuse(dir, train(of, "--report", of), "--report", "not in --model");
        Cli.refuse(dir, train(of, "--image", "8x8"), "--image 8x8: expected --report with it");
        Path other = dir.resolve("other.html");
        Cli.refuse(dir, train(of, "--report", other, "--image", "8"), "--image 8: expected WIDTHxHEIGHT");
        Object[] evaluate = {"evaluate", "--model", model, "--data", FLOWER, "--report"};
        Cli.refuse(dir, Cli.plus(evaluate, page), "page.html exists: --overwrite replaces it");
        Cli.refuse(dir, Cli.plus(evaluate, other, "--image", "2x2"), "--image 2x2: expected as many pixels", "2, but");
        Object[] report = {"report", "--model", model, "--output"};
        Cli.refuse(dir, Cli.plus(report, page), "--output", "page.html exists: --overwrite replaces it");
        Cli.refuse(dir, Cli.plus(report, dir, "--overwrite"), "is a directory: --overwrite replaces files only");
        Cli.succeed(Cli.plus(report, page, "--overwrite"));
    }

    /** Where the size of the images does not fit, nothing is trained: the table tells before. */
    @Test
    void image_thatDoesNotFit_endsTheTrainingBeforeItBegins() {
        Cli.Outcome outcome = Cli.run(train(dir.resolve("m"), "--report", dir.resolve("p.html"), "--image", "3x1"));
        assertEquals(2, outcome.code());
        assertTrue(
                outcome.err().contains("error: --image 3x1: expected as many pixels as there are feature columns, 2"));
        assertFalse(outcome.out().contains("training "), outcome.out());
        assertEquals(1, Cli.content(dir).size());
    }
}
