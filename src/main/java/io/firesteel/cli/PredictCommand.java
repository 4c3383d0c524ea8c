package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.data.FiniteScores;
import io.firesteel.data.Scorer;
import io.firesteel.model.Contributions;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Schema;
import io.firesteel.table.SparkFailure;
import io.firesteel.table.Table;
import io.firesteel.table.TableWriter;
import java.io.IOException;
import java.util.Locale;
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
            "  " + OptionHelp.PROGRAM + " predict --model out/price --data new.parquet --output predictions.parquet",
            "  " + OptionHelp.PROGRAM + " predict --model out/price --data new.csv --contributions --output why.csv"
        })
final class PredictCommand extends SparkCommand {
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

    @Option(
            names = "--contributions",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description =
                    "Also write contribution_COLUMN for each column of the model, and contribution_base: how much the column's value "
                            + "adds to the score of a mean row, the base. They add up to the row's score: a regression's prediction; "
                            + "the log-odds of the second of two classes, or of the predicted one of more. It takes many "
                            + "times as long.")
    private boolean contributions;

    @Mixin
    private OverwriteOption existing;

    @Override
    void checkFiles() throws IOException {
        TrainedModel trained = load(model, hadoop());
        expectOneScore(trained.description());
        Optional<Schema> schema = source.schemaBeforeSpark(hadoop());
        schema.ifPresent(known -> columns(known, trained));
        TableWriter.expectWritable(output, outputFormat, existing.overwrite, hadoop());
    }

    private void expectOneScore(ModelDescription description) {
        if (contributions && description.inputs().columns().stream().anyMatch("base"::equalsIgnoreCase)) {
            throw new UserError("--contributions: expected no column of the name base, which " + model
                    + " has, since contribution_base is the score of a mean row");
        }
        if (contributions && !Contributions.isDefined(description)) {
            throw new UserError("--contributions: expected a model of one label, whose score they add up to, and "
                    + model + " has " + description.targets().labels().size());
        }
    }

    @Override
    void run(SparkSession spark) throws IOException {
        TrainedModel trained = load(model, spark.sparkContext().hadoopConfiguration());
        expectOneScore(trained.description());
        Table table = reading(source.open(spark));
        Columns columns = unseen.applyTo(columns(table.schema(), trained));
        table.schema()
                .problems()
                .forEach((column, problem) -> warn(
                        "the predictions lack column " + column + ", which " + SettingNames.OPTIONS.render(problem)));
        LongAccumulator badRows = spark.sparkContext().longAccumulator();
        LongAccumulator inexactRows = contributions ? spark.sparkContext().longAccumulator() : null;
        try {
            TableWriter.Rows predictions =
                    Scorer.predictions(table, columns, trained, TableWriter.isFile(output), badRows, inexactRows);
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
        if (contributions && inexactRows.value() > 0) {
            warn(String.format(
                    Locale.ROOT,
                    "the contributions of %,d rows add up to the score less exactly than %.0e",
                    inexactRows.value(),
                    Contributions.TOLERANCE));
        }
        printNotes(table);
        tell("predictions  " + output);
    }

    private Columns columns(Schema schema, TrainedModel trained) {
        return Columns.forModel(schema, trained.description(), false, null, source.exclude());
    }
}
