package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.TestSpark;
import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Permutation;
import io.firesteel.compute.Runner;
import io.firesteel.data.Split;
import io.firesteel.data.TrainingSet;
import io.firesteel.data.TrainingSets;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Evaluated;
import io.firesteel.optim.Objective;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.Table;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.MeanLoss;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.Pace;
import io.firesteel.train.Regularization;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For the same rows, settings and seed the trained weights are equal bit for bit, however the work is cut. */
@Tag("spark")
class SameBitsTest {
    private static final int ROWS = 7001;

    /** So wide that a block has the fewest rows, 256: twelve blocks. */
    private static final int HIDDEN = 300;

    private static final double VALIDATION = 0.1;
    private static final List<String> COLORS = List.of("red", "green", "blue", "12", "1.5");

    /** What steps see. */
    private record Steps(
            String name, Pace pace, Regularization regularization, ClassWeighting classWeighting, String options) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Steps WHOLE =
            new Steps("whole", Pace.of(3), Regularization.NONE, ClassWeighting.NONE, "--iterations 3");

    /** Five steps to an epoch: the last ones are of the second. */
    private static final Steps SAMPLED = new Steps(
            "sampled",
            new Pace(7, null, 1500, null),
            new Regularization(0, 1e-4, 0, List.of(0.3), false, 0.1),
            ClassWeighting.parse("balanced"),
            "--iterations 7 --batch-size 1500 --l1 1e-4 --dropout 0.3 --class-weight balanced --label-smoothing 0.1");

    private static Stream<Arguments> stepsAndPrecisions() {
        return Stream.of(WHOLE, SAMPLED)
                .flatMap(steps -> Stream.of(Precision.values()).map(precision -> Arguments.of(steps, precision)));
    }

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
            String missing = i % 11 == 0 ? "" : Double.toString(c);
            String color = i % 13 == 5 ? "" : COLORS.get(random.nextInt(COLORS.size()));
            rows.add(a + "," + b + "," + missing + "," + color + ","
                    + (a + (b - 1e5) / 30 + random.nextGaussian() > 0 ? "yes" : "no"));
        }
        csv = file("all.csv", 0, ROWS);
    }

    private Path file(String name, int from, int to) {
        List<String> lines = new ArrayList<>(List.of("a,b,c,color,y"));
        lines.addAll(rows.subList(from, to));
        return Cli.write(dir.resolve(name), lines);
    }

    private String train(Path data, Steps steps, Precision precision, String name) {
        Path model = dir.resolve(name + "-" + steps + "-" + precision);
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--hidden", HIDDEN};
        args = Cli.plus(args, "--precision", precision, "--validation-fraction", VALIDATION);
        args = Cli.plus(args, "--categorical", "color", "--missing", "mean");
        Cli.succeed(Cli.plus(args, (Object[]) steps.options.split(" ")));
        return Cli.weights(model);
    }

    private static TrainingConfig config(Steps steps, Precision precision) {
        // As the command line's defaults
        return new TrainingConfig(
                List.of(HIDDEN),
                List.of(Activation.TANH),
                Initializer.GLOROT,
                1,
                OptimizerConfig.descent(0.1),
                steps.pace,
                steps.regularization,
                0,
                1,
                precision,
                null,
                Quantiles.NONE,
                steps.classWeighting);
    }

    private static LossKernel kernel(TrainingSet data, TrainingConfig config) {
        ClassWeighting weighting = config.classWeighting();
        return config.loss(
                data.network(),
                weighting.isNone()
                        ? ClassWeights.NONE
                        : weighting.of(data.classes(), data.training().classTotals(2)),
                data.training().rows(),
                data.training().blockRows());
    }

    private TrainingSet read(TrainingConfig config, int partitions) {
        Table table = Table.open(TestSpark.session(), csv.toString(), null, Map.of());
        Columns columns =
                Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), List.of("y"), null, List.of());
        FeatureKinds kinds = new FeatureKinds(List.of("color"), Unseen.ERROR, Missing.MEAN, FeatureKinds.Dates.NONE);
        Split split = new Split.Fraction(VALIDATION, true);
        return TrainingSets.read(table, columns, kinds, config, true, split, partitions);
    }

    @ParameterizedTest
    @MethodSource("stepsAndPrecisions")
    void train_anyPartitions(Steps steps, Precision precision) throws IOException {
        train(csv, steps, precision, "all");
        TrainingConfig config = config(steps, precision);
        TrainedModel model = TrainedModel.load(dir.resolve("all-" + steps + "-" + precision));
        double[] expected = model.theta();
        var description = model.description();
        String validation = null;
        for (int partitions : List.of(1, 2, 3, 5, 8, 9)) {
            try (TrainingSet data = read(config, partitions)) {
                assertTrue(data.training().count() > 9, "too few blocks for a test");
                assertEquals(partitions, data.training().rdd().getNumPartitions());
                assertArrayEquals(
                        description.inputs().scaling().mean(), data.inputs().mean());
                assertArrayEquals(
                        description.inputs().scaling().deviation(),
                        data.inputs().deviation());
                assertEquals(description.provenance().rows(), data.training().rows());
                assertEquals(
                        ROWS - description.provenance().rows(),
                        data.validation().rows());

                Trainer trainer =
                        new Trainer(data.network(), config, data.training().rows());
                Objective objective =
                        new MeanLoss(kernel(data, config), data.training().runner());
                double[] theta =
                        trainer.train(objective, trainer.start(), step -> {}).theta();
                assertArrayEquals(expected, theta, partitions + " partitions");

                String metrics = new ObjectMapper()
                        .writeValueAsString(
                                data.validation().metrics(new EvaluationKernel(description, precision), theta));
                assertEquals(validation == null ? metrics : validation, metrics);
                validation = metrics;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stepsAndPrecisions")
    void at_asWithoutSpark(Steps steps, Precision precision) {
        TrainingConfig config = config(steps, precision);
        try (TrainingSet data = read(config, 3)) {
            List<Block> blocks = data.training().rdd().collect();
            assertEquals(data.training().count(), blocks.size());
            double[] theta = new Trainer(data.network(), config, data.training().rows()).start();
            LossKernel kernel = kernel(data, config);
            Objective spark = new MeanLoss(kernel, data.training().runner());
            for (int threads : new int[] {1, 2, 3, 5}) {
                try (Runner<Block> runner = LocalRunner.of(blocks, threads)) {
                    Objective local = new MeanLoss(kernel, runner);
                    assertSame(Evaluated.at(local, theta), Evaluated.at(spark, theta));
                    for (int step = 0; step < 7; step++) {
                        assertSame(Evaluated.at(local.ofStep(step), theta), Evaluated.at(spark.ofStep(step), theta));
                    }
                }
            }
        }
    }

    /** Rows are shuffled once, on their way into blocks: each goes where the order of all rows says. */
    @Test
    void read_forBatches_putsEveryRowInItsPlaceOfTheOrder() {
        List<double[]> inOrder = rows(WHOLE);
        List<double[]> shuffled = rows(SAMPLED);
        Permutation order = BatchSchedule.shuffle(1, inOrder.size());
        for (int i = 0; i < inOrder.size(); i++) {
            assertArrayEquals(inOrder.get(i), shuffled.get((int) order.at(i)), 1e-9);
        }
    }

    /** Features and target of the rows, block after block. */
    private List<double[]> rows(Steps steps) {
        try (TrainingSet data = read(config(steps, Precision.DOUBLE), 3)) {
            return data.training().rdd().collect().stream()
                    .map(Block::examples)
                    .flatMap(examples -> IntStream.range(0, examples.size()).mapToObj(j -> IntStream.range(0, 4)
                            .mapToDouble(i -> i < 3
                                    ? examples.x().get(i, j)
                                    : examples.y().get(0, j))
                            .toArray()))
                    .toList();
        }
    }

    private static void assertSame(Evaluated expected, Evaluated value) {
        assertEquals(expected.loss(), value.loss());
        assertArrayEquals(expected.gradient(), value.gradient());
    }

    @Test
    void train_anySplitsAndFiles() {
        int[] ends = {0, 5, 6, 700, 1400, 1401, 6999, ROWS};
        for (int i = 1; i < ends.length; i++) {
            file("seven/part-" + i + ".csv", ends[i - 1], ends[i]);
        }
        Path seven = dir.resolve("seven");
        for (Steps steps : List.of(WHOLE, SAMPLED)) {
            Precision precision = steps.equals(WHOLE) ? Precision.SINGLE : Precision.DOUBLE; // one of each, for time
            String expected = train(csv, steps, precision, "whole");
            assertEquals(expected, train(seven, steps, precision, "seven"));
            for (String bytes : List.of("9000b", "60000b")) {
                TestSpark.with("spark.sql.files.maxPartitionBytes", bytes, () -> {
                    assertEquals(expected, train(csv, steps, precision, "split" + bytes));
                    assertEquals(expected, train(seven, steps, precision, "seven" + bytes));
                });
            }
        }
    }
}
