package io.firesteel.cli;

import io.firesteel.fit.Measurement;
import io.firesteel.model.Metric;
import io.firesteel.model.TrainedModel;
import io.firesteel.report.Measured;
import io.firesteel.table.Columns;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that measures a model on the labelled rows of a table. */
abstract class MeasuringCommand extends SparkCommand {
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

    @Override
    void checkFiles() throws IOException {
        TrainedModel trained = load(model, hadoop());
        importance.check();
        Optional<Schema> schema = source.schemaBeforeSpark(hadoop());
        schema.ifPresent(known -> columns(known, trained));
    }

    /** Returns the model's path. */
    final String model() {
        return model;
    }

    /** Returns the table's path. */
    final String data() {
        return source.data;
    }

    /** Returns the metric of the importance of columns; null where this was not asked for. */
    final Metric importanceMetric() {
        return importance.importance ? importance.metric() : null;
    }

    /** Measures the model, and prints what the user should know of the way in which the table was read. */
    final Measurement measurement(SparkSession spark, TrainedModel trained, boolean closeup) {
        importance.check();
        Table table = reading(source.open(spark));
        Columns columns = unseen.applyTo(columns(table.schema(), trained));
        int partitions = Math.max(1, spark.sparkContext().defaultParallelism());
        Measurement measurement = Measurement.of(
                trained,
                table,
                columns,
                partitions,
                new Measurement.Wanted(importanceMetric(), importance.repeats(), importance.seed(), closeup));
        printNotes(table);
        return measurement;
    }

    private Columns columns(Schema schema, TrainedModel trained) {
        return Columns.forModel(schema, trained.description(), true, weight, source.exclude());
    }

    /** Returns a measurement as a report has it. */
    final Measured measured(Measurement measurement) {
        return new Measured(
                Measured.Rows.TABLE,
                data(),
                measurement.metrics(),
                measurement.closeup(),
                importanceMetric(),
                measurement.importances());
    }
}
