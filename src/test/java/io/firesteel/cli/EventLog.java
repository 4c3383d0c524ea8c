package io.firesteel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Spark's event log of one application, read while it is written. */
final class EventLog implements AutoCloseable {
    private static final ObjectMapper json = new ObjectMapper();

    /** The options of spark-submit that make a log that can be read so. */
    static List<String> options(Path directory) {
        return List.of(
                "--conf",
                "spark.eventLog.dir=" + directory.toUri(),
                "--conf",
                "spark.eventLog.compress=false",
                "--conf",
                "spark.eventLog.rolling.enabled=false");
    }

    private final InputStream file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<JsonNode> events = new ArrayList<>();

    private EventLog(InputStream file) {
        this.file = file;
    }

    /** The log in a directory that has no other. It may be renamed when the application ends. */
    static EventLog in(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            // a standalone cluster says app-, YARN application_
            List<Path> logs = files.filter(
                            file -> file.getFileName().toString().matches("app(-|lication_)[^.]*(\\.inprogress)?"))
                    .toList();
            if (logs.size() != 1) {
                throw new AssertionError("expected one event log: " + logs);
            }
            return new EventLog(Files.newInputStream(logs.get(0)));
        }
    }

    /** All events so far. */
    List<JsonNode> events() throws IOException {
        byte[] more = file.readAllBytes(); // up to where it ends now
        for (byte b : more) {
            if (b == '\n') {
                events.add(json.readTree(line.toByteArray()));
                line.reset();
            } else {
                line.write(b);
            }
        }
        return Collections.unmodifiableList(events);
    }

    /** Whether it is an event of that kind, {@code TaskEnd} or the like. */
    static boolean is(JsonNode event, String kind) {
        return event.path("Event").asText().equals("SparkListener" + kind);
    }

    /** The executor of an event. */
    static String executor(JsonNode event) {
        JsonNode at = event.has("Task Info") ? event.path("Task Info") : event;
        return at.path("Executor ID").asText();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
