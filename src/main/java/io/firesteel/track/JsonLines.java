package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.UserError;
import io.firesteel.report.WatchedTraining.Facts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The history of a command's trainings as a file: each point is a JSON object in a line of its own. */
final class JsonLines implements Tracker {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** More bytes than a line has. */
    private static final int LONGEST = 10_000;

    private final LocalPath file;
    private final boolean isResumed;
    private BufferedWriter out; // null before the first training
    private int written = -1; // the last step of an earlier run's lines that stay

    /**
     * @param overwrite whether a file may be replaced
     * @param isResumed whether the training may be one that the file has the beginning of
     * @throws UserError when the file cannot be written, or is not to be replaced
     */
    JsonLines(String path, boolean overwrite, boolean isResumed) {
        file = LocalPath.file("history", path);
        this.isResumed = isResumed;
        if (Files.exists(file.path()) && !overwrite && !isResumed) {
            throw file.exists(" exists");
        }
        if (Files.exists(file.path()) && !overwrite && !beginsAsHistory()) {
            throw file.exists(
                    " has no history, which the training could go on with: expected lines of JSON with step and"
                            + " loss");
        }
    }

    /** Returns whether the file is empty, or its first line is one of a history. */
    private boolean beginsAsHistory() {
        try (InputStream in = Files.newInputStream(file.path())) {
            String start = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
            JsonNode first = parsed(start.lines().findFirst().orElse(""));
            return start.isEmpty()
                    || (first.path("step").isInt() && first.path("loss").isNumber());
        } catch (IOException e) {
            throw file.wrong(" cannot be read: " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return mention(file.setting(), file.text());
    }

    @Override
    public void write(List<RunEvent> events, boolean isLast) throws IOException {
        for (RunEvent event : events) {
            if (event instanceof RunEvent.TrainingStarted started && out == null) {
                open(started);
            } else if (event instanceof RunEvent.PointAdded added
                    && !(added.point().isBeforeCheckpoint() && added.point().step() <= written)) {
                out.write(line(added));
                out.write('\n');
            }
        }
        if (out != null) {
            out.flush();
        }
    }

    /** Begins the file; of an earlier run it keeps what the training does not write again. */
    private void open(RunEvent.TrainingStarted started) throws IOException {
        Path path = file.path();
        Files.createDirectories(path.getParent());
        List<String> kept = isResumed && Files.exists(path) ? kept(started) : List.of();
        Path whole = path.resolveSibling("." + path.getFileName() + ".new");
        Files.write(whole, kept);
        Files.move(whole, path, StandardCopyOption.REPLACE_EXISTING);
        out = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
    }

    private List<String> kept(RunEvent.TrainingStarted started) throws IOException {
        boolean isRefit = started.facts().isRefit();
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file.path())) {
            JsonNode entry = parsed(line);
            boolean isOfRefit = entry.path("refit").asBoolean();
            int step = entry.path("step").asInt(Integer.MAX_VALUE);
            if (isOfRefit == isRefit && step < started.rewrittenFrom()) {
                kept.add(line);
                written = Math.max(written, step);
            } else if (isRefit && !isOfRefit && entry.has("step")) {
                kept.add(line);
            }
        }
        return kept;
    }

    private static JsonNode parsed(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            return entry.isObject() ? entry : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // the last line of a process that was killed
        }
    }

    private static String line(RunEvent.PointAdded added) throws IOException {
        HistoryPoint point = added.point();
        Facts facts = point.facts();
        ObjectNode line = JSON.createObjectNode();
        if (added.run().trial() != null) {
            line.put("trial", added.run().trial());
        }
        if (added.run().fold() != null) {
            line.put("fold", added.run().fold());
        }
        if (facts.isRefit()) {
            line.put("refit", true);
        }
        line.put("step", point.step());
        line.put("epoch", (double) point.step() / facts.stepsPerEpoch());
        line.put("loss", point.loss());
        put(line, "validationLoss", point.validationLoss());
        put(line, "validationMetric", point.validationMetric());
        put(line, "learningRate", point.rate());
        line.put("seconds", point.seconds());
        return JSON.writeValueAsString(line);
    }

    private static void put(ObjectNode line, String key, Double value) {
        if (value != null) {
            line.put(key, value);
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
