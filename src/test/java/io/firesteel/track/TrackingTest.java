package io.firesteel.track;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.train.Trainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files and directories have of runs. */
class TrackingTest {
    @TempDir
    private Path dir;

    private final List<String> warnings = new ArrayList<>();

    static Facts facts(int from, int stepsPerEpoch, boolean isRefit) {
        return new Facts(
                1_700_000_000_000L,
                "classification",
                List.of("color"),
                1,
                "2-4-1",
                "here",
                100,
                20,
                from,
                1000,
                stepsPerEpoch,
                "rocAuc",
                isRefit,
                Map.of("learning-rate", "0.5", "hidden", "4", "standardize", "true"));
    }

    private TrackingPlaces places(boolean resumed) {
        return new TrackingPlaces(
                dir.resolve("h.jsonl").toString(),
                dir.resolve("board").toString(),
                null,
                null,
                "run",
                null,
                resumed ? "checkpoints" : null);
    }

    private Tracking open(boolean resumed, boolean overwrite) {
        return Tracking.open(places(resumed), overwrite, warnings::add);
    }

    /** The history's entry k: loss 1 / (k + 1), and each fourth one measured. */
    private static Step step(int k) {
        double loss = 1.0 / (k + 1);
        return k % 4 == 0 ? new Step(k, loss, 2 * loss, 1 - loss) : new Step(k, loss);
    }

    private static List<Step> steps(int from, int to) {
        return IntStream.range(from, to).mapToObj(TrackingTest::step).toList();
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("h.jsonl"))) {
            lines.add(new JsonMapper().readTree(line));
        }
        return lines;
    }

    private static List<Integer> ints(List<JsonNode> lines, String key) {
        return lines.stream().map(line -> line.get(key).asInt()).toList();
    }

    private Map<String, Map<Long, Float>> board(String run) throws IOException {
        return Events.scalars(dir.resolve("board").resolve(run));
    }

    /** Tells steps without taking them, as far as a listener can see: the last one is the objective at the end. */
    private static void tell(Tracking tracking, RunName run, Facts facts, List<Step> before, List<Step> steps) {
        HistoryRecorder recorder = (HistoryRecorder) tracking.startTraining(run, facts, before);
        steps.forEach(recorder::onStep);
        recorder.onEnd(null);
    }

    @Test
    void steps_areLinesAndScalars() throws IOException {
        try (Tracking tracking = open(false, false)) {
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 10));
            tracking.endRun(RunName.COMMAND, new Ending(Ending.Status.FINISHED, Map.of("accuracy", 0.75), Map.of()));
        }
        assertEquals(ints(lines(), "step"), IntStream.range(0, 10).boxed().toList());
        for (JsonNode line : lines()) {
            Step step = step(line.get("step").asInt());
            assertEquals(step.loss(), line.get("loss").asDouble());
            assertEquals(step.validationLoss() != null, line.has("validationMetric"));
        }
        Map<String, Map<Long, Float>> board = board("");
        assertEquals(10, board.get("loss/train").size());
        assertEquals(1f / 9, board.get("loss/train").get(8L));
        assertEquals(Map.of(0L, 2f, 4L, 2f / 5, 8L, 2f / 9), board.get("loss/validation"));
        assertEquals(Map.of(0L, 0f, 4L, 0.8f, 8L, (float) (1 - 1.0 / 9)), board.get("roc_auc/validation"));
        assertEquals(Map.of(9L, 0.75f), board.get("result/training_accuracy"));
        assertEquals(List.of(), warnings);
    }

    /** Epochs of four steps: their means, as {@link io.firesteel.train.History} makes them; the last one is cut off. */
    @Test
    void epochs_areTheirMeans() throws IOException {
        try (Tracking tracking = open(false, false)) {
            tell(tracking, RunName.COMMAND, facts(0, 4, false), List.of(), steps(0, 11));
        }
        List<JsonNode> lines = lines();
        assertEquals(List.of(0, 4, 8, 10), ints(lines, "step"));
        double[] losses =
                lines.stream().mapToDouble(line -> line.get("loss").asDouble()).toArray();
        double[] expected = {(1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 4, 0, (1 / 9.0 + 1 / 10.0) / 2, 1 / 11.0};
        expected[1] = (1 / 5.0 + 1 / 6.0 + 1 / 7.0 + 1 / 8.0) / 4;
        assertArrayEquals(expected, losses);
        assertEquals(2.5, lines.get(3).get("epoch").asDouble());
        assertEquals(
                List.of(0L, 1L, 2L, 3L), List.copyOf(board("").get("loss/train").keySet()));
    }

    /**
     * A run that was killed after its step 10 goes on from a checkpoint after 6 steps: what it had written of later ones goes, and
     * what it had not is there from the checkpoint's history.
     */
    @ParameterizedTest
    @CsvSource({"1, 11", "1, 3", "1, 1", "4, 11", "4, 0"})
    void resumed_goesOnInItsFiles(int stepsPerEpoch, int written) throws IOException {
        Facts facts = facts(0, stepsPerEpoch, false);
        try (Tracking tracking = open(false, false)) {
            if (written > 0) {
                tell(tracking, RunName.COMMAND, facts, List.of(), steps(0, written));
            }
        }
        if (written > 0) {
            Files.writeString(
                    dir.resolve("h.jsonl"), "{\"step\":1", java.nio.file.StandardOpenOption.APPEND); // cut off
        }
        try (Tracking tracking = open(true, false)) {
            tell(tracking, RunName.COMMAND, facts(6, stepsPerEpoch, false), steps(0, 6), steps(6, 21));
        }
        List<Integer> expected = IntStream.rangeClosed(0, 20)
                .filter(k -> k % stepsPerEpoch == 0)
                .boxed()
                .toList();
        assertEquals(expected, ints(lines(), "step"));
        assertEquals(expected.size(), board("").get("loss/train").size());
    }

    @Test
    void trialsFoldsAndRefits_areApart() throws IOException {
        RunName fold = new RunName(2, 1);
        try (Tracking tracking = open(false, false)) {
            tracking.startRun(new RunName(2, null), Map.of("learning-rate", "0.1"));
            tell(tracking, fold, facts(0, 1, false), List.of(), steps(0, 2));
            tracking.endRun(fold, new Ending(Ending.Status.FINISHED));
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 3));
            tell(tracking, RunName.COMMAND, facts(0, 1, true), List.of(), steps(0, 4));
        }
        List<JsonNode> lines = lines();
        assertEquals(9, lines.size());
        assertTrue(lines.get(0).get("trial").asInt() == 2
                && lines.get(0).get("fold").asInt() == 1);
        assertFalse(lines.get(2).has("trial") || lines.get(2).has("refit"));
        assertTrue(lines.get(5).get("refit").asBoolean());
        assertEquals(2, board("trial-02/fold-1").get("loss/train").size());
        assertEquals(3, board("").get("loss/train").size());
        assertEquals(4, board("refit").get("loss/train").size());
    }

    /** A refit that goes on keeps what the first training wrote. */
    @Test
    void resumedRefit_keepsTheFirstTraining() throws IOException {
        try (Tracking tracking = open(false, false)) {
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 5));
            tell(tracking, RunName.COMMAND, facts(0, 1, true), List.of(), steps(0, 4));
        }
        try (Tracking tracking = open(true, false)) {
            Trainer.Result first = new Trainer.Result(new double[0], 3, steps(0, 5), Trainer.End.PATIENCE);
            tracking.skipTraining(RunName.COMMAND, facts(0, 1, false), first);
            tell(tracking, RunName.COMMAND, facts(2, 1, true), steps(0, 2), steps(2, 5));
            tracking.endRun(RunName.COMMAND, new Ending(Ending.Status.FINISHED));
        }
        assertEquals(Map.of(4L, 3f), board("").get("result/best_epoch"));
        List<Integer> all =
                Stream.of(5, 5).flatMap(n -> IntStream.range(0, n).boxed()).toList();
        assertEquals(all, ints(lines(), "step"));
        assertEquals(5, lines().stream().filter(line -> line.has("refit")).count());
        assertEquals(5, board("refit").get("loss/train").size());
    }

    /** The first record of each event file: 24 bytes with their checksum, as TensorFlow writes them. */
    @Test
    void eventFile_beginsAsThoseOfTensorFlow() throws IOException {
        try (Tracking tracking = open(false, false)) {
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 2));
        }
        try (Stream<Path> files = Files.list(dir.resolve("board"))) {
            Path file = files.findFirst().orElseThrow();
            byte[] first = Arrays.copyOf(Files.readAllBytes(file), 12);
            assertArrayEquals(new byte[] {0x18, 0, 0, 0, 0, 0, 0, 0, (byte) 0xa3, 0x7f, 0x4b, 0x22}, first);
            assertTrue(file.getFileName().toString().startsWith("events.out.tfevents.1700000000."), file.toString());
        }
    }

    @Test
    void whatIsThere_isReplacedOnlyIfAskedFor() throws IOException {
        for (boolean overwrite : new boolean[] {false, true}) {
            try (Tracking tracking = open(false, overwrite)) {
                tell(tracking, new RunName(1, null), facts(0, 1, false), List.of(), steps(0, 5));
            }
        }
        assertEquals(5, lines().size());
        assertEquals(5, board("trial-01").get("loss/train").size());
        UserError history = assertThrows(UserError.class, () -> open(false, false));
        String file = "--history " + dir.resolve("h.jsonl");
        assertEquals(file + " exists (--overwrite replaces it)", history.render(SettingNames.OPTIONS));
        Files.delete(dir.resolve("h.jsonl"));
        UserError board = assertThrows(UserError.class, () -> open(false, false));
        String line = board.render(SettingNames.OPTIONS);
        assertTrue(line.contains("board has another run: expected a directory for each run, such as"), line);
        assertTrue(board.render(SettingNames.KEYWORDS).endsWith("board-2"), board.render(SettingNames.KEYWORDS));
    }

    /** TensorBoard keeps the first status that it reads: one that failed and may be resumed has none. */
    @ParameterizedTest
    @CsvSource({"FAILED, false, true", "FAILED, true, false", "KILLED, false, false", "FINISHED, true, true"})
    void status_isOfWhatIsOver(Ending.Status status, boolean hasCheckpoints, boolean isWritten) throws IOException {
        String board = dir.resolve("board").toString();
        TrackingPlaces places = new TrackingPlaces(null, board, null, null, "run", hasCheckpoints ? "c" : null, null);
        try (Tracking tracking = Tracking.open(places, false, warnings::add)) {
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 2));
            tracking.endRun(RunName.COMMAND, new Ending(status));
        }
        try (Stream<Path> files = Files.list(dir.resolve("board"))) {
            String text = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            assertTrue(text.contains("session_start_info"));
            assertEquals(isWritten, text.contains("session_end_info"));
        }
    }

    /** A disk that is full, or a directory that is taken away, ends the writing and not the training. */
    @Test
    void writingThatFails_isToldInALine() throws IOException {
        try (Tracking tracking = open(false, false)) {
            Files.createDirectories(dir.resolve("h.jsonl").resolve("x"));
            tell(tracking, RunName.COMMAND, facts(0, 1, false), List.of(), steps(0, 5));
        }
        assertEquals(1, warnings.size(), warnings.toString());
        String line = SettingNames.OPTIONS.render(warnings.get(0));
        assertTrue(line.startsWith("--history ") && line.endsWith("the training goes on without it"), line);
        assertEquals(5, board("").get("loss/train").size());
    }

    /** A file that is named by mistake, such as the data, stays as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1,2\n", "{\"step\":\"x\",\"loss\":1}\n", "[1]", "\n{\"step\":1,\"loss\":1}", "7"})
    void resumed_keepsWhatIsNoHistory(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("h.jsonl"), text);
        String line = assertThrows(UserError.class, () -> open(true, false)).render(SettingNames.OPTIONS);
        assertTrue(line.startsWith("--history " + file + " has no history"), line);
        assertEquals(text, Files.readString(file));
    }

    /** 20,000 points, then half, a quarter, ... of them: at most 10,000 for each doubling. */
    @Test
    void manyPoints_areThinned() {
        assertEquals(
                20_000,
                IntStream.range(0, 20_000)
                        .filter(i -> HistoryRecorder.isKept(i, 10_000))
                        .count());
        assertEquals(
                10_000,
                IntStream.range(20_000, 40_000)
                        .filter(i -> HistoryRecorder.isKept(i, 10_000))
                        .count());
        assertEquals(
                10_000,
                IntStream.range(640_000, 1_280_000)
                        .filter(i -> HistoryRecorder.isKept(i, 10_000))
                        .count());
    }
}
