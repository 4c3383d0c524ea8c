package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.base.Version;
import io.firesteel.export.OnnxExport;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: converts a model for other programs. */
@Command(
        name = "export",
        description = "Exports a model as an ONNX file that takes a table's columns.",
        customSynopsis = "firesteel export --model DIR --onnx FILE.onnx [OPTIONS]",
        footerHeading = OptionHelp.EXAMPLES,
        footer = {
            "  " + OptionHelp.PROGRAM + " export --model out/price --onnx price.onnx",
            "  " + OptionHelp.PROGRAM + " export --model out/price --onnx price.onnx --overwrite"
        })
final class ExportCommand extends ModelCommand {
    @Option(names = "--onnx", required = true, paramLabel = "FILE.onnx", description = "ONNX file.")
    private String onnx;

    @Mixin
    private OverwriteOption existing;

    @Override
    void run(TrainedModel model, PrintWriter out) throws IOException {
        OnnxExport export = export(model);
        write(export, SparkCommand.hadoop());
        if (isQuiet()) {
            return;
        }
        export.inputs().forEach(input -> out.println("input   " + input));
        export.outputs().forEach(output -> out.println("output  " + output));
        out.println("onnx    " + onnx);
    }

    private OnnxExport export(TrainedModel trained) {
        try {
            return OnnxExport.of(trained, Version.number());
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IllegalArgumentException e) {
            throw new UserError("--model " + path() + ": " + e.getMessage(), e);
        }
    }

    private void write(OnnxExport export, Configuration hadoop) throws IOException {
        try (FileOutput output = FileOutput.open("--onnx", onnx, existing.overwrite, hadoop)) {
            output.write(export::writeTo);
        }
    }
}
