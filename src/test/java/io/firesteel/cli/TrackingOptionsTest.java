package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.track.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trainings of the command line write down while they run, against what their models say. */
@Tag("spark")
class TrackingOptionsTest {
    private static final Object[] FLOWER = {"--data", "data/flower.csv", "--label", "color", "--hidden", "4"};

    @TempDir
    private Path dir;

    private Path lines() {
        return dir.resolve("course.jsonl");
    }

    private Path board() {
        return dir.resolve("board");
    }

    private Object[] command(String name, Object... more) {
        Object[] places = {"--history", lines(), "--tensorboard", board()};
        return Cli.plus(Cli.plus(Cli.plus(new Object[] {name}, FLOWER), places), more);
    }

    private List<JsonNode> read() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(lines())) {
            lines.add(new JsonMapper().readTree(line));
        }
        return lines;
    }

    /** Expects lines and curves of a history, as inspect --json has it. */
    private void expect(JsonNode history, List<JsonNode> lines, Path board, int stepsPerEpoch) throws IOException {
        assertEquals(history.size(), lines.size());
        Map<Long, Float> losses = new TreeMap<>();
        Map<Long, Float> heldOut = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            for (String key : List.of("step", "loss", "validationLoss", "validationMetric")) {
                assertEquals(history.get(i).get(key), lines.get(i).get(key), key);
            }
            long epoch = (long) Math.ceil(history.get(i).get("step").asDouble() / stepsPerEpoch);
            losses.put(epoch, (float) history.get(i).get("loss").asDouble());
            if (history.get(i).has("validationLoss")) {
                heldOut.put(epoch, (float) history.get(i).get("validationLoss").asDouble());
            }
        }
        Map<String, Map<Long, Float>> curves = Events.scalars(board);
        assertEquals(losses, curves.get("loss/train"));
        assertEquals(heldOut.isEmpty() ? null : heldOut, curves.get("loss/validation"));
    }

    @Test
    void train_writesItsHistory_andWhatItSaysAtTheEnd() throws IOException {
        Path model = dir.resolve("model");
        JsonNode trained = Cli.json(command(
                "train",
                "--model",
                model,
                "--epochs",
                "6",
                "--batch-size",
                "100",
                "--validation-fraction",
                "0.25",
                "--metric",
                "roc-auc",
                "--schedule",
                "cosine"));
        JsonNode about = Cli.json("inspect", "--model", model);
        List<JsonNode> lines = read();
        expect(about.get("history"), lines, board(), 3);
        JsonNode last = lines.get(lines.size() - 1);
        assertEquals(trained.get("steps").asInt(), last.get("step").asInt());
        assertEquals(trained.get("epochs").asDouble(), last.get("epoch").asDouble());
        assertEquals(
                trained.get("stepsPerEpoch").asInt(), lines.get(1).get("step").asInt());
        JsonNode kept = lines.get((int) trained.get("keptEpoch").asDouble());
        assertEquals(trained.get("validation").get("rocAuc"), kept.get("validationMetric"));
        assertEquals(trained.get("validation").get("loss"), kept.get("validationLoss"));
        Map<String, Map<Long, Float>> curves = Events.scalars(board());
        float accuracy = (float) trained.get("training").get("accuracy").asDouble();
        assertEquals(
                List.of(accuracy),
                List.copyOf(curves.get("result/training_accuracy").values()));
        assertEquals(7, curves.get("roc_auc/validation").size());
        assertTrue(curves.get("learning_rate").get(5L)
                < curves.get("learning_rate").get(0L));
        assertEquals(lines().toString(), trained.get("history").asText());
        assertFalse(about.get("settings").has("tensorboard")
                || about.get("settings").has("history"));
    }

    /** Stopped in the middle of an epoch of three steps, and then given more of them. */
    @Test
    void resumed_goesOnInTheSamePlaces() throws IOException {
        Object[] settings = {"--batch-size", "100", "--validation-fraction", "0.25", "--checkpoint-every", "5"};
        Path checkpoints = dir.resolve("checkpoints");
        Path model = dir.resolve("model");
        Object[] first = {"--model", dir.resolve("first"), "--iterations", "10", "--checkpoint", checkpoints};
        Cli.succeed(Cli.plus(command("train", settings), first));
        Object[] second = {"--model", model, "--epochs", "6", "--resume", checkpoints};
        Cli.succeed(Cli.plus(command("train", settings), second));
        expect(Cli.json("inspect", "--model", model).get("history"), read(), board(), 3);
    }

    @Test
    void refitAndFolds_areApart() throws IOException {
        Path model = dir.resolve("model");
        Object[] refit = {"--validation-fraction", "0.25", "--refit", "true", "--patience", "20"};
        Cli.succeed(Cli.plus(command("train", "--model", model, "--iterations", "8"), refit));
        JsonNode about = Cli.json("inspect", "--model", model);
        List<JsonNode> lines = read();
        expect(
                about.get("history"),
                lines.stream().filter(line -> !line.has("refit")).toList(),
                board(),
                1);
        List<JsonNode> again = lines.stream().filter(line -> line.has("refit")).toList();
        expect(about.at("/validation/refit"), again, board().resolve("refit"), 1);

        Object[] search = {"--grid", "learning-rate=0.1|0.5", "--folds", "2", "--iterations", "3", "--overwrite"};
        Cli.succeed(command("search", search));
        assertEquals(2 * 2 * 4, read().size());
        assertEquals(
                4,
                read().stream()
                        .filter(line -> line.get("trial").asInt() == 2
                                && line.get("fold").asInt() == 1)
                        .count());
        assertEquals(
                4,
                Events.scalars(board().resolve("trial-02/fold-1"))
                        .get("loss/train")
                        .size());
        assertEquals(
                1,
                Events.scalars(board().resolve("trial-02"))
                        .get("result/validation_loss")
                        .size());
        Map<String, Map<Long, Float>> ofSearch = Events.scalars(board());
        float best = ofSearch.get("result/best_trial").get(0L);
        assertEquals(
                ofSearch.get("result/validation_loss"),
                Events.scalars(board().resolve("trial-0" + (int) best)).get("result/validation_loss"));
        assertEquals(Map.of(), Events.scalars(board().resolve("refit")), "the first run was replaced");
    }

    @Test
    void places_thatCannotBe() throws IOException {
        Path file = Cli.write(dir.resolve("file"), "x");
        Object[] train = Cli.plus(Cli.plus(new Object[] {"train"}, FLOWER), "--model", dir.resolve("m"));
        Cli.refuse(
                dir,
                Cli.plus(train, "--tensorboard", file),
                "--tensorboard " + file + " is a file: expected a directory");
        Cli.refuse(dir, Cli.plus(train, "--history", file), "--history " + file + " exists (--overwrite replaces it)");
        Cli.refuse(dir, Cli.plus(train, "--history", dir), "--history " + dir + " is a directory: expected a file");
        Cli.refuse(dir, Cli.plus(train, "--history", file + "/x/y"), file + " is not a directory");
        Path page = dir.resolve("page.html");
        Cli.refuse(dir, Cli.plus(train, "--history", page, "--report", page), "--history " + page, "that of --report");
        Object[] data = Cli.plus(train, "--history", "data/../data/flower.csv", "--overwrite");
        Cli.refuse(dir, data, "--history data/../data/flower.csv: expected another file than that of --data");
        Cli.refuse(dir, Cli.plus(train, "--history", "hdfs://h/x"), "hdfs://h/x: expected a path on this machine");
        Cli.refuse(dir, Cli.plus(train, "--tensorboard", dir.resolve("m/x")), "--tensorboard", "not in --model");
        Cli.refuse(dir, Cli.plus(train, "--mlflow", "http://ann:s3@"), "--mlflow http://***@: expected the address");
    }
}
