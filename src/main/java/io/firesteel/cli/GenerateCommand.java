package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.table.Generator;
import io.firesteel.table.TableWriter;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code generate}: generates a data set of any size. */
@Command(
        name = "generate",
        description = "Generates a data set from a random seed.",
        customSynopsis = "firesteel generate KIND --output PATH [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " generate flower --output flower.csv",
            "  " + OptionHelp.PROGRAM + " generate spirals --rows 1000000 --output spirals.parquet"
        })
final class GenerateCommand extends SparkCommand {
    private static final long ROWS_PER_PART = 1_000_000;

    @Parameters(
            paramLabel = "KIND",
            description = "flower (the course's two classes of petals), blobs, spirals or regression.")
    private Generator.Kind kind;

    @Option(names = "--output", required = true, paramLabel = "PATH", description = "A file, or a directory of files.")
    private String output;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "400", description = "Number of rows.")
    private long rows;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "2",
            description = "Number of features of blobs and regression.")
    private int features;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "3", description = "Number of classes of blobs.")
    private int classes;

    @Option(names = "--noise", paramLabel = "X", defaultValue = "1", description = "Factor of the noise.")
    private double noise;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Random seed.")
    private long seed;

    @Option(
            names = {"--format", "--output-format"},
            paramLabel = "NAME",
            description = "Format: csv, parquet, orc or json. Default: by the output's name.")
    private String format;

    @Mixin
    private OverwriteOption existing;

    @Override
    void prepare() {
        expect(rows > 0, "--rows " + rows, "1 or more");
        expect(features > 0, "--features " + features, "1 or more");
        expect(classes > 1, "--classes " + classes, "2 or more");
        expect(noise >= 0 && Double.isFinite(noise), "--noise " + noise, "a number of 0 or more");
    }

    @Override
    void checkFiles() {
        TableWriter.expectWritable(output, format, existing.overwrite, hadoop());
    }

    @Override
    void run(SparkSession spark) {
        int parts = (int) Math.min(10_000, Math.max(1, rows / ROWS_PER_PART));
        Generator generator = new Generator(kind, rows, features, classes, noise, seed);
        TableWriter.Rows generated = TableWriter.Rows.of(generator.generate(spark, parts));
        TableWriter.write(spark, generated, output, format, existing.overwrite, () -> {});
        tell("rows  " + rows + " in " + output);
    }

    private static void expect(boolean holds, String option, String expected) {
        if (!holds) {
            throw new UserError(option + ": expected " + expected);
        }
    }
}
