package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** The tab "Training" in the UI of a program that runs, and in a history server after it has ended. */
class TrainingTabTest {
    static final String LABEL = "<b onclick='alert(1)'>class</b>";

    private static final Pattern STARTED = Pattern.compile("application (\\S+) at (http://\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private Running program;

    @AfterEach
    void endProgram() throws InterruptedException {
        if (program != null) {
            program.kill();
        }
    }

    private void start(Path folder, Path data) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Scripts.PROJECT.resolve("conf").resolve("jvm.args"),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1", // it does not run for long
                "-cp",
                System.getProperty("java.class.path")));
        for (String setting : List.of(
                "master=local[2]",
                "ui.enabled=true",
                "ui.port=0",
                "ui.showConsoleProgress=false",
                "driver.host=127.0.0.1",
                "driver.bindAddress=127.0.0.1",
                "local.dir=" + folder.resolve("scratch"),
                "eventLog.enabled=true",
                "eventLog.dir=" + folder.resolve("events").toUri())) {
            words.add(4, "-Dspark." + setting);
        }
        words.addAll(List.of(
                TabProgram.class.getName(),
                data.toString(),
                folder.resolve("model").toString()));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        program = new Running(builder.start());
    }

    private void tell() throws IOException {
        program.process().getOutputStream().write('\n');
        program.process().getOutputStream().flush();
    }

    /** Returns the body, or an empty text for a page that is not there yet. */
    private String get(String uri) throws Exception {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() == 200 ? response.body() : "";
    }

    private JsonNode json(String uri) throws Exception {
        String text = get(uri);
        return new JsonMapper().readTree(text.isEmpty() ? "{}" : text);
    }

    private interface Question<T> {
        T ask() throws Exception;
    }

    /** Asks until the answer is as expected, for a minute at most. */
    private <T> T await(Question<T> question, Predicate<T> expected) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            T answer = question.ask();
            if (expected.test(answer)) {
                return answer;
            }
            assertTrue(System.nanoTime() < end, () -> answer + "\n" + program.soFar());
            Thread.sleep(50);
        }
    }

    /** The number of points of the first curve. */
    private static int points(String page) {
        Matcher line = Pattern.compile("<path class=\"line s0\" d=\"(M[^\"]*L[^\"]*)\"")
                .matcher(page);
        return line.find() ? line.group(1).split("L", -1).length : 0;
    }

    private static void expectWholeAndHarmless(String page) {
        assertTrue(page.contains("id=\"firesteel-training\""), page);
        assertFalse(page.contains("<b onclick"), page);
        assertTrue(page.contains("&lt;b onclick=&#39;alert(1)&#39;&gt;class"), page);
    }

    @Test
    void tab_isThereWhileProgramsTrain_andInTheHistoryServerAfterwards(@TempDir Path folder) throws Exception {
        List<String> lines = new ArrayList<>(List.of("a,b,\"" + LABEL + "\""));
        for (int i = 0; i < 200; i++) {
            lines.add(i % 17 + "," + i % 5 + "," + (i % 17 > 8 ? 1 : 0));
        }
        Path data = Cli.write(folder.resolve("table.csv"), lines);
        Files.createDirectories(folder.resolve("events"));
        start(folder, data);
        program.await(" at http://");
        Matcher started = STARTED.matcher(program.soFar());
        assertTrue(started.find(), program::soFar);
        String tab = started.group(2) + "/training/";

        // While the estimator trains, the numbers and the curve grow.
        JsonNode first =
                await(() -> json(tab + "json/"), brief -> brief.path("step").asInt() > 0);
        assertTrue(first.get("running").asBoolean() && first.get("live").asBoolean(), first::toString);
        String early = await(() -> get(tab), page -> points(page) > 1);
        expectWholeAndHarmless(early);
        await(
                () -> json(tab + "json/"),
                brief -> brief.get("step").asInt() > first.get("step").asInt());
        await(() -> get(tab), page -> points(page) > points(early));
        assertTrue(get(started.group(2) + "/jobs/").contains("/training/"), "other pages link to the tab");

        // After it was stopped and the command line has trained, both are listed.
        tell();
        program.await("trained 0");
        JsonNode last =
                await(() -> json(tab + "json/"), brief -> !brief.get("running").asBoolean());
        assertEquals(2, last.get("training").asInt());
        assertEquals(20, last.get("step").asInt());
        String second = get(tab);
        String stopped = get(tab + "?training=1");
        assertTrue(stopped.contains("Training 1, stopped"), stopped);
        double loss = new JsonMapper()
                .readTree(folder.resolve("model").resolve("model.json").toFile())
                .at("/provenance/history/20/loss")
                .asDouble();
        assertEquals(loss, last.get("loss").asDouble());
        tell();
        program.expectSuccess();
        history(folder, started.group(1), second, stopped);
    }

    /** The history server has the same pages, but for what it calls them, and none that changes. */
    private void history(Path folder, String application, String second, String stopped) throws Exception {
        Path events = folder.resolve("events");
        SparkConf conf = new SparkConf(false)
                .set("spark.history.store.path", folder.resolve("history").toString()) // on disk, as JSON
                .set("spark.history.fs.logDirectory", events.toUri().toString())
                .set("spark.history.fs.update.interval", "1s");
        SecurityManager security = new SecurityManager(
                conf, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
        FsHistoryProvider provider = new FsHistoryProvider(conf);
        HistoryServer server = new HistoryServer(conf, provider, security, 0);
        server.bind();
        try {
            provider.start();
            String tab = "http://127.0.0.1:" + server.boundPort() + "/history/" + application + "/training/";
            await(
                    () -> get("http://127.0.0.1:" + server.boundPort() + "/api/v1/applications"),
                    text -> text.contains(application));
            await(
                    () -> get("http://127.0.0.1:" + server.boundPort() + "/history/" + application + "/jobs/"),
                    page -> !page.isEmpty());
            assertEquals(content(second), content(get(tab)));
            assertEquals(content(stopped), content(get(tab + "?training=1")));
            JsonNode brief = json(tab + "json/");
            assertEquals(20, brief.get("step").asInt());
            assertFalse(brief.get("live").asBoolean());
        } finally {
            server.stop();
        }
    }

    private static String content(String page) {
        expectWholeAndHarmless(page);
        return page.substring(
                page.indexOf("<div id=\"firesteel-training\""),
                page.indexOf("<script>", page.indexOf("<div id=\"firesteel-training\"")));
    }
}
