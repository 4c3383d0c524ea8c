package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that stop and go on. The one that never stops takes 40 steps; its checkpoints are after 15, 30 and 40. */
@Tag("spark")
class ResumeTest {
    private static final Path FLOWER = Path.of("data/flower.csv");
    private static Path whole;
    private static Path wholeCheckpoints;

    @TempDir
    private Path dir;

    @BeforeAll
    static void trainOnce(@TempDir Path shared) {
        whole = shared.resolve("model");
        wholeCheckpoints = shared.resolve("checkpoints");
        Cli.succeed(train(whole, "--checkpoint", wholeCheckpoints));
    }

    private static Object[] train(Path model, Object... more) {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--hidden", "4", "--seed", "3"
        };
        return Cli.plus(
                Cli.plus(args, "--iterations", "40", "--checkpoint-every", "15", "--validation-fraction", "0.2"), more);
    }

    /** A copy of the whole training's checkpoints but those after more than so many steps. */
    private Path checkpoints(int upTo) throws IOException {
        Path copy = dir.resolve("checkpoints");
        FileUtils.copyDirectory(wholeCheckpoints.toFile(), copy.toFile());
        for (String name : names(copy)) {
            if (Integer.parseInt(name.substring("step-".length())) > upTo) {
                FileUtils.deleteDirectory(copy.resolve(name).toFile());
            }
        }
        return copy;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<Step> history(Path model) throws IOException {
        return TrainedModel.load(model).description().provenance().history();
    }

    private void expectWhole(Path model) throws IOException {
        assertEquals(Cli.weights(whole), Cli.weights(model));
        assertEquals(history(whole), history(model));
    }

    @Test
    void checkpoints_areWrittenEveryNSteps_andAtTheEnd() throws IOException {
        assertEquals(List.of("step-00000015", "step-00000030", "step-00000040"), names(wholeCheckpoints));
    }

    @Test
    void train_withCheckpoints_givesTheSameBitsAsWithout() {
        Cli.succeed(train(dir.resolve("plain")));
        assertEquals(Cli.weights(whole), Cli.weights(dir.resolve("plain")));
    }

    @Test
    void resume_fromEachCheckpoint_givesTheBitsOfTheWholeTraining() throws IOException {
        for (int step : new int[] {15, 30, 40}) {
            Path model = dir.resolve("from-" + step);
            Cli.succeed(train(model, "--resume", checkpoints(step)));
            expectWhole(model);
            FileUtils.deleteDirectory(dir.resolve("checkpoints").toFile());
        }
    }

    /** 320 rows are four batches of 80: the checkpoint is in the middle of an epoch, and the schedule looks at whole ones. */
    @Test
    void resume_ofBatchesAndAllElse_givesTheBitsOfTheWholeTraining() throws IOException {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--hidden", "8", "--validation-fraction", "0.2"
        };
        args = Cli.plus(args, "--batch-fraction", "0.25", "--dropout", "0.1", "--l1", "1e-4", "--l2", "1e-4");
        args = Cli.plus(args, "--class-weight", "red=2", "--optimizer", "adam", "--schedule", "adaptive:0.5");
        args = Cli.plus(args, "--checkpoint-every", "17", "--learning-rate", "0.01", "--label-smoothing", "0.1");
        Path unbroken = dir.resolve("unbroken");
        Cli.succeed(Cli.plus(args, "--model", unbroken, "--epochs", "9"));
        Path checkpoints = dir.resolve("checkpoints");
        Cli.succeed(Cli.plus(args, "--model", dir.resolve("first"), "--iterations", "17", "--checkpoint", checkpoints));
        Path second = dir.resolve("second");
        Cli.succeed(Cli.plus(args, "--model", second, "--epochs", "9", "--engine", "job", "--resume", checkpoints));
        assertEquals(Cli.weights(unbroken), Cli.weights(second));
        assertEquals(history(unbroken), history(second));

        Cli.Outcome fewer =
                Cli.run(Cli.plus(args, "--model", dir.resolve("m"), "--epochs", "4", "--resume", checkpoints));
        assertEquals(2, fewer.code());
        assertTrue(fewer.err().contains("expected 17 or more, the steps that were taken"), fewer.err());
        Object[] other = Cli.plus(args, "--model", dir.resolve("m"), "--iterations", "36", "--resume", checkpoints);
        other[Arrays.asList(other).indexOf("0.25")] = "0.5";
        Cli.refuse(dir, other, "--batch-fraction was 0.25, is 0.5");
    }

    @Test
    void resume_withMoreIterationsAndAnotherEngine_goesOn() throws IOException {
        Path longer = dir.resolve("longer");
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--hidden", "4", "--seed", "3"};
        args = Cli.plus(args, "--validation-fraction", "0.2", "--iterations", "50");
        Cli.succeed(Cli.plus(args, "--model", longer, "--engine", "job", "--resume", wholeCheckpoints));
        Path never = dir.resolve("never-stopped");
        Cli.succeed(Cli.plus(args, "--model", never));
        assertEquals(Cli.weights(never), Cli.weights(longer));
        assertEquals(history(never), history(longer));
    }

    @Test
    void resume_writesOn_andKeepsTheNewest() throws IOException {
        Path checkpoints = checkpoints(30);
        Path model = dir.resolve("model");
        // One directory, written in two ways: --overwrite, which is for the model, leaves what is resumed.
        Object[] args = train(model, "--checkpoint", checkpoints, "--resume", checkpoints + "/", "--overwrite");
        Cli.succeed(Cli.plus(args, "--checkpoint-keep", "2"));
        expectWhole(model);
        assertEquals(List.of("step-00000030", "step-00000040"), names(checkpoints));
    }

    @Test
    void resume_ofItsOwnEmptyDirectory_begins() throws IOException {
        Path checkpoints = dir.resolve("new/checkpoints");
        Path model = dir.resolve("model");
        Cli.succeed(train(model, "--checkpoint", checkpoints, "--resume", checkpoints));
        expectWhole(model);
        assertEquals(3, names(checkpoints).size());
    }

    @Test
    void resume_ofADamagedNewest_warnsAndTakesTheOneBefore() throws IOException {
        for (String file : List.of("weights.safetensors", "model.json", "checkpoint.json")) {
            Path checkpoints = checkpoints(30);
            Path damaged = checkpoints.resolve("step-00000030").resolve(file);
            byte[] content = Files.readAllBytes(damaged);
            Files.write(damaged, Arrays.copyOf(content, content.length - 9));
            Path model = dir.resolve("after-" + file);
            Cli.Outcome outcome = Cli.run(train(model, "--checkpoint", checkpoints, "--resume", checkpoints));
            assertEquals(0, outcome.code(), outcome.err());
            assertTrue(outcome.err().contains("warning: " + checkpoints + "/step-00000030"), outcome.err());
            assertTrue(outcome.err().contains("an older checkpoint is tried"), outcome.err());
            expectWhole(model);
            // It was written again, whole.
            Cli.succeed(train(dir.resolve("again-" + file), "--resume", checkpoints));
            FileUtils.deleteDirectory(checkpoints.toFile());
        }
    }

    @Test
    void overwrite_forgetsAnotherTraining() throws IOException {
        Path checkpoints = checkpoints(40);
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", dir.resolve("other")};
        args = Cli.plus(args, "--hidden", "3", "--iterations", "20", "--checkpoint-every", "15", "--overwrite");
        Cli.succeed(Cli.plus(args, "--checkpoint", checkpoints));
        assertEquals(List.of("step-00000015", "step-00000020"), names(checkpoints));
    }

    @Test
    void checkpoint_isAModel() {
        Path checkpoint = wholeCheckpoints.resolve("step-00000040");
        assertEquals(Cli.weights(whole), Cli.weights(checkpoint));
        assertEquals(
                Cli.succeed("evaluate", "--model", whole, "--data", FLOWER, "--json"),
                Cli.succeed("evaluate", "--model", checkpoint, "--data", FLOWER, "--json"));
    }

    @Test
    void resume_withOtherSettings_namesThem() {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", dir.resolve("m"), "--hidden", "5"};
        args = Cli.plus(args, "--seed", "3", "--iterations", "40", "--learning-rate", "0.2");
        Cli.refuse(
                dir,
                Cli.plus(args, "--resume", wholeCheckpoints),
                "--resume " + wholeCheckpoints + ": the settings differ: ",
                "--hidden was 4, is 5",
                "--learning-rate was 0.1, is 0.2",
                "--validation-fraction was 0.2, is 0.0");
    }

    @Test
    void resume_withOtherData_saysWhatDiffers() throws IOException {
        List<String> lines = Files.readAllLines(FLOWER);
        for (int i = 1; i < 20; i++) { // one of them at least is not held out
            lines.set(i, "9" + lines.get(i).replaceFirst("^[-\\d.]+", ""));
        }
        Path changed = Cli.write(dir.resolve("changed.csv"), lines);
        Path shorter = Cli.write(dir.resolve("shorter.csv"), lines.subList(0, 300));
        Object[] args = {"train", "--label", "color", "--model", dir.resolve("m"), "--hidden", "4", "--seed", "3"};
        args = Cli.plus(args, "--validation-fraction", "0.2", "--iterations", "40", "--resume", wholeCheckpoints);
        Cli.Outcome outcome = Cli.run(Cli.plus(args, "--data", changed));
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("the data differs: values are not the same (checksum"), outcome.err());
        outcome = Cli.run(Cli.plus(args, "--data", shorter));
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("the data differs: rows were "), outcome.err());
        assertFalse(Files.exists(dir.resolve("m")));
        // The same rows elsewhere are the same data.
        Path moved = Files.copy(FLOWER, dir.resolve("moved.csv"));
        Cli.succeed(Cli.plus(args, "--data", moved));
        expectWhole(dir.resolve("m"));
    }

    @Test
    void badCheckpointOptions_areRefused() throws IOException {
        Path none = dir.resolve("none");
        Path model = dir.resolve("m");
        Cli.refuse(dir, train(model, "--resume", none), "--resume " + none + ": no whole checkpoint is there");
        Cli.refuse(
                dir,
                train(model, "--checkpoint", checkpoints(40)),
                "holds another training: --resume goes on with it, --overwrite forgets it");
        Path file = Files.createFile(dir.resolve("file"));
        Cli.refuse(dir, train(model, "--checkpoint", file), "--checkpoint " + file + " cannot be written");
        Cli.refuse(
                dir,
                train(model, "--checkpoint", none, "--checkpoint-keep", "0"),
                "--checkpoint-keep 0: expected 1 or more");
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--hidden", "4", "--seed", "3"
        };
        args = Cli.plus(args, "--validation-fraction", "0.2", "--iterations", "20", "--resume", wholeCheckpoints);
        Cli.refuse(dir, args, "--iterations 20: expected 40 or more");
        Cli.refuse(
                dir,
                Cli.plus(args, "--checkpoint", none, "--checkpoint-every", "0"),
                "--checkpoint-every 0: expected 1 or more");
    }

    @Test
    void aFullDisk_costsOneWarning_andNotTheTraining() throws IOException {
        TestSpark.session().sparkContext().hadoopConfiguration().set("fs.full.impl", OddDisk.Full.class.getName());
        OddDisk.Full.filesUntilFull = 2 * 3 + 1; // two checkpoints of three files, and a part of the third
        Path checkpoints = dir.resolve("checkpoints");
        Path model = dir.resolve("model");
        Cli.Outcome outcome = Cli.run(train(model, "--checkpoint", "full://" + checkpoints, "--overwrite"));
        assertEquals(0, outcome.code(), outcome.err());
        List<String> warnings =
                outcome.err().lines().filter(line -> line.startsWith("warning")).toList();
        assertEquals(
                List.of("warning: no checkpoint could be written after step 40: No space left on device; training goes "
                        + "on, the last good one is full://" + checkpoints + "/step-00000030"),
                warnings);
        expectWhole(model);
        assertEquals(List.of("step-00000015", "step-00000030"), names(checkpoints), "and nothing half-written");
        Cli.succeed(train(dir.resolve("resumed"), "--resume", checkpoints));
        expectWhole(dir.resolve("resumed"));
    }
}
