package io.firesteel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time to a loss: whole runs, from a Parquet table to a saved model, to the training loss that MLlib's perceptron
 * reaches in 100 iterations of L-BFGS. The network is 784-256-10, sigmoid, in both; the labels have to be learnt.
 */
final class TimeToLossSection implements Section {
    private static final String NAME = "loss";
    private static final int ITERATIONS = 100;
    private static final int EPOCHS = 12;
    private static final Pattern MLLIB_LOSS = Pattern.compile("(?m)^loss (\\S+)$");
    private static final Pattern FIRESTEEL_LOSS =
            Pattern.compile("\"training\" *: *\\{.*?\"logLoss\" *: *([-0-9.eE]+)");

    @Override
    public void run(Effort effort, Report report) throws IOException {
        Path directory = Path.of("target", "bench", "loss").toAbsolutePath();
        Files.createDirectories(directory);
        Command.expectBuilt();
        Path data = directory.resolve("data.parquet");
        int rows = effort.of(60_000, 1_000);
        try (Child child = Child.start(FiresteelServer.class, "4g", "local[2]")) {
            child.ask("write-taught", "784-256-10", rows, data, "parquet");
        }
        List<String> mllib = WholeSection.mllib(data, directory, "l-bfgs", ITERATIONS);
        Map<String, List<Samples>> runs = new Rounds()
                .add("Firesteel", () -> run(directory, firesteel(data, directory), FIRESTEEL_LOSS))
                .add("MLlib", () -> run(directory, mllib, MLLIB_LOSS))
                .run(0, effort.repeats());
        String subject = "784-256-10, m = " + rows + ", " + EPOCHS + " epochs of Adam / " + ITERATIONS + " L-BFGS";
        runs.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(0), "s, the whole run"));
        runs.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(1), "training loss"));
        Samples time = runs.get("Firesteel").get(0).over(runs.get("MLlib").get(0));
        Samples loss = runs.get("Firesteel").get(1).over(runs.get("MLlib").get(1));
        report.atMost(NAME, "loss / MLlib's", loss.greatest(), 1);
        report.atMost(NAME, "time of the whole run / MLlib's", time.median(), 0.1);
    }

    /** The seconds of a run, and the loss that it printed. */
    private static double[] run(Path directory, List<String> command, Pattern pattern) {
        double seconds = Command.run(directory, command)[0];
        try {
            String printed = Files.readString(directory.resolve("last-run.log"));
            Matcher matcher = pattern.matcher(printed);
            if (!matcher.find()) {
                throw new IllegalStateException(command + " printed no loss:\n" + printed);
            }
            return new double[] {seconds, Double.parseDouble(matcher.group(1))};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> firesteel(Path data, Path directory) {
        return WholeSection.firesteel(
                data,
                directory.resolve("model"),
                "--optimizer=adam",
                "--learning-rate=0.005",
                "--batch-size=500",
                "--epochs=" + EPOCHS,
                "--precision=single",
                "--json");
    }
}
