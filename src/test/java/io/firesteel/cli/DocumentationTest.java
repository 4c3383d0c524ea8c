package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.cli.Documentation.Command;
import io.firesteel.cli.Documentation.Page;
import io.firesteel.fit.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README and the website's pages: links lead somewhere, and commands work, in the order in which they stand. */
class DocumentationTest {
    /** Programs whose commands are not run here, and where they are. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("mvn", "the build"),
            Map.entry("pip", "src/python/build/wheel.sh"),
            Map.entry("spark-submit", "test_start.py"),
            Map.entry("start-connect-server.sh", "test_connect.py"),
            Map.entry("src/python/build/versions.py", "by hand: it fetches other versions of Spark"),
            Map.entry("src/python/build/test.sh", "the profile python"),
            Map.entry("target/python/venv/bin/pip", "by hand, for the tests of MLflow"),
            Map.entry("submit-scripts/start-cluster.sh", "ClusterIT"),
            Map.entry("submit-scripts/stop-cluster.sh", "ClusterIT"),
            Map.entry("submit-scripts/yarn.sh", "YarnIT"),
            Map.entry("submit-scripts/kubernetes.sh", "KubernetesIT"));

    private static final Set<String> HERE =
            Set.of("submit-scripts/local.sh", "submit-scripts/firesteel", "submit-scripts/standalone.sh");
    private static final Set<String> OF_THE_SHELL = Set.of("mkdir", "awk");
    private static final Pattern PROFILE = Pattern.compile("<profile>\\s*<id>([^<]+)</id>");
    private static final int ROWS = 300;
    private static final String CLUSTER_OF_THIS_MACHINE = "spark://127.0.0.1:7077";

    @TempDir
    private static Path dir;

    private static List<Page> pages() throws IOException {
        return Documentation.pages();
    }

    private static List<Page> pagesWithCommands() throws IOException {
        return pages().stream()
                .filter(page -> page.commands().stream().anyMatch(DocumentationTest::runsHere))
                .toList();
    }

    @Test
    void menu_leadsToEveryPage() throws IOException {
        assertEquals(new TreeSet<>(Documentation.site().keySet()), new TreeSet<>(Documentation.menu()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_leadSomewhereInTheRepository(Page page) throws IOException {
        for (String link : page.links()) {
            if (link.matches("[a-z]+:.*")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]);
            assertTrue(Files.exists(target), page.file() + " links to " + link);
            if (parts.length == 2) {
                Set<String> anchors = new Page(target, Files.readString(target)).anchors();
                assertTrue(anchors.contains(parts[1]), page.file() + " links to " + link + ", of " + anchors);
            }
        }
    }

    @Test
    void links_leadSomewhereOnTheSite() throws IOException {
        Map<String, Page> site = Documentation.site();
        site.forEach((name, page) -> {
            for (String link : page.links()) {
                String target = link.replaceAll("#.*", "");
                assertTrue(
                        link.matches("[a-z]+:.*")
                                || target.isEmpty()
                                || site.containsKey(target)
                                || Files.exists(Documentation.PAGES.resolve(target)),
                        name + " links to " + link);
            }
        });
    }

    @Test
    void profiles_areThoseOfThePom() throws IOException {
        Set<String> profiles = PROFILE.matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(profile -> profile.group(1))
                .collect(Collectors.toSet());
        for (Page page : pages()) {
            assertTrue(profiles.containsAll(page.profiles()), page + " names " + page.profiles() + ", of " + profiles);
        }
    }

    @Test
    void options_everyOneIsOnThePage() throws IOException {
        String page = SitePages.pages().get("options.md");
        for (Setting<?> setting : Setting.all()) {
            assertTrue(page.contains("| `--" + setting.key() + " "), setting.key());
        }
        for (String option :
                List.of("--time-budget", "--checkpoint DIR", "--grid", "--contributions", "--onnx", "KIND")) {
            assertTrue(page.contains("| `" + option), option);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commands_areRunHereOrElsewhere(Page page) {
        for (Command command : page.commands()) {
            String program = command.words().get(0);
            assertTrue(
                    command.notRun() != null
                            || ELSEWHERE.containsKey(program)
                            || HERE.contains(program)
                            || OF_THE_SHELL.contains(program),
                    command
                            + ": not a command that is run; a comment <!-- not run: REASON --> before the block tells why");
        }
    }

    /** Writes the first rows of the tables, and one that stands for the reader's. */
    @BeforeAll
    static void writeTables() throws IOException {
        List<String> mine = new ArrayList<>(List.of("city,area,price"));
        for (int i = 0; i < 60; i++) {
            mine.add((i % 3 == 0 ? "Ulm" : "Bern") + "," + (i % 7 == 0 ? "" : 40 + i) + "," + (1000 + 17.5 * i));
        }
        Cli.write(dir.resolve("my.csv"), mine);
        try (Stream<Path> tables = Files.list(Path.of("data"))) {
            for (Path table :
                    tables.filter(file -> file.toString().endsWith(".csv")).toList()) {
                try (Stream<String> lines = Files.lines(table)) {
                    Cli.write(dir.resolve(table), lines.limit(ROWS + 1).toList());
                }
            }
        }
    }

    /**
     * Runs a page's commands one after the other, with short trainings. All pages write to one directory, as those of a reader do who
     * goes through the site in the order of its menu; so no command may meet the output of another page. Where a page shows the output
     * of a command, its lines begin as the real ones do.
     */
    @Tag("spark")
    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void commands_work(Page page) throws IOException, InterruptedException {
        for (Command command : page.commands()) {
            if (OF_THE_SHELL.contains(command.words().get(0))) {
                runByShell(command);
            } else if (runsHere(command)) {
                run(command);
            }
        }
    }

    private static boolean runsHere(Command command) {
        List<String> words = command.words();
        return command.notRun() == null
                && HERE.contains(words.get(0))
                && (!words.get(0).endsWith("standalone.sh") || words.get(1).equals(CLUSTER_OF_THIS_MACHINE));
    }

    private static void run(Command command) {
        TestSpark.session();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = arguments(command.words());
        int code = Firesteel.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertEquals(0, code, () -> command + "\n" + String.join(" ", args) + "\n" + err);
        String said = out + "" + err;
        assertFalse(said.isBlank(), () -> command + " says nothing");
        List<String> lines = said.lines().map(String::strip).toList();
        for (String key : command.keys()) {
            assertTrue(
                    lines.stream().anyMatch(line -> begins(line, key)),
                    () -> command + "\nhas no line " + key + " in\n" + said);
        }
    }

    /** Returns whether a line begins with a key, followed by a column, a number, or nothing. */
    private static boolean begins(String line, String key) {
        return line.equals(key)
                || (line.startsWith(key) && line.substring(key.length()).matches("(\\s{2,}|\\s*\\d).*"));
    }

    private static void runByShell(Command command) throws IOException, InterruptedException {
        String text = command.text().replaceAll("(?<=\\s)(out|data)\\b", dir + "/$1");
        assertEquals(
                0, new ProcessBuilder("bash", "-c", text).inheritIO().start().waitFor(), command::toString);
    }

    /** Returns the arguments of the command itself, without those of Spark, changed so that it takes a moment. */
    private static String[] arguments(List<String> words) {
        int start = 1;
        while (!Firesteel.COMMANDS.containsKey(words.get(start))
                && !words.get(start).equals("--help")) {
            start++;
        }
        List<String> args = new ArrayList<>();
        for (String word : words.subList(start, words.size())) {
            args.add(word.matches("my\\.csv|(out|data)/.*") ? dir.resolve(word).toString() : word);
        }
        replace(args, "--rows", "100");
        if (Set.of("train", "search", "plan", "check").contains(args.get(0)) && !args.contains("--help")) {
            shorten(args);
        }
        return args.toArray(String[]::new);
    }

    private static void shorten(List<String> args) {
        replace(args, "--folds", "2");
        boolean hasUnits = replace(args, "--hidden", "8");
        if (!hasUnits && args.stream().noneMatch(arg -> arg.contains("hidden="))) {
            args.addAll(List.of("--hidden", "8"));
        }
        boolean isConfigured = args.contains("--config");
        boolean hasLength = replace(args, "--iterations", "2") || replace(args, "--epochs", "1");
        if (!hasLength && !args.get(0).equals("check")) {
            boolean counts = isConfigured || args.contains("notes");
            args.addAll(counts ? List.of("--iterations", "2") : List.of("--epochs", "1"));
        }
        if (isConfigured) {
            String name = args.get(args.indexOf("--config") + 1).replaceAll(".*/|\\.properties", "");
            args.addAll(List.of("--model", dir.resolve("out/" + name).toString()));
        }
    }

    /** Gives an option another value, if it is there; returns whether it is. */
    private static boolean replace(List<String> args, String option, String value) {
        int at = args.indexOf(option);
        if (at >= 0) {
            args.set(at + 1, value);
        }
        return at >= 0;
    }
}
