package io.firesteel.bench;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.Engine;
import io.firesteel.engine.StepCost;
import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.linalg.Precision;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A driver that takes steps without products on a cluster, for {@code src/bench/python/growth.py}: theta goes to the executors, and as
 * many zeros come back. Its arguments are the master and the number of executors, of one core each. Requests: {@code open ENGINE} makes runners, {@code steps NUMBERS COUNT} takes steps.
 */
final class ExchangeServer {
    /** One for each task of up to four. */
    private static final int BLOCKS = 4;

    private static final Precision PRECISION = Precision.SINGLE;

    private final int executors;
    private final int partitions; // Spark makes two where there is one core
    private final Blocks blocks;
    private final Map<Integer, Zeros> kernels =
            new HashMap<>(); // by length: resident tasks know a kernel that they have met
    private Engine engine;
    private Engine.Runners runners; // null while there are none

    private ExchangeServer(SparkSession spark, int executors) {
        this.executors = executors;
        partitions = spark.sparkContext().defaultParallelism();
        Problem problem = Problem.of("1-1-1", 1);
        blocks = Problem.of("1-1-1", BLOCKS * problem.blockRows()).cached(spark, PRECISION);
    }

    /** A kernel that computes nothing, of this many numbers. */
    private record Zeros(int length) implements Kernel.Plain<Block> {
        @Override
        public Precision precision() {
            return PRECISION;
        }

        @Override
        public void add(Block block, double[] sums) {}
    }

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = Sessions.firesteel(arguments[0])) {
            Child.serve(new ExchangeServer(spark, Integer.parseInt(arguments[1]))::answer);
        }
    }

    private double[] answer(String[] r) {
        return switch (r[0]) {
            case "open" -> open(Engine.valueOf(r[1].toUpperCase(Locale.ROOT)));
            case "steps" -> steps(Integer.parseInt(r[1]), Integer.parseInt(r[2]));
            default -> throw new IllegalArgumentException(Arrays.toString(r));
        };
    }

    private double[] open(Engine next) {
        if (runners != null) {
            runners.close();
        }
        engine = next;
        runners = next.runners(null, blocks, null, new double[0]);
        return new double[] {partitions};
    }

    /** Returns the median seconds of a step, and what it consists of: the number of its way, tasks, pieces of a broadcast, bytes. */
    private double[] steps(int numbers, int count) {
        Zeros kernel = kernels.computeIfAbsent(numbers, Zeros::new);
        double[] theta = new double[numbers];
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++) {
            seconds[i] = runners.training().sum(kernel, new Point(theta, i)).nanos() / 1e9;
        }
        Arrays.sort(seconds);
        Load load = new Load(BLOCKS, BLOCKS, 0, numbers, numbers, PRECISION);
        Cluster cluster = new Cluster(executors, partitions / executors, 1, 0);
        StepCost cost = engine == Engine.JOB ? StepCost.job(cluster, load) : StepCost.resident(cluster, load);
        int way = List.of(StepCost.Way.values()).indexOf(cost.way());
        return new double[] {seconds[count / 2], way, cost.tasks(), cost.pieces(), cost.bytes()};
    }
}
