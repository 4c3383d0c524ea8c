package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search: what it tries, how it sorts that, and the model that it leaves. */
@Tag("spark")
class SearchTest {
    private static final Object[] ABALONE = {
        "--task", "regression", "--data", "data/abalone_train.csv", "--label", "y0", "--iterations", "6"
    };

    @TempDir
    private Path dir;

    private Object[] search(Object... more) {
        return Cli.plus(Cli.plus(new Object[] {"search"}, ABALONE), more);
    }

    private Path train(String name, Object... more) {
        Path model = dir.resolve(name);
        Cli.succeed(Cli.plus(Cli.plus(Cli.plus(new Object[] {"train"}, ABALONE), more), "--model", model));
        return model;
    }

    @Test
    void grid_triesAll_sortsThem_andSavesTheBest() throws IOException {
        Path model = dir.resolve("best");
        Path results = dir.resolve("results.csv");
        Object[] side = {"--validation-fraction", "0.25", "--metric", "r2", "--seed", "5"};
        String text = Cli.succeed(Cli.plus(
                search(side),
                "--grid",
                "hidden=4|none;learning-rate=0.1|1e200",
                "--model",
                model,
                "--results",
                results,
                "--report",
                dir.resolve("search.html")));
        List<String> lines = Files.readAllLines(results);
        assertEquals("hidden,learning-rate,validationR2,deviation,steps,seconds,failure", lines.get(0));
        assertEquals(5, lines.size());
        String report = Files.readString(dir.resolve("search.html"));
        assertTrue(report.contains("<td><data value=\"" + lines.get(1).split(",")[2] + "\">"), report);
        assertTrue(report.contains("2 others could not be trained."), report);
        String[] first = lines.get(1).split(",");
        String[] second = lines.get(2).split(",");
        assertTrue(Double.parseDouble(first[2]) > Double.parseDouble(second[2]), lines.toString());
        assertEquals("0.1", first[1]);
        assertEquals("0.1", second[1]);
        assertTrue(
                lines.get(3).contains("1.0E200,,,,") && lines.get(3).contains("training diverged"), lines.toString());
        assertTrue(text.lines().filter(line -> line.contains("diverged")).count() == 2, text);

        Path alone = train("alone", Cli.plus(side, "--hidden", first[0], "--learning-rate", "0.1"));
        assertEquals(Cli.weights(alone), Cli.weights(model));
        assertEquals(
                first[0],
                TrainedModel.load(model).description().provenance().settings().get("hidden"));
        assertEquals(
                Double.parseDouble(first[2]),
                TrainedModel.load(model)
                        .description()
                        .provenance()
                        .history()
                        .get(6)
                        .validationMetric());
    }

    /** The mean of the predictions of the two best models with the best one's network, which are trained alone, too. */
    @Test
    void average_isTheMeanOfTheBestModels_ofOneNetwork() {
        Path model = dir.resolve("mean");
        Object[] side = {"--validation-fraction", "0.25", "--seed", "5", "--average", "3"};
        Object[] grid = {"--grid", "learning-rate=0.3|0.1|0.0001;hidden=4|2", "--model", model};
        JsonNode found = Cli.json(Cli.plus(search(side), grid));
        assertEquals(3, found.at("/average/models").asInt());
        String units = found.at("/trials/0/settings/hidden").asText();
        String[] rates = {"0.3", "0.1", "0.0001"};
        List<TrainedModel> alone = Arrays.stream(rates)
                .map(rate -> Cli.load(train(
                        "alone" + rate,
                        "--validation-fraction",
                        "0.25",
                        "--seed",
                        "5",
                        "--learning-rate",
                        rate,
                        "--hidden",
                        units)))
                .toList();
        TrainedModel mean = Cli.load(model);
        assertEquals(3, mean.network().members());
        double[] row = {1, 0, 0.5, 0.4, 0.1, 0.6, 0.2, 0.1, 0.2, 0.3};
        double expected =
                alone.stream().mapToDouble(one -> one.score(row)[0]).average().orElseThrow();
        assertEquals(expected, mean.score(row)[0], 1e-12);
        String text = Cli.succeed(Cli.plus(search(side), "--grid", "learning-rate=0.3|0.1"));
        assertTrue(text.contains("the model is the mean of the 2 best with the network of the first: "), text);
        Cli.refuse(dir, Cli.plus(search("--average", "0"), "--grid", "hidden=4"), "--average 0", "1 or more");
    }

    @Test
    void random_withFolds_trainsTheBestOnAllRows() throws IOException {
        Path model = dir.resolve("best");
        Path results = dir.resolve("results.json");
        Object[] args = search("--folds", "2", "--random", "3", "--grid", "l2=0.001..0.1;activation=tanh|relu");
        Cli.succeed(Cli.plus(args, "--hidden", "3", "--model", model, "--results", results));
        List<String> lines = Files.readAllLines(results);
        assertEquals(3, lines.size());
        JsonNode best = new ObjectMapper().readTree(lines.get(0));
        double previous = 0;
        for (String line : lines) {
            JsonNode trial = new ObjectMapper().readTree(line);
            assertTrue(trial.get("validationLoss").asDouble() >= previous, lines.toString());
            assertTrue(trial.get("deviation").asDouble() > 0, line);
            previous = trial.get("validationLoss").asDouble();
        }
        Object[] settings = {"--hidden", "3", "--l2", best.get("l2").asText()};
        Path alone = train(
                "alone",
                Cli.plus(settings, "--activation", best.get("activation").asText()));
        assertEquals(Cli.weights(alone), Cli.weights(model));
        assertEquals(
                2,
                TrainedModel.load(model)
                        .description()
                        .provenance()
                        .validation()
                        .folds()
                        .size());
    }

    @Test
    void search_bad() throws IOException {
        Object[] side = {"--validation-fraction", "0.25"};
        Object[] args = search(side);
        Cli.refuse(
                dir,
                search("--grid", "hidden=4"),
                "search: expected validation rows (add --validation-fraction 0.2 or --folds 5)");
        Cli.refuse(dir, args, "--grid");
        Cli.refuse(
                dir, Cli.plus(args, "--grid", "hidden=4|abc"), "--grid hidden=4|abc: --hidden abc: expected positive");
        Cli.refuse(dir, Cli.plus(args, "--grid", "l2=4|abc"), "--grid l2=4|abc: ", "--l2", "a number");
        Cli.refuse(dir, Cli.plus(args, "--grid", "label=a|b"), "label is no option that can be searched");
        Cli.refuse(dir, Cli.plus(args, "--grid", "loss=huber|squared"), "losses cannot be compared by the loss");
        Cli.refuse(dir, Cli.plus(args, "--grid", "l2=0.1..1"), "--random N");
        Cli.refuse(dir, Cli.plus(args, "--grid", "l2=0.1..1", "--random", "0"), "--random 0: expected 1 or more");
        Cli.refuse(dir, Cli.plus(args, "--grid", "l2=0", "--metric", "accuracy"), "--metric accuracy", "rmse");
        Cli.refuse(dir, Cli.plus(args, "--grid", "l2=0", "--checkpoint", "c"), "--checkpoint");
        Path there = Files.createFile(dir.resolve("there.csv"));
        Cli.refuse(
                dir,
                Cli.plus(args, "--grid", "l2=0", "--results", there),
                "there.csv exists (--overwrite replaces it)");
        Cli.Outcome outcome = Cli.run(Cli.plus(args, "--grid", "learning-rate=1e200", "--model", dir.resolve("m")));
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("no combination could be trained: training diverged"), outcome.err());
        assertFalse(Files.exists(dir.resolve("m")));
    }

    @Test
    void report_insideTheModel_isRefused() {
        Path model = dir.resolve("best");
        Object[] command = Cli.plus(
                search("--validation-fraction", "0.25", "--grid", "hidden=4|none"),
                "--model",
                model,
                "--report",
                model.resolve("search.html"));
        Cli.refuse(
                dir, command, "--report " + model.resolve("search.html") + ": expected a path that is not in --model");
    }
}
