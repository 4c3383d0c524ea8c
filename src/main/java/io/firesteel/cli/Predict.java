package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.data.FiniteScores;
import io.firesteel.data.Scorer;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Schema;
import io.firesteel.table.SparkFailure;
import io.firesteel.table.Table;
import io.firesteel.table.TableWriter;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: adds a model's predictions to a table. */
@Command(
        name = "predict",
        description = "Writes a table's columns with a model's predictions.",
        customSynopsis = "firesteel predict --model DIR --data PATH --output PATH [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " predict --model out/price --data new.csv --output predictions.csv",
            "  " + OptionHelp.PROGRAM + " predict --model out/price --data new.parquet --output predictions.parquet"
        })
final class Predict extends SparkCommand {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model.")
    private String model;

    @Mixin
    private DataOptions source;

    @Mixin
    private UnseenOption unseen;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "File (such as out.csv) or directory of the predictions.")
    private String output;

    @Option(
            names = "--output-format",
            paramLabel = "NAME",
            description = "Format: csv, parquet, orc or json. Default: by the output's name.")
    private String outputFormat;

    @Mixin
    private OverwriteOption existing;

    @Override
    void checkFiles() throws IOException {
        TrainedModel trained = load(model, hadoop());
        Optional<Schema> schema = source.schemaBeforeSpark(hadoop());
        schema.ifPresent(known -> columns(known, trained));
        TableWriter.expectWritable(output, outputFormat, existing.overwrite, hadoop());
    }

    @Override
    void run(SparkSession spark) throws IOException {
        TrainedModel trained = load(model, spark.sparkContext().hadoopConfiguration());
        Table table = reading(source.open(spark));
        Columns columns = unseen.applyTo(columns(table.schema(), trained));
        table.schema()
                .problems()
                .forEach((column, problem) -> warn(
                        "the predictions lack column " + column + ", which " + SettingNames.OPTIONS.render(problem)));
        LongAccumulator badRows = spark.sparkContext().longAccumulator();
        try {
            TableWriter.Rows predictions =
                    Scorer.predictions(table, columns, trained, TableWriter.isFile(output), badRows);
            TableWriter.write(spark, predictions, output, outputFormat, existing.overwrite, () -> {
                if (badRows.value() > 0) {
                    try (NumberedRows rows =
                            NumberedRows.read(table, columns)) { // throws the error that names the first,
                        FiniteScores.expect(rows, trained); // or this does
                    }
                    throw new IllegalStateException("the data changed while it was read: " + source.data);
                }
            });
        } catch (Exception e) {
            throw SparkFailure.asUserError(source.data, e);
        }
        printNotes(table);
        tell("predictions  " + output);
    }

    private Columns columns(Schema schema, TrainedModel trained) {
        return Columns.forModel(schema, trained.description(), false, null, source.exclude());
    }
}
