package io.firesteel.bench;

import io.firesteel.compute.LossKernel;
import io.firesteel.data.Preparation;
import io.firesteel.data.Split;
import io.firesteel.data.TableRows;
import io.firesteel.data.TrainingSet;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.CachedPartitions;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.ml.FiresteelClassificationModel;
import io.firesteel.ml.FiresteelClassifier;
import io.firesteel.model.Encoding;
import io.firesteel.model.Task;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Network;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import io.firesteel.train.MeanLoss;
import io.firesteel.train.Pace;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A process with a Spark session and Firesteel in it; its argument is the master. A data set that was used stays cached
 * until {@code drop}.
 */
final class FiresteelServer {
    private static final FeatureKinds NUMBERS =
            new FeatureKinds(List.of(), Encoding.NONE.unseen(), Encoding.NONE.missing(), FeatureKinds.Dates.NONE);

    private final SparkSession spark;
    private final Map<Data, Blocks> cached = new HashMap<>();
    private final Map<Problem, Dataset<Row>> vectors = new HashMap<>();
    private final Map<Problem, FiresteelClassificationModel> models = new HashMap<>();

    private record Data(int features, int classes, int rows, Precision precision) {}

    private FiresteelServer(SparkSession spark) {
        this.spark = spark;
    }

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = Sessions.firesteel(arguments[0])) {
            Child.serve(new FiresteelServer(spark)::answer);
        }
    }

    private double[] answer(String[] r) throws IOException {
        return switch (r[0]) {
            case "steps" -> steps(Problem.of(r[1], number(r[2])), precision(r[3]), engine(r[4]), number(r[5]));
            case "epoch" -> epoch(Problem.of(r[1], number(r[2])), precision(r[3]), number(r[4]), number(r[5]));
            case "losses" -> losses(Problem.of(r[1], number(r[2])), precision(r[3]), engine(r[4]), number(r[5]));
            case "transform" -> transform(Problem.of(r[1], number(r[2])));
            case "memory" -> memory(Problem.of(r[1], number(r[2])), precision(r[3]));
            case "write-numbers" -> {
                Problem.of(r[1], number(r[2])).writeNumbers(Path.of(r[3]));
                yield new double[] {0};
            }
            case "write" -> write(Problem.of(r[1], number(r[2])).columns(spark), r[3], r[4]);
            case "write-taught" -> write(Problem.of(r[1], number(r[2])).taughtColumns(spark), r[3], r[4]);
            case "read" -> read(r[1], r[2], precision(r[3]), Boolean.parseBoolean(r[4]));
            case "spark-read" -> sparkRead(Problem.of(r[1], 0), r[2], r[3]);
            case "drop" -> drop();
            default -> throw new IllegalArgumentException(Arrays.toString(r));
        };
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private static Precision precision(String text) {
        return Precision.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static Engine engine(String text) {
        return Engine.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private Blocks blocks(Problem problem, Precision precision) {
        Data data = new Data(problem.features(), problem.classes(), problem.rows(), precision);
        return cached.computeIfAbsent(data, absent -> problem.cached(spark, precision));
    }

    private MeanLoss objective(Problem problem, Precision precision, Engine engine) {
        LossKernel loss = new LossKernel(problem.network(), precision);
        return new MeanLoss(
                loss,
                engine.runners(loss, blocks(problem, precision), null, problem.start())
                        .training());
    }

    /** Seconds a step of the trainer, over this many steps after the first evaluation. */
    private double[] steps(Problem problem, Precision precision, Engine engine, int steps) {
        MeanLoss objective = objective(problem, precision, engine);
        long[] ends = new long[steps + 1];
        new Trainer(problem.network(), problem.config(steps, precision), 1)
                .train(
                        objective,
                        Trainer.ResumePoint.beginning(problem.start()),
                        step -> ends[step.step()] = System.nanoTime());
        return new double[] {(ends[steps] - ends[0]) / 1e9 / steps};
    }

    /** Seconds of an epoch of batches with Adam, as train takes them: the mean of this many epochs after a first one. */
    private double[] epoch(Problem problem, Precision precision, int batch, int epochs) {
        Pace pace = new Pace(null, epochs + 1, batch, null);
        TrainingConfig config = problem.adam(pace, precision);
        Blocks blocks = blocks(problem, precision);
        LossKernel loss = config.loss(problem.network(), ClassWeights.NONE, problem.rows(), blocks.blockRows());
        int first = pace.stepsPerEpoch(problem.rows());
        long[] started = new long[1];
        long end;
        try (Engine.Runners runners = Engine.AUTO.runners(loss, blocks, null, problem.start())) {
            new Trainer(problem.network(), config, problem.rows())
                    .train(
                            new MeanLoss(loss, runners.training()),
                            Trainer.ResumePoint.beginning(problem.start()),
                            step -> {
                                if (step.step() == first) {
                                    started[0] = System.nanoTime();
                                }
                            });
            end = System.nanoTime();
        }
        return new double[] {(end - started[0]) / 1e9 / epochs};
    }

    /** The loss after 0, 1, ... steps. */
    private double[] losses(Problem problem, Precision precision, Engine engine, int steps) {
        return new Trainer(problem.network(), problem.config(steps, precision), 1)
                        .train(
                                objective(problem, precision, engine),
                                Trainer.ResumePoint.beginning(problem.start()),
                                step -> {})
                        .history()
                        .stream()
                        .mapToDouble(step -> step.loss())
                        .toArray();
    }

    /** Seconds that a model of one step takes to predict cached rows, as an estimator's model does in Spark ML. */
    private double[] transform(Problem problem) {
        Dataset<Row> rows = vectors.computeIfAbsent(problem, absent -> {
            Dataset<Row> made = problem.vectors(spark).cache();
            made.count();
            return made;
        });
        FiresteelClassificationModel model = models.computeIfAbsent(problem, absent -> new FiresteelClassifier()
                .setPreset("notes")
                .setHidden(problem.hidden().stream().mapToInt(n -> n).toArray())
                .setActivation("sigmoid")
                .setIterations(1)
                .fit(rows));
        return new double[] {Problem.transformSeconds(model, rows)};
    }

    /** Bytes in Spark's cache, by Spark's own account, for each example. */
    private double[] memory(Problem problem, Precision precision) {
        CachedPartitions cached = CachedPartitions.of(blocks(problem, precision).rdd());
        if (!cached.areHere()) {
            throw new IllegalStateException("not all blocks are in memory");
        }
        return new double[] {(double) cached.memoryBytes() / problem.rows()};
    }

    /** Writes rows to files; returns their number. */
    private double[] write(Dataset<Row> rows, String path, String format) {
        rows.write().format(format).option("header", "true").mode("overwrite").save(path);
        return new double[] {spark.sparkContext().defaultParallelism()};
    }

    /** Seconds from files to cached blocks. */
    private double[] read(String path, String format, Precision precision, boolean standardize) {
        long start = System.nanoTime();
        Table table = Table.open(spark, path, format, Map.of());
        Columns columns = Columns.forTraining(
                table.measured(), Task.CLASSIFICATION, List.of(), List.of("label"), null, List.of());
        TrainingSet data;
        try (TableRows rows = TableRows.toTrainOn(NumberedRows.read(table, columns, NUMBERS), null)) {
            TrainingConfig config = Problem.of("1-100-100-2", 0).config(1, precision);
            Network network = config.network(columns.task(), rows.layout().inputs(), rows.outputs());
            int partitions = spark.sparkContext().defaultParallelism();
            data = rows.trainingSet(
                    new Preparation(network, precision, config.seed(), false, standardize, false, 0, partitions),
                    new Split.None());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        data.close();
        return new double[] {seconds};
    }

    /** Seconds that Spark's own reader takes for the same files, to parse every cell and keep nothing. */
    private double[] sparkRead(Problem problem, String path, String format) {
        long start = System.nanoTime();
        DataFrameReader reader = spark.read().schema(problem.columns()).option("header", "true");
        reader.format(format)
                .load(path)
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
        return new double[] {(System.nanoTime() - start) / 1e9};
    }

    private double[] drop() {
        cached.values().forEach(blocks -> blocks.rdd().unpersist(true));
        cached.clear();
        vectors.values().forEach(rows -> rows.unpersist(true));
        vectors.clear();
        return new double[] {0};
    }
}
