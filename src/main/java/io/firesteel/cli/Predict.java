package io.firesteel.cli;

import io.firesteel.data.Columns;
import io.firesteel.data.ExampleReader;
import io.firesteel.data.Scorer;
import io.firesteel.data.Table;
import io.firesteel.data.TableWriter;
import io.firesteel.data.UserError;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: the input's columns and the model's predictions. */
@Command(name = "predict", description = "Writes the input's columns with a model's predictions.")
final class Predict extends SparkCommand {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model.")
    private String model;

    @Mixin
    private DataOptions source;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "Where the rows go: one file if the name ends like one (out.csv), else a directory.")
    private String output;

    @Option(
            names = "--output-format",
            paramLabel = "NAME",
            description = "csv, parquet, orc or json; by default what the output's name tells.")
    private String outputFormat;

    @Option(names = "--overwrite", description = "Replaces an output that is there already.")
    private boolean overwrite;

    @Override
    void run(SparkSession spark) throws IOException {
        TrainedModel trained = load(model, spark);
        Table table = source.open(spark);
        Columns columns = Columns.forModel(table, trained.description(), false, null, source.exclude);
        try {
            TableWriter.write(Scorer.predictions(table, columns, trained), output, outputFormat, overwrite);
        } catch (RuntimeException e) {
            if (!(e instanceof UserError) && ExceptionUtils.indexOfType(e, UserError.class) >= 0) {
                // A task met a bad row, and knows neither its number nor whether it is the first: this does.
                ExampleReader.read(table, columns).close();
            }
            throw e;
        }
        print("predictions  " + output);
    }
}
