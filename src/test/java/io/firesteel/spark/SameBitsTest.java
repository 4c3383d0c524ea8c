package io.firesteel.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.TestSpark;
import io.firesteel.cli.Cli;
import io.firesteel.data.Columns;
import io.firesteel.data.Table;
import io.firesteel.data.TrainingData;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.optim.Objective;
import io.firesteel.train.Block;
import io.firesteel.train.LocalObjective;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For the same rows, settings and seed the trained weights are equal bit for bit, however the work is cut. */
@Tag("spark")
class SameBitsTest {
    private static final int ROWS = 7001;

    /** So wide that a block has the fewest rows, 256: twelve blocks. */
    private static final int HIDDEN = 300;

    private static final double VALIDATION = 0.1;
    private static final int ITERATIONS = 3;

    @TempDir
    private Path dir;

    private final List<String> rows = new ArrayList<>();
    private Path csv;

    @BeforeEach
    void rows() {
        Random random = new Random(5);
        for (int i = 0; i < ROWS; i++) {
            double a = random.nextGaussian();
            double b = 1e5 + 30 * random.nextGaussian();
            double c = Math.exp(3 * random.nextGaussian());
            rows.add(a + "," + b + "," + c + "," + (a + (b - 1e5) / 30 + random.nextGaussian() > 0 ? "yes" : "no"));
        }
        csv = file("all.csv", 0, ROWS);
    }

    private Path file(String name, int from, int to) {
        List<String> lines = new ArrayList<>(List.of("a,b,c,y"));
        lines.addAll(rows.subList(from, to));
        return Cli.write(dir.resolve(name), lines);
    }

    private String train(Path data, Precision precision, String name) {
        Path model = dir.resolve(name + "-" + precision);
        Cli.succeed(
                "train",
                "--data",
                data,
                "--label",
                "y",
                "--model",
                model,
                "--hidden",
                HIDDEN,
                "--iterations",
                ITERATIONS,
                "--precision",
                precision,
                "--validation-fraction",
                VALIDATION);
        return Cli.weights(model);
    }

    private static TrainingConfig config(Precision precision) {
        // As the command line's defaults
        return new TrainingConfig(
                List.of(HIDDEN), List.of(Activation.TANH), Initializer.GLOROT, 1, 0.1, ITERATIONS, 0, 0, 1, precision);
    }

    private TrainingData read(Precision precision, int partitions) {
        Table table = Table.open(TestSpark.session(), csv.toString(), null, Map.of());
        Columns columns = Columns.forTraining(table, Task.CLASSIFICATION, List.of(), List.of("y"), null, List.of());
        return TrainingData.read(table, columns, config(precision), true, VALIDATION, null, partitions);
    }

    @ParameterizedTest
    @EnumSource
    void train_anyPartitions(Precision precision) throws IOException {
        train(csv, precision, "all");
        double[] expected = TrainedModel.load(dir.resolve("all-" + precision)).theta();
        var description = TrainedModel.load(dir.resolve("all-" + precision)).description();
        String validation = null;
        for (int partitions = 1; partitions <= 9; partitions++) {
            try (TrainingData data = read(precision, partitions)) {
                assertTrue(data.training().count() > 9, "too few blocks for a test");
                assertEquals(partitions, data.training().rdd().getNumPartitions());
                assertArrayEquals(description.inputs().mean(), data.inputs().mean());
                assertArrayEquals(
                        description.inputs().deviation(), data.inputs().deviation());
                assertEquals(description.rows(), data.training().rows());
                assertEquals(ROWS - description.rows(), data.validation().rows());

                Trainer trainer = new Trainer(data.network(), config(precision));
                Objective objective = new SparkObjective(data.network(), precision, data.training());
                double[] theta = trainer.train(objective, trainer.start(), (step, loss) -> {})
                        .theta();
                assertArrayEquals(expected, theta, partitions + " partitions");

                String metrics = new ObjectMapper()
                        .writeValueAsString(SparkEvaluation.of(description, theta, precision, data.validation())
                                .values());
                assertEquals(validation == null ? metrics : validation, metrics);
                validation = metrics;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void at_asWithoutSpark(Precision precision) {
        try (TrainingData data = read(precision, 3)) {
            List<Block> blocks = data.training().rdd().collect();
            assertEquals(data.training().count(), blocks.size());
            double[] theta = new Trainer(data.network(), config(precision)).start();
            Objective.Value local = new LocalObjective(data.network(), precision, blocks).at(theta);
            Objective.Value spark = new SparkObjective(data.network(), precision, data.training()).at(theta);
            assertEquals(local.loss(), spark.loss());
            assertArrayEquals(local.gradient(), spark.gradient());
        }
    }

    @Test
    void train_anySplitsAndFiles() {
        int[] ends = {0, 5, 6, 700, 1400, 1401, 6999, ROWS};
        for (int i = 1; i < ends.length; i++) {
            file("seven/part-" + i + ".csv", ends[i - 1], ends[i]);
        }
        Path seven = dir.resolve("seven");
        for (Precision precision : Precision.values()) {
            String expected = train(csv, precision, "whole");
            assertEquals(expected, train(seven, precision, "seven"));
            for (String bytes : List.of("1000b", "20000b")) {
                TestSpark.with("spark.sql.files.maxPartitionBytes", bytes, () -> {
                    assertEquals(expected, train(csv, precision, "split" + bytes));
                    assertEquals(expected, train(seven, precision, "seven" + bytes));
                });
            }
        }
    }
}
