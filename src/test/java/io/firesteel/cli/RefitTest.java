package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Plan;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.fit.Training;
import io.firesteel.fit.TrainingListener;
import io.firesteel.model.ModelDescription.Provenance;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings that are done again on all rows, for as long as was best for the rows held out. The flower's 400 rows are five batches
 * of 80 to an epoch, and four without the 80 that are held out.
 */
@Tag("spark")
class RefitTest {
    private static final Path FLOWER = Path.of("data/flower.csv");
    private static final int EPOCHS = 12;

    @TempDir
    private static Path shared;

    private static Path whole;
    private static Path wholeCheckpoints;

    @TempDir
    private Path dir;

    /** At this rate the best epoch is not the last one. */
    private static Object[] train(Path model, Object... more) {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--hidden", "8", "--seed", "5"
        };
        args = Cli.plus(
                args, "--optimizer", "adam", "--learning-rate", "0.3", "--epochs", EPOCHS, "--batch-size", "80");
        return Cli.plus(Cli.plus(args, "--schedule", "cosine-cycles", "--dropout", "0.1"), more);
    }

    private static Object[] refit(Path model, Object... more) {
        Object[] held = {"--validation-fraction", "0.2", "--patience", "20", "--refit", "true"};
        return Cli.plus(train(model, held), more);
    }

    /** Returns arguments with another value of an option. */
    private static Object[] with(String option, String value, Object[] args) {
        Object[] other = args.clone();
        other[Arrays.asList(args).indexOf(option) + 1] = value;
        return other;
    }

    @BeforeAll
    static void trainOnce() {
        whole = shared.resolve("whole");
        wholeCheckpoints = shared.resolve("checkpoints");
        Object[] often = {"--checkpoint", wholeCheckpoints, "--checkpoint-every", "9", "--checkpoint-keep", "100"};
        Cli.succeed(refit(whole, often));
    }

    private static Provenance provenance(Path model) throws IOException {
        return TrainedModel.load(model).description().provenance();
    }

    private static int last(List<Step> history) {
        return history.get(history.size() - 1).step();
    }

    private static int keptEpoch() throws IOException {
        return provenance(whole).validation().keptStep() / 4;
    }

    /** A training on all rows whose checkpoints are looked at: that of the best epoch has the refit's weights, scaling and history. */
    @Test
    void refit_isTheTrainingOnAllRows_asItIsAtTheBestEpoch() throws IOException {
        int kept = keptEpoch();
        assertTrue(kept > 0 && kept < EPOCHS, "the best epoch is " + kept);
        Path checkpoints = dir.resolve("checkpoints");
        Cli.succeed(train(
                dir.resolve("all"),
                "--checkpoint",
                checkpoints,
                "--checkpoint-every",
                "5",
                "--checkpoint-keep",
                "100"));
        Path there = checkpoints.resolve(String.format("step-%08d", 5 * kept));
        assertEquals(Cli.weights(there), Cli.weights(whole));
        TrainedModel then = TrainedModel.load(there);
        TrainedModel now = TrainedModel.load(whole);
        assertArrayEquals(
                then.description().inputs().scaling().mean(),
                now.description().inputs().scaling().mean());
        assertEquals(400, provenance(whole).rows());
        assertEquals(5 * kept, last(provenance(whole).validation().refit()));
    }

    /** What is known of the rows held out is what the training without a refit says of them. */
    @Test
    void refit_keepsTheCourseOfTheFirstTraining() throws IOException {
        Path first = dir.resolve("first");
        String out = Cli.succeed(with("--refit", "false", refit(first)));
        String again = Cli.succeed(refit(dir.resolve("again")));
        assertEquals(provenance(first).history(), provenance(whole).history());
        assertEquals(
                provenance(first).validation().keptStep(),
                provenance(whole).validation().keptStep());
        assertEquals(80, provenance(whole).validationRows());
        assertNotEquals(Cli.weights(first), Cli.weights(whole));
        assertEquals(Cli.weights(dir.resolve("again")), Cli.weights(whole));
        assertEquals(line(out, "validation") + ", by the training without them", line(again, "validation"));
        assertTrue(line(again, "training").endsWith(" on 400 rows"), again);
        assertTrue(line(again, "refit").startsWith("refit       trained again from the start on all 400 rows"), again);
        String about = Cli.succeed("inspect", "--model", whole);
        assertTrue(about.contains("400 rows, after a first training with 80 of them held out"), about);
        assertTrue(about.contains("refit       " + 5 * keptEpoch() + " steps on all rows"), about);
    }

    /** Without --keep-best the first training ends with its last step, which is not said to be the best. */
    @Test
    void inspect_ofARefitAsLongAsTheLastStep_saysSo() throws IOException {
        Path model = dir.resolve("last");
        Cli.succeed(refit(model, "--keep-best", "false"));
        assertEquals(4 * EPOCHS, provenance(model).validation().keptStep());
        assertEquals(4 * keptEpoch(), provenance(model).best().orElseThrow().step());
        String about = line(Cli.succeed("inspect", "--model", model), "refit");
        assertTrue(
                about.contains(" on all rows, as long as the first training took to step 48, its last; loss "), about);
        String best = line(Cli.succeed("inspect", "--model", whole), "refit");
        String words = "to step " + 4 * keptEpoch() + ", which had the best loss on the rows held out; loss ";
        assertTrue(best.contains(words), best);
    }

    /** Tasks that stay train both times, with the bits of jobs. */
    @Test
    void refit_withResidentTasks_hasTheSameBits() throws IOException {
        Path model = dir.resolve("resident");
        Cli.succeed(refit(model, "--engine", "resident"));
        assertEquals(Cli.weights(whole), Cli.weights(model));
        assertEquals(provenance(whole).validation(), provenance(model).validation());
    }

    private static String line(String out, String name) {
        return out.lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElse(out);
    }

    /** Checkpoints of both trainings: of the first, of its end, and of the second. */
    @Test
    void resume_fromEachCheckpoint_givesTheSameBits() throws IOException {
        List<String> names = names(wholeCheckpoints);
        List<String> expected = new ArrayList<>();
        for (int step = 9; step < 48; step += 9) {
            expected.add(String.format("step-%08d", step));
        }
        expected.add("step-00000048");
        for (int step = 9; step < 5 * keptEpoch(); step += 9) {
            expected.add(String.format("step-%08d", 48 + step));
        }
        expected.add(String.format("step-%08d", 48 + 5 * keptEpoch()));
        assertEquals(expected, names);
        for (String newest : List.of("step-00000027", "step-00000048", "step-00000057", names.get(names.size() - 1))) {
            Path copy = dir.resolve("from-" + newest);
            FileUtils.copyDirectory(wholeCheckpoints.toFile(), copy.toFile());
            for (String name : names) {
                if (name.compareTo(newest) > 0) {
                    FileUtils.deleteDirectory(copy.resolve(name).toFile());
                }
            }
            Path model = dir.resolve("model-" + newest);
            String out = Cli.succeed(refit(model, "--engine", "job", "--checkpoint", copy, "--resume", copy));
            assertEquals(Cli.weights(whole), Cli.weights(model), newest);
            assertEquals(provenance(whole).history(), provenance(model).history(), newest);
            assertEquals(provenance(whole).validation(), provenance(model).validation(), newest);
            assertTrue(line(out, "loss").contains(" in 12 epochs (48 steps)"), out);
            if (newest.equals("step-00000057")) {
                Object[] other = refit(dir.resolve("m"), "--resume", copy);
                Cli.refuse(dir, with("--epochs", "13", other), "--epochs was 12, is 13");
                Cli.refuse(dir, with("--refit", "false", other), "--refit was true, is false");
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Rows that a column marks are rows of the same table. */
    @Test
    void refit_withMarkedRows_takesThemToo() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,held,y"));
        for (int i = 0; i < 60; i++) {
            lines.add(i % 7 + "," + i % 3 / 2 + "," + (i % 7 > 3 ? "a" : "b"));
        }
        Path data = Cli.write(dir.resolve("marked.csv"), lines);
        Object[] args = {"train", "--data", data, "--label", "y", "--validation-column", "held", "--iterations", "5"};
        Cli.succeed(Cli.plus(args, "--refit", "true", "--model", dir.resolve("m")));
        assertEquals(60, provenance(dir.resolve("m")).rows());
        assertEquals(20, provenance(dir.resolve("m")).validationRows());
    }

    /** The rows held out are so large that steps which see them overshoot, each by more than the one before. */
    @Test
    void refit_thatDiverges_leavesTheFirstModel_andSaysSo() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,held,y"));
        for (int i = 0; i < 30; i++) {
            boolean isHeld = i % 3 == 0;
            lines.add((isHeld ? 1e4 + i : i / 30.0) + "," + (isHeld ? 1 : 0) + "," + i % 4);
        }
        Path data = Cli.write(dir.resolve("large.csv"), lines);
        Object[] args = {"train", "--data", data, "--label", "y", "--validation-column", "held", "--iterations", "60"};
        args = Cli.plus(args, "--task", "regression", "--hidden", "none", "--standardize", "false");
        Path first = dir.resolve("first");
        Path model = dir.resolve("model");
        Cli.succeed(Cli.plus(args, "--refit", "false", "--model", first));
        Cli.Outcome outcome = Cli.run(Cli.plus(args, "--refit", "true", "--model", model));
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(
                outcome.err()
                        .contains(
                                "warning: the model is that of the training without the validation rows, since the one on"
                                        + " all rows failed: "),
                outcome.err());
        assertEquals(Cli.weights(first), Cli.weights(model));
        assertEquals(20, provenance(model).rows());
        assertTrue(provenance(model).validation().refit().isEmpty());
        assertTrue((outcome.out() + outcome.err()).lines().noneMatch(line -> line.startsWith("refit ")));
    }

    private static Settings settings(String... more) {
        Settings.Builder settings = Settings.builder().set("preset", "notes").set("label", "color");
        settings.set("validation-fraction", "0.2").set("refit", "true").set("iterations", "10");
        for (int i = 0; i < more.length; i += 2) {
            settings.set(more[i], more[i + 1]);
        }
        return settings.build();
    }

    private static Source flower() {
        return Source.of(TestSpark.session(), FLOWER.toString(), null, Map.of());
    }

    /** Stops one of the trainings after three steps; counts them. */
    private static final class Stopper implements TrainingListener {
        private final boolean inRefit;
        private int trainings;
        private int ended;

        private Stopper(boolean inRefit) {
            this.inRefit = inRefit;
        }

        @Override
        public Trainer.Listener watch(Fitting.Prepared training, int from) {
            trainings++;
            boolean stops = inRefit == (training.first() != null);
            return new Trainer.Listener() {
                @Override
                public void onStep(Step step) {}

                @Override
                public boolean afterStep(TrainingProgress progress) {
                    return !stops || progress.step() < 3;
                }
            };
        }

        @Override
        public void onFitted() {
            ended++;
        }
    }

    @Test
    void stop_inTheRefit_keepsTheFirstModel_andInTheFirstTrainingHasNoRefit() {
        TrainedModel first = Training.trained(settings("refit", "false"), flower(), TrainingListener.SILENT);
        Stopper second = new Stopper(true);
        try (Training training = Training.read(settings(), flower(), null, second)) {
            Training.Outcome outcome = training.run(second);
            assertNull(outcome.refit());
            assertEquals(List.of(2, 1), List.of(second.trainings, second.ended));
            assertArrayEquals(first.theta(), outcome.model().theta());
            assertEquals(320, outcome.training().rows());
        }
        Stopper early = new Stopper(false);
        TrainedModel stopped = Training.trained(settings(), flower(), early);
        assertEquals(List.of(1, 1), List.of(early.trainings, early.ended));
        assertEquals(320, stopped.description().provenance().rows());
    }

    @Test
    void plan_countsTheRefit() {
        Plan plan = Plan.of(settings("batch-size", "80", "iterations", "12"), flower(), TrainingListener.SILENT);
        assertEquals(List.of(12, 12), List.of(plan.steps(), plan.refitSteps()));
        assertEquals(
                0,
                Plan.of(settings("refit", "false"), flower(), TrainingListener.SILENT)
                        .refitSteps());
    }

    /** Candidates are compared on the rows held out; only the best is trained again. */
    @Test
    void search_refitsTheBest() throws IOException {
        Object[] args = {
            "search", "--data", FLOWER, "--label", "color", "--validation-fraction", "0.2", "--refit", "true"
        };
        args = Cli.plus(args, "--epochs", "4", "--batch-size", "80", "--grid", "learning-rate=0.01|0.5");
        Cli.succeed(Cli.plus(args, "--model", dir.resolve("best")));
        Object[] same = {
            "train", "--data", FLOWER, "--label", "color", "--validation-fraction", "0.2", "--refit", "true"
        };
        same = Cli.plus(same, "--epochs", "4", "--batch-size", "80", "--learning-rate", "0.5");
        Cli.succeed(Cli.plus(same, "--model", dir.resolve("same")));
        assertEquals(Cli.weights(dir.resolve("same")), Cli.weights(dir.resolve("best")));
    }

    /** From the same weights, with the same scaling. */
    @Test
    void refit_ofAWarmStart_startsFromTheModelAgain() throws IOException {
        Path model = dir.resolve("warm");
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--warm-start", whole};
        Cli.succeed(Cli.plus(args, "--validation-fraction", "0.2", "--refit", "true", "--iterations", "0"));
        assertEquals(Cli.weights(whole), Cli.weights(model));
        assertEquals(400, provenance(model).rows());
    }

    /** The length that fits into a time makes the model that this length makes, and what a model says of itself makes it again. */
    @Test
    void aTimeBudget_decidesOnEpochs() throws IOException {
        Path timed = dir.resolve("timed");
        String said = Cli.succeed(refit(timed, "--time-budget", "1h"));
        assertTrue(said.contains("1h: 12 epochs fit, as with --epochs 12"), said);
        assertEquals(Cli.weights(whole), Cli.weights(timed));
        assertEquals("12", provenance(timed).settings().get("epochs"));
        assertNull(provenance(timed).settings().get("time-budget"));
        Path hurried = dir.resolve("hurried");
        said = Cli.succeed(refit(hurried, "--time-budget", "1ms"));
        assertTrue(said.contains("0.001s: 1 epoch fits"), said);
        assertTrue(said.contains("it is what the training had reached when the end of the time stopped it"), said);
        assertEquals(List.of(), provenance(hurried).validation().refit());
        Cli.refuse(dir, refit(dir.resolve("no"), "--time-budget", "60"), "--time-budget", "a time such as 90s");
        Object[] resumed = {"--time-budget", "60s", "--resume", wholeCheckpoints};
        Cli.refuse(dir, refit(dir.resolve("no"), resumed), "--time-budget", "none with --resume");
    }
}
