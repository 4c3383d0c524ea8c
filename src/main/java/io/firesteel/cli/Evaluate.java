package io.firesteel.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.UserError;
import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.Importance;
import io.firesteel.compute.Runner;
import io.firesteel.data.FiniteScores;
import io.firesteel.data.TableRows;
import io.firesteel.engine.Blocks;
import io.firesteel.fit.MetricRules;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: measures a model on labelled rows. */
@Command(name = "evaluate", description = "Evaluates a model on labelled rows.")
final class Evaluate extends SparkCommand {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model.")
    private String model;

    @Mixin
    private DataOptions source;

    @Mixin
    private UnseenOption unseen;

    @Option(names = "--weight", paramLabel = "COL", description = "Column of row weights, 0 or more.")
    private String weight;

    @Mixin
    private ImportanceOptions importance;

    @Mixin
    private JsonOption output;

    @Override
    void checkFiles() throws IOException {
        load(model, hadoop());
    }

    @Override
    void run(SparkSession spark) throws IOException {
        importance.check();
        TrainedModel trained = load(model, spark.sparkContext().hadoopConfiguration());
        ModelDescription description = trained.description();
        Metric metric = MetricRules.expectFits(importance.metric(), description.task());
        Table table = source.open(spark);
        Columns columns = unseen.applyTo(Columns.forModel(table.schema(), description, true, weight, source.exclude()));
        int partitions = Math.max(1, spark.sparkContext().defaultParallelism());
        NumberedRows read = NumberedRows.read(table, columns);
        try (TableRows rows = TableRows.of(read, description);
                Blocks blocks = rows.blocks(partitions);
                Runner<Block> runner = blocks.runner()) {
            Metrics metrics = new EvaluationKernel(description, Precision.DOUBLE).metrics(trained.theta(), runner);
            if (!Double.isFinite(metrics.loss())) {
                FiniteScores.expect(read, trained); // names the row
                throw new UserError(source.data + ": the model's outputs are not finite on some rows: expected "
                        + "features of about the size of those that it was trained on");
            }
            List<Importance> importances = null;
            if (importance.importance) {
                MetricRules.expectDefined(metric, metrics);
                importances = Importance.of(
                        trained, Precision.DOUBLE, runner, metric, importance.repeats(), importance.seed());
            }
            printNotes(table);
            print(description, metrics, metric, importances);
        }
    }

    /**
     * @param importances null where they were not asked for
     */
    private void print(ModelDescription description, Metrics metrics, Metric metric, List<Importance> importances)
            throws IOException {
        if (output.json) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode object = mapper.createObjectNode();
            object.put("task", description.task().toString());
            object.put("rows", metrics.rows());
            metrics.numbers().forEach(object::put);
            object.setAll(mapper.<ObjectNode>valueToTree(metrics.tables()));
            object.putPOJO("classes", description.targets().classes());
            if (importances != null) {
                object.put("importanceMetric", metric.toString());
                object.putPOJO("importance", importances);
            }
            print(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(object));
        } else {
            print(MetricsText.line(metrics));
            MetricsText.details(metrics, description.targets().classes()).forEach(this::print);
            if (importances != null) {
                MetricsText.importances(importances, metric).forEach(this::print);
            }
        }
    }
}
