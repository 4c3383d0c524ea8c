package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Protobuf;
import io.firesteel.report.WatchedTraining.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs as TensorBoard's event files: the command's in the directory, trials, folds and the second training of a refit each in a
 * directory below. The axis counts epochs, or steps where an epoch is one.
 */
final class TensorBoard implements Tracker {
    private static final String REFIT = "refit";
    private static final String HPARAMS = "hparams";
    private static final Pattern OURS = Pattern.compile("(trial-\\d+/)?((fold-\\d+|" + REFIT + ")/)?" + EventFile.NAME);
    private static final int DEEPEST = 3;

    private final LocalPath directory;
    private final boolean goesOn;
    private final Map<String, EventFile> files = new HashMap<>(); // open ones, by their directory
    private final Map<RunName, Map<String, String>> varied = new HashMap<>();
    private boolean isFresh; // whether nothing of the run is there
    private boolean isReady;

    /**
     * @param overwrite whether event files that Firesteel wrote may be replaced
     * @param goesOn whether the training may be one that the directory has the beginning of
     * @throws io.firesteel.base.UserError when the directory cannot be written, or has another run
     */
    TensorBoard(String path, boolean overwrite, boolean goesOn) {
        directory = LocalPath.of("tensorboard", path);
        this.goesOn = goesOn;
        if (Files.exists(directory.path()) && !Files.isDirectory(directory.path())) {
            throw directory.wrong(" is a file: expected a directory");
        }
        directory.expectWritable(directory.path());
        if (!goesOn && !overwrite && !ours().isEmpty()) {
            throw directory.exists(" has another run: expected a directory for each run, such as "
                    + directory.text().replaceAll("/+$", "") + "-2");
        }
    }

    private List<Path> ours() {
        if (!Files.isDirectory(directory.path())) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory.path(), DEEPEST)) {
            return all.filter(file -> OURS.matcher(
                                    directory.path().relativize(file).toString().replace('\\', '/'))
                            .matches())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw directory.wrong(" cannot be read: " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return mention(directory.setting(), directory.text());
    }

    @Override
    public void take(List<News> news, boolean isLast) throws IOException {
        for (News one : news) {
            if (one instanceof News.Began began) {
                varied.put(began.run(), began.varied());
            } else if (one instanceof News.Described described) {
                describe(described);
            } else if (one instanceof News.Went went) {
                go(went);
            } else if (one instanceof News.Ended ended) {
                end(ended);
            }
        }
        for (EventFile file : files.values()) {
            file.flush();
        }
    }

    /** Removes what is replaced, before the first file is written. */
    private void prepare() throws IOException {
        List<Path> there = ours();
        isFresh = there.isEmpty() || !goesOn;
        if (!goesOn) {
            for (Path file : there) {
                Files.delete(file);
            }
        }
        isReady = true;
    }

    private EventFile file(RunName run, boolean isRefit, double seconds) throws IOException {
        if (!isReady) {
            prepare();
        }
        String below = isRefit ? (run.path() + "/" + REFIT).replaceFirst("^/", "") : run.path();
        EventFile file = files.get(below);
        if (file == null) {
            file = new EventFile(directory.path().resolve(below), seconds);
            files.put(below, file);
        }
        return file;
    }

    private void describe(News.Described described) throws IOException {
        Facts facts = described.facts();
        double seconds = facts.start() / 1e3;
        EventFile file = file(described.run(), facts.isRefit(), seconds);
        if (goesOn) {
            file.restart(seconds, Point.epoch(facts, described.cut()));
        }
        if (!facts.isRefit()) { // which has the same settings, and would be a line of its own in their table
            start(file, described.run(), facts, seconds);
        }
    }

    private void start(EventFile file, RunName run, Facts facts, double seconds) throws IOException {
        Map<String, String> ofTrial = varied.get(new RunName(run.trial(), null));
        Map<String, String> settings = ofTrial == null || ofTrial.isEmpty() ? facts.settings() : ofTrial;
        Protobuf start = new Protobuf();
        new TreeMap<>(settings)
                .forEach((key, value) -> start.add(1, new Protobuf().add(1, key).add(2, value(value))));
        if (run.fold() != null) {
            start.add(4, run.parent().path() + "/"); // the group of sessions of which the table has the mean
        }
        start.addDouble(5, seconds);
        file.plugin(seconds, "_hparams_/session_start_info", HPARAMS, new Protobuf().add(3, start));
    }

    /** Returns a value as JSON has it: a number, true or false, or text. */
    private static Protobuf value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new Protobuf().add(4, text.equals("true") ? 1 : 0);
        }
        return text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")
                ? new Protobuf().addDouble(2, Double.parseDouble(text))
                : new Protobuf().add(3, text);
    }

    private void go(News.Went went) throws IOException {
        Point point = went.point();
        Facts facts = point.facts();
        if (point.isOld() && !isFresh) {
            return; // an earlier file has it
        }
        double seconds = point.millis() / 1e3;
        EventFile file = file(went.run(), facts.isRefit(), seconds);
        file.scalar(seconds, point.epoch(), "loss/train", point.loss());
        if (point.rate() != null) {
            file.scalar(seconds, point.epoch(), "learning_rate", point.rate());
        }
        if (point.validationLoss() != null) {
            file.scalar(seconds, point.epoch(), "loss/validation", point.validationLoss());
        }
        if (point.validationMetric() != null) {
            file.scalar(seconds, point.epoch(), Names.snake(facts.metric()) + "/validation", point.validationMetric());
        }
    }

    private void end(News.Ended ended) throws IOException {
        double seconds = ended.millis() / 1e3;
        Ending ending = ended.ending();
        boolean isEmpty = ending.training().isEmpty() && ending.validation().isEmpty();
        if (isEmpty && !files.containsKey(ended.run().path())) {
            return; // a search has runs below it, and nothing of its own
        }
        EventFile file = file(ended.run(), false, seconds);
        int at = ended.reached().last();
        if (ended.reached().best() != null) {
            file.scalar(seconds, at, "result/best_epoch", ended.reached().best());
        }
        for (Map.Entry<String, Double> metric : ending.training().entrySet()) {
            file.scalar(seconds, at, "result/training_" + Names.snake(metric.getKey()), metric.getValue());
        }
        for (Map.Entry<String, Double> metric : ending.validation().entrySet()) {
            file.scalar(seconds, at, "result/validation_" + Names.snake(metric.getKey()), metric.getValue());
        }
        // One that was killed may be resumed, and TensorBoard keeps the first status that it reads.
        if (ending.status() != Ending.Status.KILLED) {
            Protobuf end = new Protobuf()
                    .add(1, ending.status() == Ending.Status.FINISHED ? 1 : 2) // success, failure
                    .addDouble(2, seconds);
            file.plugin(seconds, "_hparams_/session_end_info", HPARAMS, new Protobuf().add(4, end));
        }
        String path = ended.run().path();
        for (String below : List.of(path, (path + "/" + REFIT).replaceFirst("^/", ""))) {
            EventFile done = files.remove(below);
            if (done != null) {
                done.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (EventFile file : files.values()) {
            file.close();
        }
    }
}
