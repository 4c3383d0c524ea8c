package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationSums;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.nn.Network;
import io.firesteel.train.Validation;
import java.util.Iterator;
import org.apache.spark.api.java.JavaSparkContext;

/** The metrics over the blocks of a cluster, in one job. */
public final class SparkEvaluation implements Validation {
    private final EvaluationSums.Shape shape;
    private final Blocks blocks;
    private final JavaSparkContext spark;

    /** An evaluation of a network over blocks of a precision. */
    public SparkEvaluation(Evaluation evaluation, Network network, Precision precision, Blocks blocks) {
        this.shape = new EvaluationSums.Shape(evaluation, network, precision, blocks.blockRows(), blocks.count());
        this.blocks = blocks;
        this.spark = JavaSparkContext.fromSparkContext(blocks.rdd().context());
    }

    /**
     * All metrics of a model.
     *
     * @param theta the parameters
     * @param precision of the blocks
     */
    public static Metrics of(ModelDescription description, double[] theta, Precision precision, Blocks blocks) {
        return new SparkEvaluation(new Evaluation(description), description.network(), precision, blocks).at(theta);
    }

    @Override
    public Metrics at(double[] theta) {
        SummationTree tree = shape.tree();
        try (Route route = Route.of(theta, shape.precision(), spark)) {
            BlockJob.run(blocks.rdd(), new Evaluate(shape, route), parcel -> parcel.offerTo(tree));
        }
        return shape.evaluation().metrics(tree.root());
    }

    /** What a task does. */
    private record Evaluate(EvaluationSums.Shape shape, Route route) implements BlockJob.Work<Block, Route.Parcel> {
        @Override
        public Route.Parcel on(Iterator<Block> run) {
            return route.send(new EvaluationSums(shape).at(route.theta(), run));
        }
    }
}
