package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.Version;
import io.firesteel.report.WatchedTraining.Facts;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Runs of an MLflow tracking server: the command's, and below it those of trials and folds. While the server does not answer,
 * events wait here.
 */
final class Mlflow implements Tracker {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The tag by which a resumed training finds its run. */
    private static final String CHECKPOINT = "firesteel.checkpoint";

    /** The tag by which a run is found whose making was not answered. */
    private static final String TOKEN = "firesteel.run";

    // Limits of the server:
    private static final int MOST_METRICS = 1000;
    private static final int MOST_PARAMS = 100;
    private static final int LONGEST_VALUE = 500;

    /** Of more points than these in a training only a part is sent. */
    private static final int MOST_POINTS = 1000;

    private static final int MOST_WAITING = 50_000;
    private static final long FIRST_PAUSE_NANOS = 2_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

    private final MlflowServer server;
    private final TrackingPlaces places;
    private final Consumer<String> warn;
    private final Deque<RunEvent> waiting = new ArrayDeque<>();
    private final Map<RunName, String> ids = new HashMap<>();
    private RunName resumed; // the run that goes on; null for none
    private String experiment; // its number; null before it is known
    private final Map<RunName, String> tokens =
            new HashMap<>(); // by which a run is found that was made without an answer
    private final Map<String, Long> sent = new HashMap<>(); // the last step of each metric that a run that goes on has
    private boolean hasWarned;
    private String trouble = "no answer in time"; // why the last request failed
    private int dropped; // points that found no place
    private long pause = FIRST_PAUSE_NANOS;
    private long again = System.nanoTime(); // when the server is asked next

    /**
     * @param warn receives a line when the server does not answer
     * @throws io.firesteel.base.UserError when the places name no server
     */
    Mlflow(TrackingPlaces places, Map<String, String> environment, Consumer<String> warn) {
        this.places = places;
        this.warn = warn;
        server = new MlflowServer(places.mlflow(), environment);
    }

    @Override
    public String name() {
        return mention("mlflow", server.address());
    }

    @Override
    public void write(List<RunEvent> events, boolean isLast) throws IOException {
        enqueue(events);
        if (waiting.isEmpty() || (!isLast && System.nanoTime() - again < 0)) {
            return;
        }
        try {
            while (!waiting.isEmpty()) {
                send();
            }
            pause = FIRST_PAUSE_NANOS;
        } catch (MlflowServer.Refused e) {
            throw e;
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                trouble = e.getMessage() == null || e.getMessage().isBlank() ? "no answer" : e.getMessage();
            }
            if (!hasWarned
                    && !isLast
                    && !Thread.currentThread()
                            .isInterrupted()) { // at the end it is tried again until the time is over, and told then
                warn.accept(name() + ": " + trouble
                        + "; the training goes on, and what there is to tell is sent when the server answers");
                hasWarned = true;
            }
            again = System.nanoTime() + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private void enqueue(List<RunEvent> events) {
        for (RunEvent event : events) {
            if (!(event instanceof RunEvent.PointAdded added)) {
                waiting.add(event);
            } else if (isSent(added.point())) {
                if (waiting.size() < MOST_WAITING || added.point().isLast()) {
                    waiting.add(event);
                } else {
                    dropped++;
                }
            }
        }
    }

    private static boolean isSent(HistoryPoint point) {
        return point.isLast()
                || HistoryRecorder.isKept(point.step() / point.facts().stepsPerEpoch(), MOST_POINTS)
                || (point.validationLoss() != null && HistoryRecorder.isKept(point.measuredBefore(), MOST_POINTS));
    }

    @Override
    public Unsent unsent(List<RunEvent> others) {
        enqueue(others);
        if (waiting.isEmpty()) {
            return null;
        }
        int points = (int)
                waiting.stream().filter(RunEvent.PointAdded.class::isInstance).count();
        return new Unsent(points, server.address(), trouble);
    }

    @Override
    public int dropped() {
        return dropped;
    }

    /** Sends what waits first, and forgets it when it has arrived. */
    private void send() throws IOException {
        RunEvent next = waiting.element();
        if (next instanceof RunEvent.PointAdded) {
            sendPoints(next.run());
            return;
        }
        if (next instanceof RunEvent.RunStarted started) {
            startRun(started);
        } else if (next instanceof RunEvent.TrainingStarted started) {
            startTraining(started);
        } else if (next instanceof RunEvent.RunEnded ended) {
            endRun(ended);
        }
        waiting.remove();
    }

    private void startRun(RunEvent.RunStarted started) throws IOException {
        if (experiment == null) {
            experiment = experiment();
        }
        RunName run = started.run();
        JsonNode earlier =
                run.parent() == null && places.resumed() != null ? found(CHECKPOINT, places.resumed()) : null;
        if (earlier != null) {
            resume(run, earlier);
            return;
        }
        String token = tokens.get(run);
        JsonNode made = token == null ? null : found(TOKEN, token);
        ids.put(run, (made == null ? create(started) : made).at("/info/run_id").asText());
    }

    /** Goes on in a run that the server has. */
    private void resume(RunName run, JsonNode earlier) throws IOException {
        String id = earlier.at("/info/run_id").asText();
        if (places.checkpoint() != null) { // by which it is found the next time
            ObjectNode body = JSON.createObjectNode().put("run_id", id);
            tag(body.putArray("tags"), CHECKPOINT, places.checkpoint());
            server.post("runs/log-batch", body);
        }
        server.post("runs/update", JSON.createObjectNode().put("run_id", id).put("status", "RUNNING"));
        earlier.at("/data/metrics")
                .forEach(metric -> sent.merge(
                        metric.path("key").asText(), metric.path("step").asLong(), Math::max));
        ids.put(run, id);
        resumed = run;
    }

    private JsonNode create(RunEvent.RunStarted started) throws IOException {
        RunName run = started.run();
        String token = tokens.computeIfAbsent(run, any -> UUID.randomUUID().toString());
        ObjectNode body = JSON.createObjectNode()
                .put("experiment_id", experiment)
                .put("start_time", started.millis())
                .put("run_name", run.parent() == null ? places.name() : run.path());
        ArrayNode tags = body.putArray("tags");
        tag(tags, "mlflow.source.name", "firesteel");
        tag(tags, "mlflow.source.type", "LOCAL");
        tag(tags, "mlflow.user", System.getProperty("user.name", "unknown"));
        tag(tags, "firesteel.version", Version.number());
        tag(tags, TOKEN, token);
        if (run.parent() != null) {
            tag(tags, "mlflow.parentRunId", ids.get(run.parent()));
        } else if (places.checkpoint() != null) {
            tag(tags, CHECKPOINT, places.checkpoint());
        }
        return server.post("runs/create", body).path("run");
    }

    /** Returns the number of the experiment, which is made if it is not there. */
    private String experiment() throws IOException {
        String name = places.experiment();
        try {
            return numbered(name);
        } catch (MlflowServer.Refused e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
        try {
            return server.post("experiments/create", JSON.createObjectNode().put("name", name))
                    .path("experiment_id")
                    .asText();
        } catch (MlflowServer.Refused e) {
            if (!e.isThere()) {
                throw e;
            }
            return numbered(name); // somebody else has just made it
        }
    }

    private String numbered(String name) throws IOException {
        return server.get("experiments/get-by-name", "experiment_name", name)
                .at("/experiment/experiment_id")
                .asText();
    }

    /** Returns the newest run with a tag, with the last value of each of its metrics; null where the server has none. */
    private JsonNode found(String tag, String value) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("max_results", 1);
        body.putArray("experiment_ids").add(experiment);
        body.put("filter", "tags.`" + tag + "` = '" + value + "'");
        body.putArray("order_by").add("attributes.start_time DESC");
        JsonNode run = server.post("runs/search", body).at("/runs/0");
        return run.isMissingNode() ? null : run;
    }

    private void startTraining(RunEvent.TrainingStarted started) throws IOException {
        Facts facts = started.facts();
        if (facts.isRefit() || started.run().equals(resumed)) {
            return; // a parameter has one value for ever
        }
        Map<String, String> params = new LinkedHashMap<>(facts.settings());
        params.put("rows", Long.toString(facts.rows()));
        params.put("validation-rows", Long.toString(facts.heldOutRows()));
        params.put("network", facts.network());
        params.put("place", facts.place());
        logParams(started.run(), params);
    }

    private void logParams(RunName run, Map<String, String> params) throws IOException {
        List<ObjectNode> all = new ArrayList<>();
        params.forEach((key, value) -> {
            if (!value.isEmpty()) {
                all.add(JSON.createObjectNode().put("key", key).put("value", cut(value)));
            }
        });
        for (int start = 0; start < all.size(); start += MOST_PARAMS) {
            log(run, "params", all.subList(start, Math.min(all.size(), start + MOST_PARAMS)));
        }
    }

    /** Returns a text that the server takes: its first characters, with three dots where it is longer. */
    private static String cut(String text) {
        if (text.length() <= LONGEST_VALUE) {
            return text;
        }
        int end = LONGEST_VALUE - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** Sends as many of the run's next points as one request takes. */
    private void sendPoints(RunName run) throws IOException {
        List<ObjectNode> metrics = new ArrayList<>();
        int count = 0;
        for (RunEvent next : waiting) {
            if (!(next instanceof RunEvent.PointAdded added)
                    || !next.run().equals(run)
                    || metrics.size() + 4 > MOST_METRICS) {
                break;
            }
            count++;
            addMetrics(metrics, added.point());
        }
        removeSent(run, metrics);
        if (!metrics.isEmpty()) {
            log(run, "metrics", metrics);
        }
        for (int i = 0; i < count; i++) {
            waiting.remove();
        }
    }

    private void removeSent(RunName run, List<ObjectNode> metrics) {
        if (run.equals(resumed)) { // which has what was sent before it was stopped
            metrics.removeIf(metric -> metric.get("step").asLong()
                    <= sent.getOrDefault(metric.get("key").asText(), -1L));
        }
    }

    private static void addMetrics(List<ObjectNode> metrics, HistoryPoint point) {
        String of = point.facts().isRefit() ? "refit_" : "";
        add(metrics, of + "loss", point.loss(), point.millis(), point.epoch());
        add(metrics, of + "validation_loss", point.validationLoss(), point.millis(), point.epoch());
        add(metrics, of + "learning_rate", point.rate(), point.millis(), point.epoch());
        if (point.validationMetric() != null) {
            String name =
                    of + "validation_" + MetricNames.snakeCase(point.facts().metric());
            add(metrics, name, point.validationMetric(), point.millis(), point.epoch());
        }
    }

    private static void add(List<ObjectNode> metrics, String key, Double value, long millis, long step) {
        if (value != null && Double.isFinite(value)) {
            metrics.add(JSON.createObjectNode()
                    .put("key", key)
                    .put("value", value)
                    .put("timestamp", millis)
                    .put("step", step));
        }
    }

    private void endRun(RunEvent.RunEnded ended) throws IOException {
        Ending ending = ended.ending();
        int at = ended.finalEpochs().last();
        Integer best = ended.finalEpochs().best();
        List<ObjectNode> metrics = new ArrayList<>();
        add(metrics, "result/best_epoch", best == null ? null : best.doubleValue(), ended.millis(), at);
        ending.training()
                .forEach((key, value) ->
                        add(metrics, "result/training_" + MetricNames.snakeCase(key), value, ended.millis(), at));
        ending.validation()
                .forEach((key, value) ->
                        add(metrics, "result/validation_" + MetricNames.snakeCase(key), value, ended.millis(), at));
        if (ending.best() != null) {
            add(metrics, "result/best_trial", (double) ending.best().trial(), ended.millis(), at);
            Map<String, String> params = new LinkedHashMap<>();
            ending.best().settings().forEach((key, value) -> params.put("best/" + key, value));
            logParams(ended.run(), params);
        }
        removeSent(ended.run(), metrics);
        if (!metrics.isEmpty()) {
            log(ended.run(), "metrics", metrics);
        }
        server.post(
                "runs/update",
                JSON.createObjectNode()
                        .put("run_id", ids.get(ended.run()))
                        .put("status", ending.status().toString())
                        .put("end_time", ended.millis()));
    }

    private void log(RunName run, String kind, List<ObjectNode> entries) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("run_id", ids.get(run));
        body.putArray(kind).addAll(entries);
        server.post("runs/log-batch", body);
    }

    private static void tag(ArrayNode tags, String key, String value) {
        tags.addObject().put("key", key).put("value", value);
    }

    @Override
    public void close() {}
}
