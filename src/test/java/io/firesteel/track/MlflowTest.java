package io.firesteel.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.report.WatchedTraining.Facts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a tracking server, by a server that notes it and answers as MLflow does. */
class MlflowTest {
    private static final long LAST_MILLIS = 2000;

    private final JsonMapper json = new JsonMapper();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private final AtomicInteger fails = new AtomicInteger(); // so many times, with 503
    private final AtomicInteger silent = new AtomicInteger(); // so many runs are made, and not told
    private volatile int refuses; // a status; 0 for none
    private volatile long millis; // before it answers
    private volatile String earlier; // a run that was stopped, with the points of three steps; null for none

    private record Call(String path, JsonNode body, String authorization) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/tracking/api/2.0/mlflow/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("/tracking/api/2.0/mlflow/", "");
        String text = exchange.getRequestMethod().equals("GET")
                ? "{\""
                        + URLDecoder.decode(exchange.getRequestURI().getQuery(), StandardCharsets.UTF_8)
                                .replace("=", "\":\"")
                        + "\"}"
                : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Call call =
                new Call(path, json.readTree(text), exchange.getRequestHeaders().getFirst("Authorization"));
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            return; // the test is over
        }
        if (fails.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            send(exchange, 503, "<html>not now");
        } else if (refuses > 0) {
            send(exchange, refuses, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"not\\nyou\"}");
        } else {
            calls.add(call);
            boolean isAbsent = path.equals("experiments/get-by-name");
            boolean isSilent = path.equals("runs/create") && silent.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            send(
                    exchange,
                    isSilent ? 504 : isAbsent ? 404 : 200,
                    isAbsent ? "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}" : said(call));
        }
    }

    private String said(Call call) {
        return switch (call.path) {
            case "experiments/create" -> "{\"experiment_id\":\"7\"}";
            case "runs/create" ->
                "{\"run\":{\"info\":{\"run_id\":\"run" + of("runs/create").size() + "\"}}}";
            case "runs/search" -> found(call.body.get("filter").asText());
            default -> "{}";
        };
    }

    /** Answers a search for a tag: tags.`NAME` = 'VALUE'. */
    private String found(String filter) {
        String[] parts = filter.split("[`']");
        String run = parts[1].equals("firesteel.checkpoint") ? earlier : null;
        List<JsonNode> created = of("runs/create");
        for (int i = 0; i < created.size(); i++) {
            if (parts[3].equals(pairs(created.get(i).get("tags")).get(parts[1]))) {
                run = "run" + (i + 1);
            }
        }
        return run == null
                ? "{}"
                : "{\"runs\":[{\"info\":{\"run_id\":\"" + run
                        + "\"},\"data\":{\"metrics\":[{\"key\":\"loss\",\"value\":0.5,\"step\":2}]}}]}";
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String address(String user) {
        return "http://" + user + "127.0.0.1:" + server.getAddress().getPort();
    }

    private Tracking open(String user, String resumed) {
        TrackingPlaces places = new TrackingPlaces(
                null, null, address(user) + "/tracking/", "tries", "flower", "/checkpoints", resumed);
        return Tracking.open(places, false, line -> warnings.add(SettingNames.OPTIONS.render(line)), LAST_MILLIS);
    }

    private List<JsonNode> of(String path) {
        return calls.stream()
                .filter(call -> call.path.equals(path))
                .map(Call::body)
                .toList();
    }

    private static List<Step> steps(int to) {
        return IntStream.range(0, to).mapToObj(k -> new Step(k, 1.0 / (k + 1))).toList();
    }

    private static void tell(Tracking tracking, RunName run, Facts facts, List<Step> steps) {
        HistoryRecorder recorder = (HistoryRecorder) tracking.startTraining(run, facts, List.of());
        steps.forEach(recorder::onStep);
        recorder.onEnd(null);
    }

    /** All metrics of a run that arrived: the value of each step, by name. No point arrives twice. */
    private Map<String, Map<Integer, Double>> metrics(String run) {
        Map<String, Map<Integer, Double>> metrics = new TreeMap<>();
        for (JsonNode batch : of("runs/log-batch")) {
            assertTrue(batch.path("metrics").size() <= 1000, "more than MLflow takes");
            for (JsonNode metric : batch.path("metrics")) {
                if (batch.get("run_id").asText().equals(run)) {
                    Double before = metrics.computeIfAbsent(metric.get("key").asText(), key -> new TreeMap<>())
                            .put(metric.get("step").asInt(), metric.get("value").asDouble());
                    assertEquals(null, before, metric.toString());
                }
            }
        }
        return metrics;
    }

    private static Map<String, String> pairs(JsonNode list) {
        Map<String, String> pairs = new HashMap<>();
        list.forEach(
                pair -> pairs.put(pair.get("key").asText(), pair.get("value").asText()));
        return pairs;
    }

    @Test
    void run_hasParamsMetricsAndAnEnd() {
        try (Tracking tracking = open("ann:s3cret@", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(1500));
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, true), steps(3));
            tracking.endRun(
                    RunName.COMMAND,
                    new Ending(Ending.Status.FINISHED, Map.of(), Map.of("rocAuc", 0.9, "r2", Double.NaN)));
        }
        assertEquals(
                "tries",
                of("experiments/get-by-name").get(0).get("experiment_name").asText());
        assertEquals("7", of("runs/create").get(0).get("experiment_id").asText());
        assertEquals("flower", of("runs/create").get(0).get("run_name").asText());
        assertEquals("/checkpoints", pairs(of("runs/create").get(0).get("tags")).get("firesteel.checkpoint"));
        Map<String, String> params = pairs(of("runs/log-batch").get(0).get("params"));
        assertEquals("0.5", params.get("learning-rate"));
        assertEquals("100", params.get("rows"));
        Map<String, Map<Integer, Double>> metrics = metrics("run1");
        assertEquals(1500, metrics.get("loss").size());
        assertEquals(1.0 / 1235, metrics.get("loss").get(1234));
        assertEquals(3, metrics.get("refit_loss").size());
        assertEquals(Map.of(1499, 0.9), metrics.get("result/validation_roc_auc"));
        assertFalse(metrics.containsKey("result/validation_r2"));
        assertEquals("FINISHED", of("runs/update").get(0).get("status").asText());
        // ann:s3cret by RFC 7617
        calls.forEach(call -> assertEquals("Basic YW5uOnMzY3JldA==", call.authorization));
        assertEquals(List.of(), warnings);
    }

    /** MLflow 2 took names of letters, digits, _ - . / and blanks only, and values of 500 characters. */
    @Test
    void params_areWhatTheServerTakes() {
        Facts facts = TrackingTest.facts(0, 1, false);
        Map<String, String> settings = new HashMap<>();
        IntStream.range(0, 150).forEach(i -> settings.put("setting-" + i, "x".repeat(496) + "\uD83D\uDE00yzzz"));
        settings.put("data", "s3a://KEY:SEC/RET@bucket/table");
        Facts many = new Facts(
                facts.start(),
                facts.task(),
                facts.labels(),
                1,
                facts.network(),
                facts.place(),
                1,
                0,
                0,
                1,
                1,
                null,
                false,
                settings);
        try (Tracking tracking = open("", null)) {
            tell(tracking, RunName.COMMAND, many, steps(1));
        }
        Map<String, String> params = new HashMap<>();
        for (JsonNode batch : of("runs/log-batch")) {
            assertTrue(batch.path("params").size() <= 100, "more than MLflow takes");
            params.putAll(pairs(batch.path("params")));
        }
        assertEquals(155, params.size());
        assertEquals("x".repeat(496) + "...", params.get("setting-149"));
        assertEquals("s3a://***@bucket/table", params.get("data"));
        assertTrue(params.keySet().stream().allMatch(key -> key.matches("[\\w\\-./ ]+")), params.toString());
    }

    @Test
    void trialsAndFolds_areRunsBelow() {
        RunName fold = new RunName(3, 1);
        try (Tracking tracking = open("", null)) {
            tracking.startRun(new RunName(3, null), Map.of());
            tell(tracking, fold, TrackingTest.facts(0, 1, false), steps(2));
            tracking.endRun(fold, new Ending(Ending.Status.FINISHED));
            tracking.endRun(new RunName(3, null), new Ending(Ending.Status.FAILED));
            Ending.Best best = new Ending.Best(3, Map.of("hidden", "4"));
            Map<String, Double> score = Map.of("rocAuc", 0.75);
            tracking.endRun(RunName.COMMAND, new Ending(Ending.Status.FINISHED, Map.of(), score, best));
        }
        assertEquals(Map.of(0, 3.0), metrics("run1").get("result/best_trial"));
        assertEquals(Map.of(0, 0.75), metrics("run1").get("result/validation_roc_auc"));
        assertTrue(of("runs/log-batch").stream()
                .anyMatch(batch -> pairs(batch.path("params")).equals(Map.of("best/hidden", "4"))));
        List<JsonNode> created = of("runs/create");
        List<String> names =
                created.stream().map(run -> run.get("run_name").asText()).toList();
        assertEquals(List.of("flower", "trial-03", "trial-03/fold-1"), names);
        assertEquals("run1", pairs(created.get(1).get("tags")).get("mlflow.parentRunId"));
        assertEquals("run2", pairs(created.get(2).get("tags")).get("mlflow.parentRunId"));
        List<String> ends = of("runs/update").stream()
                .map(end -> end.get("run_id").asText() + " " + end.get("status").asText())
                .toList();
        assertEquals(List.of("run3 FINISHED", "run2 FAILED", "run1 FINISHED"), ends);
    }

    @Test
    void resumed_goesOnInTheRunOfItsCheckpoints() {
        earlier = "old";
        try (Tracking tracking = open("", "/checkpoints")) {
            HistoryRecorder recorder = (HistoryRecorder)
                    tracking.startTraining(RunName.COMMAND, TrackingTest.facts(2, 1, false), steps(2));
            steps(5).subList(2, 5).forEach(recorder::onStep);
            recorder.onEnd(null);
            tracking.endRun(RunName.COMMAND, new Ending(Ending.Status.KILLED));
        }
        String filter = of("runs/search").get(0).get("filter").asText();
        assertEquals("tags.`firesteel.checkpoint` = '/checkpoints'", filter);
        assertEquals(List.of(), of("runs/create"));
        assertEquals(List.of(3, 4), List.copyOf(metrics("old").get("loss").keySet()), "the server has the first three");
        assertEquals(
                "/checkpoints", pairs(of("runs/log-batch").get(0).get("tags")).get("firesteel.checkpoint"));
        assertEquals("RUNNING", of("runs/update").get(0).get("status").asText());
        assertEquals("KILLED", of("runs/update").get(1).get("status").asText());
    }

    /** A server that fails once has all in the end, and the training has one warning. */
    @Test
    void serverThatComesBack_hasAll() {
        fails.set(1);
        try (Tracking tracking = open("", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(5));
            long end = System.nanoTime() + 10_000_000_000L;
            while (fails.get() > 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
        assertEquals(5, metrics("run1").get("loss").size());
        String line =
                "--mlflow " + address("") + "/tracking: answers 503, an error; the training goes on, and what there"
                        + " is to tell is sent when the server answers";
        assertEquals(List.of(line), warnings);
    }

    /** The end alone finds the server busy: it is tried again, and there is nothing to say. */
    @Test
    void lastAttempt_isRepeated() {
        fails.set(1);
        try (Tracking tracking = open("", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(5));
        }
        assertEquals(5, metrics("run1").get("loss").size());
        assertEquals(List.of(), warnings);
    }

    @Test
    void runMadeWithoutAnAnswer_isFound() {
        silent.set(1);
        try (Tracking tracking = open("", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(5));
        }
        assertEquals(1, of("runs/create").size());
        assertEquals("FAILED", of("runs/update").get(0).get("status").asText(), "it has not ended otherwise");
        assertEquals(5, metrics("run1").get("loss").size());
    }

    /** 20,000 points of which each 333rd is measured. */
    @Test
    void manyPoints_areThinned_measuredOnesApart() {
        try (Tracking tracking = open("", null)) {
            List<Step> steps = IntStream.range(0, 20_000)
                    .mapToObj(k -> k % 333 == 1 ? new Step(k, 1, 1.0, 1.0) : new Step(k, 1))
                    .toList();
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps);
        }
        Map<String, Map<Integer, Double>> metrics = metrics("run1");
        assertEquals(61, metrics.get("validation_loss").size());
        assertTrue(
                metrics.get("loss").size() < 6000,
                "points: " + metrics.get("loss").size());
        assertTrue(metrics.get("loss").containsKey(19_999));
    }

    /** Answers that never end, and those of another server. */
    @Test
    void answers_haveLimits() throws IOException {
        MlflowServer client = new MlflowServer(address(""), Map.of(), Duration.ofSeconds(1));
        server.createContext("/api/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().add("Location", "https://ann:s3cret@elsewhere/");
            exchange.sendResponseHeaders(path.endsWith("moved") ? 308 : 200, path.endsWith("moved") ? -1 : 0);
            byte[] blanks = " ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; path.endsWith("long") && i < 20; i++) {
                exchange.getResponseBody().write(blanks);
            }
            if (!path.endsWith("slow")) {
                exchange.close();
            }
        });
        String slow = assertThrows(IOException.class, () -> client.post("slow", json.createObjectNode()))
                .getMessage();
        assertEquals("no answer in 1 s", slow);
        String large = assertThrows(IOException.class, () -> client.post("long", json.createObjectNode()))
                .getMessage();
        assertEquals("answers 200, no JSON: is it a tracking server?", large);
        String moved = assertThrows(IOException.class, () -> client.post("moved", json.createObjectNode()))
                .getMessage();
        assertEquals("answers 308, moved to https://***@elsewhere/", moved);
    }

    @Test
    void serverThatRefuses_isLeftAlone() {
        refuses = 403;
        try (Tracking tracking = open("ann:s3cret@", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(5));
        }
        String line = "--mlflow " + address("") + "/tracking: answers 403, not you; the training goes on without it";
        assertEquals(List.of(line), warnings);
    }

    /** Nobody listens, or answers take longer than all else: telling takes next to no time, and the end waits for seconds only. */
    @ParameterizedTest
    @CsvSource({"-1, 0", "60000, 0", "60000, 1200"})
    void serverThatIsDownOrHangs_doesNotHoldUpTheTraining(long answering, long more) throws InterruptedException {
        millis = Math.max(0, answering);
        if (answering < 0) {
            server.stop(0);
        }
        long start = System.nanoTime();
        try (Tracking tracking = open("", null)) {
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, false), steps(20_000));
            assertTrue(System.nanoTime() - start < 1_000_000_000L, "telling took " + (System.nanoTime() - start));
            Thread.sleep(more); // so that the first request is on its way when the end comes
            tell(tracking, RunName.COMMAND, TrackingTest.facts(0, 1, true), steps(10));
            start += more * 1_000_000;
        }
        assertTrue(
                System.nanoTime() - start < 2 * LAST_MILLIS * 1_000_000, "the end took " + (System.nanoTime() - start));
        assertEquals(1, warnings.size(), warnings.toString());
        String place = address("") + "/tracking";
        assertTrue(
                warnings.get(0)
                        .matches("--mlflow " + place + ": [0-9]{4} points were not sent to " + place + ": no answer.*"),
                warnings.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "databricks",
                "file:/tmp/runs",
                "http://",
                "127.0.0.1:5000",
                "http://ann:s3cret@a b/",
                "http://ann:s3/c @ret@h/",
                "ftp://h/"
            })
    void addresses_thatAreNone(String uri) {
        TrackingPlaces places = new TrackingPlaces(null, null, uri, null, "x", null, null);
        String line = assertThrows(UserError.class, () -> Tracking.check(places, false))
                .render(SettingNames.OPTIONS);
        assertTrue(line.startsWith("--mlflow " + uri.replaceFirst("ann:.*@", "***@") + ": expected the address"), line);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void environment_hasCredentials(boolean hasUser) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("MLFLOW_TRACKING_TOKEN", "tok"));
        if (hasUser) {
            environment.putAll(Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "s3cret"));
        }
        new MlflowServer(address("") + "/tracking", environment).post("runs/update", json.createObjectNode());
        assertEquals(hasUser ? "Basic YW5uOnMzY3JldA==" : "Bearer tok", calls.get(0).authorization);
    }
}
