package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.fit.Measurement;
import io.firesteel.model.TrainedModel;
import io.firesteel.report.Measured;
import io.firesteel.report.Report;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code report}: writes a report of a model, and of its measures where a table is given. */
@Command(
        name = "report",
        description = "Writes a report of a model: one HTML file with charts and tables.",
        modelTransformer = ReportCommand.WithoutData.class,
        customSynopsis = "firesteel report --model DIR [--data PATH] [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " report --model out/price",
            "  " + OptionHelp.PROGRAM + " report --model out/price --data test.csv --output out/test.html"
        })
final class ReportCommand extends MeasuringCommand {
    private static final String DATA = "--data";

    /** The options that have a meaning without a table. */
    private static final Set<String> WITHOUT_DATA =
            Set.of("--model", "--output", "--overwrite", "--image", "--config", "--quiet");

    @Option(
            names = "--output",
            paramLabel = "FILE.html",
            description = "HTML file. Default: the model's path and .html.")
    private String file;

    @Mixin
    private OverwriteOption existing;

    @Mixin
    private ImageOption image;

    /** Makes the table an option that can be left out. */
    static final class WithoutData implements CommandLine.IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            OptionSpec data = command.findOption(DATA);
            command.remove(data);
            return command.addOption(OptionSpec.builder(data)
                    .required(false)
                    .description("Labelled rows to measure the model on: see evaluate.")
                    .build());
        }
    }

    @Override
    void prepare() {
        image.size();
        if (file == null) {
            file = model().replaceFirst("/+$", "") + ".html";
        }
    }

    @Override
    void checkFiles() throws IOException {
        super.checkFiles();
        FileOutput.expectWritable("--output", file, existing.overwrite, hadoop());
    }

    @Override
    boolean runWithoutSession() throws IOException {
        if (data() != null) {
            return false;
        }
        for (OptionSpec option : spec().commandLine().getParseResult().matchedOptions()) {
            if (!WITHOUT_DATA.contains(option.longestName())) {
                throw new UserError(option.longestName() + ": expected --data with it");
            }
        }
        write(load(model(), hadoop()), null, hadoop());
        return true;
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        write(load(model(), hadoop), spark, hadoop);
    }

    /**
     * @param spark null where nothing is measured
     */
    private void write(TrainedModel trained, SparkSession spark, Configuration hadoop) throws IOException {
        image.expectFits(
                trained.description().inputs().features(),
                trained.description().inputs().encoding());
        try (FileOutput output = FileOutput.open("--output", file, existing.overwrite, hadoop)) {
            Measured measured = null;
            if (spark != null) {
                Measurement measurement = measurement(spark, trained, true);
                measured = measured(measurement);
            }
            output.write(new Report(model(), trained, measured, null, image.size())::writeTo);
        }
        tell("report  " + file);
    }
}
