package io.firesteel.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs each command once on a little data, in one process, so that the JVM can write the classes that they load into an archive
 * ({@code submit-scripts/embedded.sh}), from which later processes start faster.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Runs the commands and ends the process.
     *
     * @param args a directory for their files
     */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        String csv = directory.resolve("data.csv").toString();
        String parquet = directory.resolve("data.parquet").toString();
        String model = directory.resolve("model").toString();
        String predictions = directory.resolve("predictions.csv").toString();
        String onnx = directory.resolve("model.onnx").toString();
        run("--help");
        run("train", "--help");
        Sessions.open("firesteel"); // each command would make one of its own
        for (String data : List.of(parquet, csv)) {
            run("generate", "flower", "--output", data);
            run("train", "--data", data, "--label", "color", "--iterations", "20", "--model", model, "--overwrite");
            run("evaluate", "--model", model, "--data", data);
            run("predict", "--model", model, "--data", data, "--output", predictions, "--overwrite");
        }
        run("inspect", "--model", model);
        run("export", "--model", model, "--onnx", onnx);
        System.exit(0); // the archive is written at the end of the process
    }

    private static void run(String... args) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        int code = Firesteel.run(nowhere, nowhere, args);
        if (code != 0) {
            throw new IllegalStateException(args[0] + " failed with " + code);
        }
    }
}
