package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Piecewise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Columns of numbers whose function has steps: gain is mostly 0, and the label yes where it is between 300 and 500; and the number of a shop
 * is a code.
 */
@Tag("spark")
class PiecesTest {
    private static final int ROWS = 800;
    private static final String EPOCHS = "16";

    @TempDir
    private static Path shared;

    @TempDir
    private Path dir;

    private static Path table;
    private static Path whole;

    @BeforeAll
    static void trainOnce() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("kind,gain,age,label"));
        for (int j = 0; j < ROWS; j++) {
            int gain = random.nextInt(5) == 0 ? 1 + random.nextInt(1000) : 0;
            boolean yes = (gain > 300 && gain < 500) || random.nextInt(50) == 0;
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%d,%.3f,%s",
                    "abc".charAt(j % 3),
                    gain,
                    40 + 9 * random.nextGaussian(),
                    yes ? "yes" : "no"));
        }
        table = Files.write(shared.resolve("table.csv"), lines);
        whole = shared.resolve("whole");
        Cli.succeed(train(whole));
    }

    private static Object[] train(Path model, Object... more) {
        Object[] args = {"train", "--preset", "default", "--data", table, "--label", "label", "--model", model};
        return Cli.plus(Cli.plus(args, "--hidden", "16", "--epochs", EPOCHS), more);
    }

    private static double loss(Path model) throws IOException {
        return Cli.json("evaluate", "--model", model, "--data", table)
                .get("logLoss")
                .asDouble();
    }

    @Test
    void aMostlyConstantColumn_isCutIntoPieces_andTheNetworkLearnsItsSteps() throws IOException {
        ModelDescription description = TrainedModel.load(whole).description();
        List<Piecewise.Pieces> pieces = description.network().pieces();
        assertEquals(1, pieces.size(), "not age, and no category");
        assertEquals(3, pieces.get(0).input(), "behind the three kinds");
        List<Double> knots = pieces.get(0).knots();
        assertTrue(knots.size() > 40 && knots.size() <= 65, knots.size() + " knots");
        assertEquals(0, knots.get(0), "the common value, which is the least");
        Path without = dir.resolve("without");
        Cli.succeed(train(without, "--pieces", "0"));
        assertEquals(List.of(), TrainedModel.load(without).network().pieces());
        assertTrue(loss(whole) < 0.9 * loss(without), loss(whole) + " and " + loss(without));
        assertTrue(Cli.succeed("inspect", "--model", whole).contains("1 number in pieces"));
    }

    @Test
    void codes_areLearntOneByOne() throws IOException {
        Random random = new Random(2);
        double[] effects = random.doubles(24, -2, 2).toArray();
        List<String> lines = new ArrayList<>(List.of("shop,size,turnover"));
        for (int j = 0; j < ROWS; j++) {
            int shop = random.nextInt(24);
            double size = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%d,%.3f,%.3f",
                    100 + shop,
                    size,
                    effects[shop] + 0.3 * size + 0.2 * random.nextGaussian()));
        }
        Path shops = Files.write(dir.resolve("shops.csv"), lines);
        double[] rmse = new double[2];
        for (int pieces : new int[] {0, 64}) {
            Path model = dir.resolve("shops-" + pieces);
            Object[] args = {"train", "--preset", "default", "--data", shops, "--label", "turnover", "--model", model};
            Cli.succeed(Cli.plus(args, "--hidden", "32", "--epochs", "40", "--pieces", pieces));
            rmse[Math.min(1, pieces)] = Cli.json("evaluate", "--model", model, "--data", shops)
                    .get("rmse")
                    .asDouble();
        }
        assertTrue(rmse[1] < 0.5 * rmse[0], rmse[1] + " and " + rmse[0]);
        Path model = dir.resolve("shops-64");
        assertEquals(
                24, TrainedModel.load(model).network().pieces().get(0).knots().size());
    }

    @Test
    void everyEngine_trainsTheSameWeights() throws IOException {
        for (String engine : List.of("local", "job", "resident")) {
            Path model = dir.resolve(engine);
            Cli.succeed(train(model, "--engine", engine));
            assertEquals(Cli.weights(whole), Cli.weights(model), engine);
        }
    }

    @Test
    void resume_givesTheBitsOfTheWholeTraining() throws IOException {
        Path checkpoints = dir.resolve("checkpoints");
        Path first = dir.resolve("first");
        Object[] often = {"--refit", "false", "--checkpoint-every", "30", "--checkpoint-keep", "100"};
        Cli.succeed(Cli.plus(train(first, often), "--checkpoint", checkpoints));
        Path early = dir.resolve("early");
        String step = "step-00000030";
        FileUtils.copyDirectory(
                checkpoints.resolve(step).toFile(), early.resolve(step).toFile());
        Path second = dir.resolve("second");
        Cli.succeed(train(second, "--refit", "false", "--resume", early));
        assertEquals(Cli.weights(first), Cli.weights(second));
    }

    @Test
    void aWarmStart_keepsThePieces_alsoOnOtherRows() throws IOException {
        List<String> lines = Files.readAllLines(table);
        Path half = Files.write(dir.resolve("half.csv"), lines.subList(0, ROWS / 2));
        Path warm = dir.resolve("warm");
        Object[] args = {"train", "--preset", "default", "--data", half, "--label", "label", "--model", warm};
        Cli.succeed(Cli.plus(args, "--warm-start", whole, "--epochs", "2", "--validation-fraction", "0"));
        assertEquals(
                TrainedModel.load(whole).network().pieces(),
                TrainedModel.load(warm).network().pieces());
        assertNotEquals(Cli.weights(whole), Cli.weights(warm));
        for (String[] other :
                new String[][] {{"--pieces", "8", "--pieces was 64, is 8"}, {"--robust", "false", "--robust was true"}
                }) {
            Object[] no = {
                "train", "--preset", "default", "--data", half, "--label", "label", "--model", dir.resolve("no")
            };
            Cli.refuse(dir, Cli.plus(no, "--warm-start", whole, other[0], other[1]), other[2]);
        }
    }

    @Test
    void aSearch_measuresNetworksWithPieces() throws IOException {
        Path model = dir.resolve("best");
        Object[] args = {"search", "--preset", "default", "--data", table, "--label", "label", "--model", model};
        Cli.succeed(Cli.plus(args, "--epochs", "2", "--grid", "hidden=4|8"));
        assertEquals(1, TrainedModel.load(model).network().pieces().size());
    }

    @Test
    void pieces_needQuantiles() {
        Cli.refuse(dir, train(dir.resolve("model"), "--pieces", "8", "--robust", "false"), "--pieces", "--robust true");
        Cli.refuse(dir, train(dir.resolve("model"), "--pieces", "1"), "--pieces", "0 (none), or 2 or more");
    }
}
