package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.fit.Measurement;
import io.firesteel.model.Metrics;
import io.firesteel.model.MetricsJson;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.report.Report;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code evaluate}: measures a model on labelled rows. */
@Command(
        name = "evaluate",
        description = "Evaluates a model on labelled rows.",
        customSynopsis = "firesteel evaluate --model DIR --data PATH [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " evaluate --model out/price --data test.csv",
            "  " + OptionHelp.PROGRAM + " evaluate --model out/price --data test.csv --importance",
            "  " + OptionHelp.PROGRAM + " evaluate --model out/price --data test.csv --json"
        })
final class EvaluateCommand extends MeasuringCommand {
    @Mixin
    private JsonOption output;

    @Mixin
    private ReportOptions report;

    @Mixin
    private OverwriteOption existing;

    @Override
    void prepare() {
        report.check();
    }

    @Override
    void checkFiles() throws IOException {
        super.checkFiles();
        report.expectWritable(existing.overwrite, hadoop());
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        TrainedModel trained = load(model(), hadoop);
        report.image()
                .expectFits(
                        trained.description().inputs().features(),
                        trained.description().inputs().encoding());
        try (FileOutput file = report.open(existing.overwrite, hadoop)) {
            Measurement measurement = measurement(spark, trained, file != null);
            if (file != null) {
                file.write(new Report(
                        model(),
                        trained,
                        measured(measurement),
                        null,
                        report.image().size())::writeTo);
            }
            if (data().equals(trained.description().provenance().settings().get("data"))) {
                inform("note: the model was trained on " + data()
                        + ": metrics of rows that it has not seen are usually worse");
            }
            print(trained.description(), measurement);
        }
    }

    private void print(ModelDescription description, Measurement measurement) throws IOException {
        Metrics metrics = measurement.metrics();
        boolean ranked = importanceMetric() != null;
        if (output.json) {
            ObjectNode object = MetricsJson.of(metrics, description);
            if (ranked) {
                object.put("importanceMetric", importanceMetric().key());
                object.putPOJO("importance", measurement.importances());
            }
            print(Json.text(object));
        } else {
            print(MetricsText.line(metrics));
            Quality.threshold(description).ifPresent(this::print);
            MetricsText.details(metrics, description.targets().classes()).forEach(this::print);
            if (ranked) {
                MetricsText.importances(measurement.importances(), importanceMetric())
                        .forEach(this::print);
            }
        }
    }
}
