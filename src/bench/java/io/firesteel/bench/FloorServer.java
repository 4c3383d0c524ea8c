package io.firesteel.bench;

import io.firesteel.compute.Block;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.StepTimes;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Precision;
import io.firesteel.train.MeanLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A process that takes a step on Spark and runs an empty job over the same cached partitions, in turns.
 *
 * <p>Its arguments are the layers, the precision and the rows. The answer to a number of turns is, each the median:
 * milliseconds of a step, those beyond its products, those of them inside the tasks, those of an empty job; then the
 * bytes that a step allocates in all threads of driver and tasks.
 */
final class FloorServer {
    private final Blocks blocks;
    private final double[] theta;
    private final double[] gradient;
    private final MeanLoss objective;

    private FloorServer(SparkSession spark, Problem problem, Precision precision) {
        blocks = problem.cached(spark, precision);
        theta = problem.start();
        gradient = new double[theta.length];
        objective = new MeanLoss(new LossKernel(problem.network(), precision), blocks.runner());
    }

    public static void main(String[] a) throws Exception {
        try (SparkSession spark = Sessions.firesteel("local[2]")) {
            Problem problem = Problem.of(a[0], Integer.parseInt(a[2]));
            Precision precision = Precision.valueOf(a[1].toUpperCase(Locale.ROOT));
            FloorServer server = new FloorServer(spark, problem, precision);
            Child.serve(request -> server.turns(Integer.parseInt(request[0])));
        }
    }

    private double[] turns(int turns) {
        List<Double> step = new ArrayList<>();
        List<Double> beyond = new ArrayList<>();
        List<Double> inTask = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            StepTimes before = objective.times();
            long allocated = Allocations.ofAllThreads();
            objective.at(theta, gradient);
            bytes.add((double) (Allocations.ofAllThreads() - allocated));
            StepTimes after = objective.times();
            double total = (after.total() - before.total()) / 1e6;
            step.add(total);
            beyond.add(total - (after.products() - before.products()) / 1e6);
            inTask.add((after.restOfTask() - before.restOfTask()) / 1e6);

            long start = System.nanoTime();
            emptyJob();
            empty.add((System.nanoTime() - start) / 1e6);
        }
        return new double[] {median(step), median(beyond), median(inTask), median(empty), median(bytes)};
    }

    private static double median(List<Double> values) {
        return new Samples(values).median();
    }

    /** The cheapest job that Spark can run over the blocks: a named function that does nothing, no result to speak of. */
    private void emptyJob() {
        blocks.rdd().context().runJob(blocks.rdd().rdd(), new Nothing(), new Unused(), ClassTag.Unit());
    }

    private static final class Nothing extends AbstractFunction2<TaskContext, Iterator<Block>, BoxedUnit>
            implements Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public BoxedUnit apply(TaskContext context, Iterator<Block> run) {
            return BoxedUnit.UNIT;
        }
    }

    private static final class Unused extends AbstractFunction2<Object, BoxedUnit, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object partition, BoxedUnit result) {
            return BoxedUnit.UNIT;
        }
    }
}
