package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands print for programs: one object, whose keys the page json.md lists, and in which a metric has one name. */
@Tag("spark")
class JsonOutputTest {
    private static final String FLOWER = "data/flower.csv";
    private static final Object[] SETTINGS = {
        "--data", FLOWER, "--label", "color", "--hidden", "4", "--iterations", "12", "--batch-size", "100"
    };
    private static final Object[] HELD_OUT = {"--validation-fraction", "0.25", "--metric", "roc-auc", "--seed", "5"};

    @TempDir
    private Path dir;

    private static Object[] command(String name, Object... more) {
        return Cli.plus(Cli.plus(Cli.plus(new Object[] {name}, SETTINGS), HELD_OUT), more);
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Returns the keys that a table of the page lists, by the heading above it. */
    private static Set<String> documented(String heading) throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/json.md"));
        int start = page.indexOf("\n## " + heading + "\n");
        assertTrue(start >= 0, "no heading " + heading);
        int end = page.indexOf("\n## ", start + 1);
        Matcher rows =
                Pattern.compile("(?m)^\\| (`[^|]*) \\|").matcher(page.substring(start, end < 0 ? page.length() : end));
        Set<String> keys = new TreeSet<>();
        while (rows.find()) {
            Matcher names = Pattern.compile("`([^`]+)`").matcher(rows.group(1));
            while (names.find()) {
                keys.add(names.group(1));
            }
        }
        return keys;
    }

    @Test
    void train_saysWhatTheSummaryAndAnEvaluationSay() throws IOException {
        Path model = dir.resolve("model");
        JsonNode trained = Cli.json(command("train", "--model", model));
        assertEquals(documented("train"), new TreeSet<>(keys(trained)));
        assertEquals("classification", trained.get("task").asText());
        assertEquals("[\"x1\",\"x2\"]", trained.get("features").toString());
        assertEquals(300, trained.get("rows").asInt());
        assertEquals(100, trained.get("validationRows").asInt());
        assertEquals("[2,4,1]", trained.get("layers").toString());
        assertEquals(12, trained.get("steps").asInt());
        assertEquals(3, trained.get("stepsPerEpoch").asInt());
        assertEquals(4.0, trained.get("epochs").asDouble());
        assertEquals("iterations", trained.get("end").asText());
        assertEquals("rocAuc", trained.get("metric").asText());
        assertTrue(trained.get("seconds").asDouble() > 0);
        assertEquals(model.toString(), trained.get("model").asText());

        JsonNode about = Cli.json("inspect", "--model", model);
        for (String key : List.of(
                "task",
                "rows",
                "validationRows",
                "features",
                "columns",
                "labels",
                "classes",
                "layers",
                "activation",
                "loss",
                "parameters",
                "precision")) {
            assertEquals(about.get(key), trained.get(key), key);
        }
        assertEquals("rocAuc", about.get("validation").get("metric").asText());
        assertFalse(about.get("settings").has("json"));
        JsonNode history = about.get("history");
        assertEquals(
                history.get(history.size() - 1).get("validationMetric"),
                trained.get("validation").get("rocAuc"));

        // The rows trained on and those held out are all rows: the counts that are right add up.
        JsonNode all = Cli.json("evaluate", "--model", model, "--data", FLOWER);
        assertEquals(documented("Metrics"), new TreeSet<>(documentedIn(trained.get("training"))));
        double right = 300 * trained.get("training").get("accuracy").asDouble()
                + 100 * trained.get("validation").get("accuracy").asDouble();
        assertEquals(400 * all.get("accuracy").asDouble(), right, 1e-9);
        for (String key : keys(trained.get("training"))) {
            assertTrue(key.equals("loss") || all.has(key), key + " is not in " + keys(all));
        }
        assertTrue(all.get("confusion").get(0).get(0).isIntegralNumber(), all.toString());
        assertTrue(all.get("perClass").get(0).get("support").isIntegralNumber(), all.toString());
        assertTrue(all.get("accuracy").isDouble(), all.toString());
    }

    /** The keys of metrics that the page lists, for all tasks, with those of an object among them. */
    private static Set<String> documentedIn(JsonNode metrics) throws IOException {
        Set<String> all = documented("Metrics");
        assertTrue(all.containsAll(keys(metrics)), keys(metrics).toString());
        for (Task task : Task.values()) {
            Metric.of(task).forEach(metric -> assertTrue(all.contains(metric.key()), metric.key()));
        }
        return all;
    }

    @Test
    void search_hasNumbersThatAreNumbers_andTheMetricsName() throws IOException {
        JsonNode found = Cli.json(command("search", "--grid", "learning-rate=0.1|0.5;standardize=true"));
        assertEquals(documented("search"), new TreeSet<>(keys(found)));
        assertEquals("rocAuc", found.get("metric").asText());
        assertEquals(2, found.get("trials").size());
        JsonNode best = found.get("trials").get(0);
        assertEquals(documented("Trials"), new TreeSet<>(keys(best)));
        assertTrue(best.get("settings").get("learning-rate").isDouble(), best.toString());
        assertTrue(best.get("settings").get("standardize").isBoolean(), best.toString());
        assertEquals(List.of("rocAuc"), keys(best.get("validation")));
        assertTrue(best.get("validation").get("rocAuc").asDouble()
                >= found.get("trials").get(1).get("validation").get("rocAuc").asDouble());
    }

    @Test
    void plan_hasWhatIsTrained_andItsTimes() throws IOException {
        JsonNode plan = Cli.json(command("plan"));
        assertEquals(documented("plan"), new TreeSet<>(keys(plan)));
        assertEquals(12, plan.get("steps").asInt());
        assertEquals(
                plan.get("seconds").asDouble(), 12 * plan.get("stepSeconds").asDouble(), 1e-12);
        assertTrue(plan.get("forecast").isNull() && plan.get("curve").isNull(), plan.toString());
        JsonNode forecast = Cli.json(command("plan", "--executors", "2", "--bandwidth", "1g"))
                .get("forecast");
        assertEquals(documented("Forecast"), new TreeSet<>(keys(forecast)));
        assertEquals(1e9, forecast.get("bandwidth").asDouble());
        assertEquals(
                forecast.get("seconds").asDouble(),
                12 * forecast.get("stepSeconds").asDouble(),
                1e-12);
        assertEquals(
                forecast.get("stepSeconds").asDouble(),
                forecast.get("computeSeconds").asDouble()
                        + forecast.get("exchangeSeconds").asDouble()
                        + forecast.get("driverSeconds").asDouble(),
                1e-12);
        JsonNode two = forecast.get("curve").get(1);
        assertEquals(2, two.get("executors").asInt());
        assertEquals(forecast.get("residentStepSeconds"), two.get("residentStepSeconds"));
    }

    @Test
    void check_hasWhatIsTrained_andWhatWasFound() throws IOException {
        JsonNode check = Cli.json(command("check", "--init", "zero"));
        assertEquals(documented("check"), new TreeSet<>(keys(check)));
        JsonNode finding = check.get("findings").get(0);
        assertEquals(documented("Findings"), new TreeSet<>(keys(finding)));
        assertEquals("start", finding.get("kind").asText());
        assertEquals(300, check.get("sampledRows").asInt());
    }

    @Test
    void quiet_printsNothing_andWeightsAreTheSame() {
        Path loud = dir.resolve("loud");
        Path quiet = dir.resolve("quiet");
        assertNotEquals("", Cli.succeed(command("train", "--model", loud)));
        Cli.Outcome outcome = Cli.run(command("train", "--model", quiet, "--quiet"));
        assertEquals(new Cli.Outcome(0, "", ""), outcome);
        assertEquals(Cli.weights(loud), Cli.weights(quiet));
        assertFalse(Cli.json("inspect", "--model", quiet).get("settings").has("quiet"));
        Object[] predict = {"predict", "--model", quiet, "--data", FLOWER, "--output", dir.resolve("out.csv"), "-q"};
        assertEquals(new Cli.Outcome(0, "", ""), Cli.run(predict));
        Object[] saturated = {"--overwrite", "--init", "normal", "--init-scale", "1000", "--quiet"};
        outcome = Cli.run(Cli.plus(command("train", "--model", quiet), saturated));
        assertTrue(outcome.err().startsWith("warning: ") && outcome.out().isEmpty(), outcome.toString());
    }
}
