package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cells of real tables become: numbers far away, numbers too large, classes and categories that look like numbers. */
@Tag("spark")
class CellValuesTest {
    @TempDir
    private Path dir;

    private Path model() {
        return dir.resolve("model");
    }

    private Object[] train(Path data, Object... more) {
        Object[] args = {"train", "--data", data, "--model", model(), "--iterations", "20", "--hidden", "4"};
        return Cli.plus(args, more);
    }

    /** Unix seconds in a column whose first cell is 0, in a row of weight 0 or one that is held out. */
    @ParameterizedTest
    @ValueSource(strings = {"--weight", "--validation-column"})
    void moments_behindAFirstRowThatDoesNotCount(String option) throws IOException {
        Random random = new Random(4);
        List<String> lines = new ArrayList<>(List.of("time,other,label"));
        lines.add(option.equals("--weight") ? "0,0,no" : "0,1,yes");
        double[] times = new double[300];
        for (int i = 0; i < times.length; i++) {
            times[i] = Math.rint(1.7e9 + 50 * random.nextGaussian());
            lines.add(String.format(
                    "%.0f,%s,%s", times[i], option.equals("--weight") ? 1 : 0, times[i] < 1.7e9 ? "no" : "yes"));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "label", option, "other"));
        TrainedModel model = TrainedModel.load(model());
        double mean = DoubleStream.of(times).average().orElseThrow();
        double variance = DoubleStream.of(times)
                .map(t -> (t - mean) * (t - mean))
                .average()
                .orElseThrow();
        assertEquals(mean, model.description().inputs().scaling().mean()[0], 1e-12 * mean);
        assertEquals(Math.sqrt(variance), model.description().inputs().scaling().deviation()[0], 1e-10);
    }

    /** A cell of 1e306, as some write for "no data", is refused by everything that scores it. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh"})
    void scores_ofANumberThatIsFarTooLarge(String activation) throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i * 1e-4 + "," + (i % 7) + "," + 3 * i);
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "y", "--task", "regression", "--activation", activation));
        Path large = Cli.write(dir.resolve("u.csv"), "a,b,y", "0.001,2,3", "0.002,3,6", "1e306,1,5", "1e306,2,5");
        String[] said = {"u.csv, row 3, column a: \"1.0E306\" is too large for the model", "--missing mean"};
        Path output = dir.resolve("p.csv");
        Cli.refuse(dir, new Object[] {"predict", "--model", model(), "--data", large, "--output", output}, said);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", model(), "--data", large}, said);
        assertTrue(Files.notExists(output));
        TrainedModel model = TrainedModel.load(model());
        String problem = assertThrows(
                        IllegalArgumentException.class, () -> model.scoreRow(Map.of("a", 1e306, "b", "1")))
                .getMessage();
        assertTrue(problem.contains("feature a: \"1.0E306\" is too large"), problem);
        assertEquals(1, model.scoreRow(Map.of("a", 0.002, "b", "1")).length);
    }
}
