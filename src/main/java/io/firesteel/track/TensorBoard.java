package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Protobuf;
import io.firesteel.report.WatchedTraining.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Runs as TensorBoard's event files: the command's in the directory, trials, folds and the second training of a refit each in a
 * directory below. The axis counts epochs, or steps where an epoch is one.
 */
final class TensorBoard implements Tracker {
    private static final String REFIT = "refit";
    private static final String HPARAMS = "hparams";
    private static final Pattern RUNS = Pattern.compile("trial-\\d+|fold-\\d+|" + REFIT);

    private final LocalPath directory;
    private final boolean isResumed;
    private final boolean hasCheckpoints;
    private final Map<String, Long> restarts =
            new HashMap<>(); // the step from which a directory's curves are written again
    private final Map<String, EventFile> files = new HashMap<>(); // open ones, by their directory
    private final Map<RunName, Map<String, String>> varied = new HashMap<>();
    private boolean isReady;

    /**
     * @param overwrite whether event files that Firesteel wrote may be replaced
     * @param isResumed whether the training may be one that the directory has the beginning of
     * @param hasCheckpoints whether the training has checkpoints, from which it may go on after it failed
     * @throws io.firesteel.base.UserError when the directory cannot be written, or has another run
     */
    TensorBoard(String path, boolean overwrite, boolean isResumed, boolean hasCheckpoints) {
        directory = LocalPath.directory("tensorboard", path);
        this.isResumed = isResumed;
        this.hasCheckpoints = hasCheckpoints;
        if (!isResumed && !overwrite && !eventFiles().isEmpty()) {
            throw directory.exists(" has another run: expected a directory for each run, such as "
                    + directory.text().replaceAll("/+$", "") + "-2");
        }
    }

    private List<Path> eventFiles() {
        if (!Files.isDirectory(directory.path())) {
            return List.of();
        }
        try {
            List<Path> found = new ArrayList<>();
            addEventFiles(directory.path(), found);
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw directory.wrong(" cannot be read: " + e.getMessage());
        }
    }

    /** Looks into the directories of runs alone: the path may be one with much else in it, such as a home directory. */
    private static void addEventFiles(Path below, List<Path> found) throws IOException {
        found.addAll(EventFile.earlier(below));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                below, entry -> RUNS.matcher(entry.getFileName().toString()).matches() && Files.isDirectory(entry))) {
            for (Path entry : entries) {
                addEventFiles(entry, found);
            }
        }
    }

    @Override
    public String name() {
        return mention(directory.setting(), directory.text());
    }

    @Override
    public void write(List<RunEvent> events, boolean isLast) throws IOException {
        for (RunEvent event : events) {
            if (event instanceof RunEvent.RunStarted started) {
                varied.put(started.run(), started.varied());
            } else if (event instanceof RunEvent.TrainingStarted started) {
                startTraining(started);
            } else if (event instanceof RunEvent.PointAdded added) {
                writePoint(added);
            } else if (event instanceof RunEvent.RunEnded ended) {
                endRun(ended);
            }
        }
        for (EventFile file : files.values()) {
            file.flush();
        }
    }

    /** Removes what is replaced, before the first file is written. */
    private void prepare() throws IOException {
        if (!isResumed) {
            for (Path file : eventFiles()) {
                Files.delete(file);
            }
        }
        isReady = true;
    }

    private static String below(RunName run, boolean isRefit) {
        return isRefit ? (run.path() + "/" + REFIT).replaceFirst("^/", "") : run.path();
    }

    private EventFile file(RunName run, boolean isRefit, double seconds) throws IOException {
        if (!isReady) {
            prepare();
        }
        String below = below(run, isRefit);
        EventFile file = files.get(below);
        if (file == null) {
            file = new EventFile(directory.path().resolve(below), seconds);
            files.put(below, file);
        }
        return file;
    }

    private void startTraining(RunEvent.TrainingStarted started) throws IOException {
        Facts facts = started.facts();
        double seconds = facts.start() / 1e3;
        String below = below(started.run(), facts.isRefit());
        long last = isResumed ? EventFile.lastStep(directory.path().resolve(below)) : 0;
        EventFile file = file(started.run(), facts.isRefit(), seconds);
        if (isResumed) {
            // A process that was killed may not have written all that its checkpoint has.
            long restart = last == 0 ? 0 : Math.min(HistoryPoint.epoch(facts, started.rewrittenFrom()), last + 1);
            restarts.put(below, restart);
            file.restart(seconds, restart);
        }
        if (!facts.isRefit()) { // which has the same settings, and would be a line of its own in their table
            writeSettings(file, started.run(), facts, seconds);
        }
    }

    private void writeSettings(EventFile file, RunName run, Facts facts, double seconds) throws IOException {
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

    private void writePoint(RunEvent.PointAdded added) throws IOException {
        HistoryPoint point = added.point();
        Facts facts = point.facts();
        if (point.isBeforeCheckpoint()
                && point.epoch() < restarts.getOrDefault(below(added.run(), facts.isRefit()), 0L)) {
            return; // an earlier file has it
        }
        double seconds = point.millis() / 1e3;
        EventFile file = file(added.run(), facts.isRefit(), seconds);
        file.scalar(seconds, point.epoch(), "loss/train", point.loss());
        if (point.rate() != null) {
            file.scalar(seconds, point.epoch(), "learning_rate", point.rate());
        }
        if (point.validationLoss() != null) {
            file.scalar(seconds, point.epoch(), "loss/validation", point.validationLoss());
        }
        if (point.validationMetric() != null) {
            file.scalar(
                    seconds,
                    point.epoch(),
                    MetricNames.snakeCase(facts.metric()) + "/validation",
                    point.validationMetric());
        }
    }

    private void endRun(RunEvent.RunEnded ended) throws IOException {
        double seconds = ended.millis() / 1e3;
        Ending ending = ended.ending();
        boolean isEmpty = ending.training().isEmpty()
                && ending.validation().isEmpty()
                && ended.finalEpochs().best() == null;
        if (isEmpty && !files.containsKey(ended.run().path())) {
            return; // a search has runs below it, and nothing of its own
        }
        EventFile file = file(ended.run(), false, seconds);
        int at = ended.finalEpochs().last();
        if (ended.finalEpochs().best() != null) {
            file.scalar(seconds, at, "result/best_epoch", ended.finalEpochs().best());
        }
        for (Map.Entry<String, Double> metric : ending.training().entrySet()) {
            file.scalar(seconds, at, "result/training_" + MetricNames.snakeCase(metric.getKey()), metric.getValue());
        }
        for (Map.Entry<String, Double> metric : ending.validation().entrySet()) {
            file.scalar(seconds, at, "result/validation_" + MetricNames.snakeCase(metric.getKey()), metric.getValue());
        }
        if (ending.best() != null) {
            file.scalar(seconds, at, "result/best_trial", ending.best().trial());
        }
        // One that may be resumed has no status yet: TensorBoard keeps the first one that it reads.
        boolean isOver = ending.status() == Ending.Status.FINISHED
                || (ending.status() == Ending.Status.FAILED && !hasCheckpoints);
        if (isOver) {
            Protobuf end = new Protobuf()
                    .add(1, ending.status() == Ending.Status.FINISHED ? 1 : 2) // success, failure
                    .addDouble(2, seconds);
            file.plugin(seconds, "_hparams_/session_end_info", HPARAMS, new Protobuf().add(4, end));
        }
        for (boolean isRefit : new boolean[] {false, true}) {
            EventFile done = files.remove(below(ended.run(), isRefit));
            if (done != null) {
                done.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (EventFile file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
