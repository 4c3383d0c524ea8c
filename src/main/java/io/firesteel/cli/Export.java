package io.firesteel.cli;

import io.firesteel.data.UserError;
import io.firesteel.export.OnnxExport;
import io.firesteel.fit.Version;
import io.firesteel.model.TrainedModel;
import io.firesteel.spark.AtomicOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: a model for other programs. It needs no Spark session. */
@Command(
        name = "export",
        description = "Writes a model as an ONNX file, which takes a table's columns as they are.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Export implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model.")
    private String model;

    @Option(names = "--onnx", required = true, paramLabel = "FILE.onnx", description = "Where the file goes.")
    private String onnx;

    @Mixin
    private OverwriteOption existing;

    @Override
    public Integer call() throws IOException {
        // With the spark.hadoop.* settings, such as an object store's, that a session would have.
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
        OnnxExport export = export(SparkCommand.load(model, hadoop));
        write(export, hadoop);
        PrintWriter out = spec.commandLine().getOut();
        export.inputs().forEach(input -> out.println("input   " + input));
        export.outputs().forEach(output -> out.println("output  " + output));
        out.println("onnx    " + onnx);
        out.flush();
        return 0;
    }

    private OnnxExport export(TrainedModel trained) {
        try {
            return OnnxExport.of(trained, Version.number());
        } catch (IllegalArgumentException e) {
            throw new UserError("--model " + model + ": " + e.getMessage(), e);
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
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--onnx " + onnx + " cannot be written: " + e.getMessage(), e);
        }
    }
}
