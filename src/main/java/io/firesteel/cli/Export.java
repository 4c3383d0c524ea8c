package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.base.Version;
import io.firesteel.export.OnnxExport;
import io.firesteel.model.TrainedModel;
import io.firesteel.store.AtomicOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: converts a model for other programs. */
@Command(name = "export", description = "Exports a model as an ONNX file that takes a table's columns.")
final class Export extends ModelCommand {
    @Option(names = "--onnx", required = true, paramLabel = "FILE.onnx", description = "ONNX file.")
    private String onnx;

    @Mixin
    private OverwriteOption existing;

    @Override
    void run(TrainedModel model, Configuration hadoop, PrintWriter out) {
        OnnxExport export = export(model);
        write(export, hadoop);
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

    private void write(OnnxExport export, Configuration hadoop) {
        try {
            Path target = new Path(onnx);
            FileSystem fileSystem = target.getFileSystem(hadoop);
            if (existing.overwrite
                    && fileSystem.exists(target)
                    && fileSystem.getFileStatus(target).isDirectory()) {
                throw new UserError("--onnx " + onnx + " is a directory: --overwrite replaces files only");
            }
            try (AtomicOutput output = AtomicOutput.open(onnx, existing.overwrite, hadoop)) {
                try (OutputStream file = new BufferedOutputStream(output.create("model"), 1 << 16)) {
                    export.writeTo(file);
                }
                output.commit(new Path(output.temporary(), "model"));
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserError("--onnx " + onnx + " exists: --overwrite replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--onnx " + onnx + " cannot be written: " + e.getMessage(), e);
        }
    }
}
