package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command that each submit script would run. The scripts are driven in a copy of the project whose path needs
 * quoting; a program that tells how it was called stands for Spark's {@code spark-submit}.
 */
class SubmitScriptsTest {
    /** Prints the variables that the scripts set, then the arguments, each ended by NUL. */
    private static final String SPARK_SUBMIT = """
        #!/usr/bin/env bash
        if [ -n "${DRIVER_STATE:-}" ]; then
          echo "INFO ClientEndpoint: State of driver driver-1 is $DRIVER_STATE, exiting spark-submit JVM." >&2
        fi
        for name in JDK_JAVA_OPTIONS LOG4J_CONFIGURATION_FILE SPARK_DRIVER_MEMORY SPARK_LOCAL_IP SPARK_SUBMIT_OPTS; do
          if [ -n "${!name:-}" ]; then printf '%s=%s\\0' "$name" "${!name}"; fi
        done
        printf '%s\\0' "$@"
        """;

    private static final String LOOPBACK = "spark://127.0.0.1:7077";
    private static final String CLUSTER = "spark://master:7077";
    private static final String KUBERNETES = "k8s://https://127.0.0.1:6443";

    @TempDir
    private static Path temp;

    private static Path project;
    private static Path spark;
    private static Path jdk;

    /** Prints its arguments, each ended by NUL; as Java does, writes an archive when it is asked to. */
    private static final String JAVA = """
        #!/usr/bin/env bash
        for word in "$@"; do
          case $word in
            -XX:ArchiveClassesAtExit=*)
              echo archived >>"$JAVA_LOG"
              [ -n "${NO_ARCHIVE:-}" ] || echo "$RANDOM" >"${word#*=}"
              ;;
          esac
        done
        printf '%s\\0' "$@"
        """;

    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void copyProject() throws IOException {
        project = temp.toRealPath().resolve("it's a \"project\"");
        for (String directory : List.of("submit-scripts", "conf")) {
            try (var files = Files.list(Path.of(directory))) {
                for (Path file : files.toList()) {
                    Path copy = project.resolve(file);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        for (String jar : List.of("firesteel.jar", "lib/a.jar", "lib/b.jar", "spark/jars/spark.jar")) {
            Cli.write(project.resolve("target").resolve(jar));
        }
        jdk = temp.toRealPath().resolve("a jdk");
        Cli.write(jdk.resolve("release"), "IMPLEMENTOR=\"someone\"", "JAVA_VERSION=\"17.0.99\"");
        assertTrue(Cli.write(jdk.resolve("bin/java"), JAVA).toFile().setExecutable(true));
        spark = temp.toRealPath().resolve("spark home");
        for (String module : List.of("yarn", "kubernetes")) {
            Cli.write(spark.resolve("jars/spark-" + module + "_2.13-4.1.0.jar"));
        }
        assertTrue(Cli.write(spark.resolve("bin/spark-submit"), SPARK_SUBMIT)
                .toFile()
                .setExecutable(true));
    }

    private static Outcome run(Path directory, Map<String, String> environment, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("SPARK_HOME", spark.toString());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
            return new Outcome(process.waitFor(), out, err);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome script(Map<String, String> environment, String... words) {
        String[] command = words.clone();
        command[0] = project.resolve("submit-scripts").resolve(words[0]).toString();
        return run(temp, environment, command);
    }

    /** Runs a script with --dry-run, pastes the line that it prints into a shell, and returns how Spark is called. */
    private static List<String> dryRun(Map<String, String> environment, String... words) {
        Outcome printed = script(environment, words);
        assertEquals(0, printed.code, printed.err);
        assertEquals("", printed.err);
        assertEquals(1, printed.out.lines().count(), printed.out);
        assertFalse(printed.out.contains("\0"), "it was run");
        Outcome pasted = run(temp, Map.of(), "bash", "-c", printed.out);
        assertEquals("", pasted.err);
        return Arrays.asList(pasted.out.split("\0", 0));
    }

    /** The words of a call of Spark: some that scripts add, the variables first, and the rest of the words. */
    private static List<String> call(List<String> variables, List<String> options, String... arguments) {
        List<String> words = new ArrayList<>(variables);
        words.addAll(List.of("--class", "io.firesteel.cli.Firesteel"));
        words.addAll(List.of("--properties-file", project + "/conf/spark-defaults.conf", "--load-spark-defaults"));
        words.addAll(options);
        words.addAll(List.of("--jars", project + "/target/lib/a.jar," + project + "/target/lib/b.jar"));
        words.add(project + "/target/firesteel.jar");
        words.addAll(List.of(arguments));
        return words;
    }

    private static String log4j() {
        return "LOG4J_CONFIGURATION_FILE=" + project + "/conf/log4j2.properties";
    }

    @ParameterizedTest
    @CsvSource({
        "'', -XX:+UseParallelGC -XX:NewRatio=31 -XX:-UseGCOverheadLimit",
        "-Dmy.own=1, -XX:+UseParallelGC -XX:NewRatio=31 -XX:-UseGCOverheadLimit -Dmy.own=1",
        "-XX:+UseG1GC, -XX:+UseG1GC", // a user's collector is the only one: Java takes no two
    })
    void local_setsItsDefaults(String own, String expected) {
        assertEquals(
                call(
                        List.of(
                                log4j(),
                                "SPARK_DRIVER_MEMORY=3g",
                                "SPARK_LOCAL_IP=127.0.0.1",
                                "SPARK_SUBMIT_OPTS=-Dspark.ui.enabled=false -Dspark.shuffle.compress=false "
                                        + (own.isEmpty() ? expected + " " : expected)),
                        List.of("--conf", "spark.master=local[*]", "--master", "local[2]"),
                        "train",
                        "--data",
                        "d.csv"),
                dryRun(
                        Map.of("SPARK_DRIVER_MEMORY", "3g", "SPARK_SUBMIT_OPTS", own),
                        "local.sh",
                        "--dry-run",
                        "--master",
                        "local[2]",
                        "train",
                        "--data",
                        "d.csv"));
    }

    /** The words of Java's call when local.sh starts it itself: without a SPARK_HOME. */
    private static List<String> embedded(Map<String, String> more, String... words) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPARK_HOME",
                "",
                "JAVA_HOME",
                jdk.toString(),
                "SPARK_DRIVER_MEMORY",
                "3g",
                "JAVA_LOG",
                temp.resolve("java.log").toString()));
        environment.putAll(more);
        Outcome outcome = script(environment, words);
        assertEquals(0, outcome.code, outcome.err);
        return Arrays.asList(outcome.out.split("\0", 0));
    }

    private static Path archive() {
        return project.resolve("target/start/java-17.0.99.jsa");
    }

    @Test
    void embedded_isOneJavaProcess_withTheSettingsThatSparkSubmitWouldUse() throws IOException {
        Path file = Cli.write(
                temp.resolve("settings.conf"),
                "# a comment",
                "spark.ui.enabled = true",
                "  spark.sql.shuffle.partitions: 3  ",
                "spark.broadcast.compress\ttrue",
                "spark.driver.memory 5g");
        List<String> words = embedded(
                Map.of("SPARK_SUBMIT_OPTS", "-Dmy.own=1"),
                "local.sh",
                "--properties-file",
                file.toString(),
                "--conf",
                "spark.sql.shuffle.partitions=4",
                "--master=local[2]",
                "--conf",
                "spark.app.name=a 'b'",
                "train",
                "--data",
                "a b.csv");
        Map<String, String> settings = new HashMap<>();
        words.stream()
                .filter(word -> word.startsWith("-D"))
                .map(word -> word.split("=", 2))
                .forEach(pair -> settings.put(pair[0].substring(2), pair[1])); // the last one counts, as for Java
        Map<String, String> expected = new HashMap<>();
        properties("conf/spark-defaults.conf").forEach((key, value) -> expected.put(key.toString(), value.toString()));
        expected.put("spark.ui.enabled", "true");
        expected.put("spark.shuffle.compress", "false");
        expected.put("spark.sql.shuffle.partitions", "4");
        expected.put("spark.broadcast.compress", "true");
        expected.put("spark.driver.memory", "5g");
        expected.put("spark.master", "local[2]");
        expected.put("spark.app.name", "a 'b'");
        expected.put("my.own", "1");
        assertEquals(expected, settings);
        assertEquals(
                List.of(
                        "-cp",
                        project + "/target/firesteel.jar:" + project + "/target/lib/*:" + project
                                + "/target/spark/jars/*",
                        "io.firesteel.cli.Firesteel",
                        "train",
                        "--data",
                        "a b.csv"),
                words.subList(words.indexOf("-cp"), words.size()));
        assertEquals("@" + project + "/conf/jvm.args", words.get(0));
        assertTrue(words.contains("-Xmx5g"), words.toString());
        assertTrue(words.contains("-XX:+UseParallelGC"), words.toString());
        assertTrue(words.contains("-XX:SharedArchiveFile=" + archive()), words.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect --model m", "export --model m --onnx o", "--help", "--version", "train --help"})
    void embedded_whatNeedsNoSpark_getsAJvmThatStartsFast(String command) {
        List<String> line = new ArrayList<>(List.of("local.sh"));
        line.addAll(List.of(command.split(" ")));
        List<String> words = embedded(Map.of(), line.toArray(String[]::new));
        assertEquals(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), words.subList(0, 2));
        assertFalse(words.contains("-XX:+UseParallelGC"), words.toString());
        assertFalse(String.join(" ", words).contains("jvm.args"), words.toString());
    }

    /** What only spark-submit understands goes there, and what a process list should not show stays in its file. */
    @ParameterizedTest
    @CsvSource({
        "--jars more.jar, ''",
        "--packages a:b:1, ''",
        "--driver-java-options -Dx=1, ''",
        "--conf spark.driver.extraClassPath=x, ''",
        "--master local-cluster[2;1;512], ''",
        "--conf odd=1, ''",
        "--verbose, ''",
        "--name x, spark.authenticate.secret=s",
        "--name x, spark.ui.enabled \\u0074rue",
    })
    void embedded_whatOnlySparkSubmitCanDo_isLeftToIt(String options, String inFile) {
        Path file = Cli.write(temp.resolve("for-spark.conf"), inFile);
        List<String> line = new ArrayList<>(List.of("local.sh", "--properties-file", file.toString()));
        line.addAll(List.of(options.replace(';', ',').split(" ")));
        line.add("train");
        Map<String, String> environment = Map.of("SPARK_HOME", "", "JAVA_HOME", jdk.toString());
        Outcome outcome = script(environment, line.toArray(String[]::new));
        assertEquals(1, outcome.code, outcome.out); // the launcher, which is not in this copy of the project
        assertTrue(outcome.err.contains("which has no jars/spark-launcher_*.jar"), outcome.err);
    }

    @Test
    void embedded_archiveOfClasses_isMadeOnceForABuild() throws IOException {
        Path log = temp.resolve("archives.log");
        Map<String, String> environment = Map.of("JAVA_LOG", log.toString());
        Files.deleteIfExists(archive());
        embedded(environment, "local.sh", "--version");
        String first = Files.readString(archive());
        embedded(environment, "local.sh", "--version");
        assertEquals(List.of("archived"), Files.readAllLines(log));
        assertEquals(first, Files.readString(archive()));
        FileTime later =
                FileTime.fromMillis(Files.getLastModifiedTime(archive()).toMillis() + 2000);
        Files.setLastModifiedTime(project.resolve("target/firesteel.jar"), later);
        try {
            Map<String, String> failing = new HashMap<>(environment);
            failing.put("NO_ARCHIVE", "1");
            embedded(failing, "local.sh", "--version"); // works all the same
            assertEquals(2, Files.readAllLines(log).size());
            assertEquals("", Files.readString(archive()), "what cannot be made is remembered");
            assertEquals(
                    Set.of("", "java-17.0.99.jsa", "lock", "log"),
                    names(archive().getParent()));
        } finally {
            Files.setLastModifiedTime(project.resolve("target/firesteel.jar"), FileTime.fromMillis(0));
        }
    }

    /** A runtime image of some modules, such as those that other programs bring along. */
    @Test
    void java_withoutTheVectorModule_isOneClearLine(@TempDir Path image) throws IOException {
        Path java = Files.createDirectory(image.resolve("bin")).resolve("java");
        Files.copy(jdk.resolve("bin/java"), java, COPY_ATTRIBUTES);
        Map<String, String> environment = Map.of("SPARK_HOME", "", "JAVA_HOME", image.toString());
        Cli.write(
                image.resolve("release"),
                "JAVA_VERSION=\"17.0.99\"",
                "MODULES=\"java.base jdk.incubator.vector java.xml\"");
        assertEquals(0, script(environment, "local.sh", "--dry-run", "train").code);
        Cli.write(image.resolve("release"), "JAVA_VERSION=\"17.0.99\"", "MODULES=\"java.base java.xml\"");
        Outcome outcome = script(environment, "local.sh", "train");
        assertEquals(2, outcome.code);
        assertEquals(
                "firesteel: " + java
                        + " lacks the module jdk.incubator.vector: install a whole JDK, 17 to 22, or set JAVA_HOME to one\n",
                outcome.err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0.2", "23", "25.0.3"})
    void java_ofAVersionThatSparkCannotUse_isOneClearLine(String version, @TempDir Path old) throws IOException {
        Cli.write(old.resolve("release"), "JAVA_VERSION=\"" + version + "\"");
        Path java = Files.createDirectory(old.resolve("bin")).resolve("java");
        Files.copy(jdk.resolve("bin/java"), java, COPY_ATTRIBUTES);
        Outcome outcome = script(Map.of("SPARK_HOME", "", "JAVA_HOME", old.toString()), "local.sh", "train");
        assertEquals(2, outcome.code);
        assertEquals(
                "firesteel: Java 17 to 22 is needed, and " + java + " is " + version
                        + ": set JAVA_HOME to another JDK\n",
                outcome.err);
    }

    @Test
    void standalone_client() {
        assertEquals(
                call(
                        List.of(log4j()),
                        List.of("--master", CLUSTER, "--total-executor-cores", "16", "--executor-memory", "4g"),
                        "inspect",
                        "--model",
                        "hdfs:///m"),
                dryRun(
                        Map.of(),
                        "standalone.sh",
                        CLUSTER,
                        "--total-executor-cores",
                        "16",
                        "--dry-run",
                        "--executor-memory=4g",
                        "inspect",
                        "--model",
                        "hdfs:///m"));
    }

    @Test
    void spark35_isNotGivenAnOptionOfSpark4(@TempDir Path old) throws IOException {
        Cli.write(old.resolve("jars/spark-core_2.13-3.5.6.jar"));
        Path submit = Files.createDirectory(old.resolve("bin")).resolve("spark-submit");
        Files.copy(spark.resolve("bin/spark-submit"), submit, COPY_ATTRIBUTES);
        List<String> expected = call(List.of(log4j()), List.of("--master", CLUSTER), "train");
        assertTrue(expected.remove("--load-spark-defaults"));
        assertEquals(
                expected, dryRun(Map.of("SPARK_HOME", old.toString()), "standalone.sh", CLUSTER, "--dry-run", "train"));
    }

    @Test
    void standalone_onThisMachine_staysOnLoopback() {
        assertEquals(
                call(
                        List.of(log4j(), "SPARK_LOCAL_IP=127.0.0.1"),
                        List.of(
                                "--master",
                                LOOPBACK,
                                "--conf",
                                "spark.driver.host=127.0.0.1",
                                "--conf",
                                "spark.driver.bindAddress=127.0.0.1"),
                        "evaluate"),
                dryRun(Map.of(), "standalone.sh", LOOPBACK, "--dry-run", "evaluate"));
    }

    @Test
    void standalone_cluster_givesTheDriverItsModuleOptions() throws IOException {
        String modules = String.join(" ", Files.readAllLines(Path.of("conf/jvm.args")));
        assertEquals(
                call(
                        List.of("JDK_JAVA_OPTIONS=" + modules + " ", log4j()),
                        List.of("--master", CLUSTER, "--deploy-mode", "cluster", "--supervise"),
                        "train"),
                dryRun(
                        Map.of(),
                        "standalone.sh",
                        CLUSTER,
                        "--dry-run",
                        "--deploy-mode",
                        "cluster",
                        "--supervise",
                        "train"));
    }

    @ParameterizedTest
    @CsvSource({"FINISHED, 0", "FAILED, 1", "KILLED, 1"})
    void standalone_cluster_exitCodeTellsHowTheDriverEnded(String state, int code) {
        Outcome outcome = script(
                Map.of("DRIVER_STATE", state),
                "standalone.sh",
                CLUSTER,
                "--deploy-mode",
                "cluster",
                "train",
                "--seed=1");
        assertEquals(code, outcome.code, outcome.err);
        assertTrue(outcome.err.contains("State of driver driver-1 is " + state), outcome.err);
        assertEquals(code != 0, outcome.err.contains("firesteel: the driver on the cluster ended as " + state));
        assertTrue(outcome.out.endsWith("\0train\0--seed=1\0"), outcome.out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "cluster"})
    void yarn_eachMode(String mode) {
        assertEquals(
                call(
                        List.of(log4j()),
                        List.of("--master", "yarn", "--deploy-mode", mode, "--num-executors", "4", "--queue", "q"),
                        "predict",
                        "--output",
                        "hdfs:///o"),
                dryRun(
                        Map.of("HADOOP_CONF_DIR", temp.toString()),
                        "yarn.sh",
                        "--deploy-mode",
                        mode,
                        "--num-executors",
                        "4",
                        "--queue=q",
                        "--dry-run",
                        "predict",
                        "--output",
                        "hdfs:///o"));
    }

    @Test
    void yarn_takesYarnConfDir() {
        assertEquals(
                call(List.of(log4j()), List.of("--master", "yarn"), "train"),
                dryRun(Map.of("YARN_CONF_DIR", temp.toString()), "yarn.sh", "--dry-run", "train"));
    }

    @Test
    void kubernetes_client() {
        assertEquals(
                call(
                        List.of(log4j()),
                        List.of("--master", KUBERNETES, "--conf", "spark.kubernetes.container.image=spark:4.1.0"),
                        "train"),
                dryRun(
                        Map.of(),
                        "kubernetes.sh",
                        KUBERNETES,
                        "--dry-run",
                        "--conf",
                        "spark.kubernetes.container.image=spark:4.1.0",
                        "train"));
    }

    @Test
    void kubernetes_cluster_takesTheJarsFromTheImage() {
        List<String> words = dryRun(
                Map.of("FIRESTEEL_JARS", "local:///opt/firesteel"),
                "kubernetes.sh",
                KUBERNETES,
                "--dry-run",
                "--deploy-mode",
                "cluster",
                "--jars",
                "local:///opt/more.jar",
                "train");
        String jars = "local:///opt/firesteel/lib/a.jar,local:///opt/firesteel/lib/b.jar,local:///opt/more.jar";
        assertEquals(
                List.of(
                        "--master",
                        KUBERNETES,
                        "--deploy-mode",
                        "cluster",
                        "--jars",
                        jars,
                        "local:///opt/firesteel/firesteel.jar",
                        "train"),
                words.subList(words.indexOf("--master"), words.size()));
    }

    @Test
    void arguments_passUnchanged() {
        String[] odd = {
            "a b", "it's", "\"q\"", "$HOME `id` $(id)", "back\\slash", "*", "é ß", "tab\tline\nend", ";|&<>!"
        };
        List<String> words = new ArrayList<>(
                List.of("standalone.sh", CLUSTER, "--name", odd[0] + odd[1] + odd[2] + odd[3], "train"));
        words.addAll(List.of(odd));
        // run, not printed: what a script runs is what it is given
        List<String> run =
                Arrays.asList(script(Map.of(), words.toArray(String[]::new)).out.split("\0"));
        assertEquals(
                call(
                        List.of(log4j()),
                        List.of("--master", CLUSTER, "--name", words.get(3)),
                        words.subList(4, words.size()).toArray(String[]::new)),
                run);
        words.add(2, "--dry-run");
        Outcome printed = script(Map.of(), words.toArray(String[]::new));
        assertEquals(
                run,
                Arrays.asList(run(temp, Map.of(), "bash", "-c", printed.out).out.split("\0")));
    }

    /**
     * Names in arguments, of files and in what is printed are UTF-8 without a locale, too. A real Java reads them; the shell writes
     * them, since the tests' own locale may have no such letters.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LANG=POSIX", "LC_ALL=xx_XX.UTF-8", "LC_ALL=C.UTF-8"})
    void names_areUtf8InEachLocale(String locale, @TempDir Path own) throws IOException {
        Cli.write(
                own.resolve("Echo.java"),
                "public class Echo {",
                "    public static void main(String[] args) {",
                "        String last = args[args.length - 1];",
                "        System.out.println(last.equals(\"Z\\u00fcrich \\u65e5\") + \" \" + new java.io.File(last).exists() + \" \"",
                "            + java.nio.file.Files.exists(java.nio.file.Path.of(last)) + \" \" + last);",
                "    }",
                "}");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Cli.write(own.resolve("jdk/release"), "JAVA_VERSION=\"17.0.99\"");
        Path started = Cli.write(
                own.resolve("jdk/bin/java"), "#!/bin/sh", "exec '" + java + "' '" + own + "/Echo.java' \"$@\"");
        assertTrue(started.toFile().setExecutable(true));
        Path call = own.resolve("call.sh");
        String name = "'Z\u00fcrich \u65e5'";
        Files.writeString(
                call,
                "cd '" + own + "' && : >" + name + " && exec '"
                        + project.toString().replace("'", "'\\''") + "/submit-scripts/local.sh' inspect --model "
                        + name);
        Map<String, String> environment = new HashMap<>(Map.of("SPARK_HOME", "", "JAVA_HOME", own + "/jdk"));
        if (!locale.isEmpty()) {
            environment.put(locale.split("=")[0], locale.split("=")[1]);
        }
        Outcome outcome = run(own, environment, "bash", call.toString());
        assertEquals("true true true Z\u00fcrich \u65e5\n", outcome.out, outcome.err);
    }

    @Test
    void propertiesFile_isCompletedByTheDefaults() {
        Path file = Cli.write(
                temp.resolve("my settings.conf"), "spark.broadcast.compress=true", " spark.io.compression.codec : lz4");
        List<String> words =
                dryRun(Map.of(), "standalone.sh", CLUSTER, "--dry-run", "--properties-file", file.toString(), "train");
        assertEquals(file.toString(), words.get(words.indexOf("--properties-file") + 1));
        assertTrue(words.indexOf("spark.driver.maxResultSize=0") < words.indexOf("--master"), words.toString());
        assertTrue(words.contains("spark.scheduler.maxRegisteredResourcesWaitingTime=30s"), words.toString());
        assertTrue(words.stream().noneMatch(word -> word.matches("spark\\.(broadcast|io)\\.compress.*")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        standalone.sh                               | expected the cluster's URL spark://HOST:PORT first, not ''
        standalone.sh train                         | expected the cluster's URL spark://HOST:PORT first, not 'train'
        standalone.sh spark://h:1                   | no command: expected one of train, search, plan, check, evaluate
        standalone.sh spark://h:1 --dry-run         | no command: expected one of train, search, plan, check, evaluate
        standalone.sh spark://h:1 trian             | unknown command trian: expected one of train, search, plan, check, evaluate
        standalone.sh spark://h:1 --deploy-mode up train | --deploy-mode up: expected client or cluster
        standalone.sh spark://h:1 --data x train    | spark-submit has no option --data
        standalone.sh spark://h:1 --name            | --name needs a value
        standalone.sh spark://h:1 --properties-file none train | --properties-file none: no such file
        yarn.sh train                               | set HADOOP_CONF_DIR or YARN_CONF_DIR
        kubernetes.sh                               | expected the API server's URL k8s://https://HOST:PORT first, not ''
        kubernetes.sh https://h:6443 train          | expected the API server's URL k8s://https://HOST:PORT first, not 'https://h:6443'
        kubernetes.sh k8s://https://h:6443 learn    | unknown command learn: expected one of train, search, plan, check, evaluate
        local.sh                                    | no command: expected one of train, search, plan, check, evaluate
        """)
    void wrongUse_isOneClearLine(String command, String message) {
        refuse(Map.of(), message, command.split(" "));
    }

    @Test
    void wrongSurroundings_areOneClearLine() {
        String loopback = "SPARK_LOCAL_IP is 127.0.0.1, where executors on other machines cannot call this one";
        refuse(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), loopback, "standalone.sh", CLUSTER, "train");
        refuse(Map.of("HADOOP_CONF_DIR", "/none"), "is '/none', which is no folder", "yarn.sh", "train");
        Map<String, String> other = Map.of("SPARK_HOME", temp.toString(), "HADOOP_CONF_DIR", temp.toString());
        refuse(other, "set SPARK_HOME to a Spark 4.1 distribution with YARN", "yarn.sh", "train");
        refuse(
                other,
                "set SPARK_HOME to a Spark 4.1 distribution with Kubernetes",
                "kubernetes.sh",
                KUBERNETES,
                "train");
    }

    private static void refuse(Map<String, String> environment, String message, String... words) {
        Outcome outcome = script(environment, words);
        assertEquals(2, outcome.code, outcome.err);
        assertEquals("", outcome.out);
        assertEquals(1, outcome.err.lines().count(), outcome.err);
        assertTrue(outcome.err.startsWith("firesteel: ") && outcome.err.contains(message), outcome.err);
    }

    @Test
    void dryRun_buildsNothing() throws IOException {
        Path unbuilt = Files.createDirectory(temp.resolve("unbuilt"));
        Cli.write(unbuilt.resolve("pom.xml"), "no build works with this");
        Path scripts = Files.createDirectory(unbuilt.resolve("submit-scripts"));
        for (String name : List.of("spark-submit", "common.sh", "embedded.sh")) {
            Files.copy(Path.of("submit-scripts").resolve(name), scripts.resolve(name));
        }
        Outcome outcome = run(temp, Map.of(), scripts.resolve("spark-submit").toString(), "--dry-run", "train");
        assertEquals(1, outcome.code);
        assertEquals("firesteel: nothing is built yet: run mvn -DskipTests package\n", outcome.err);
        assertEquals(Set.of("", "pom.xml", "submit-scripts"), names(unbuilt));
    }

    private static Set<String> names(Path directory) {
        Set<String> names = new TreeSet<>();
        Cli.content(directory).keySet().forEach(path -> names.add(path.replaceFirst("/.*", "")));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone.sh", "yarn.sh", "kubernetes.sh"})
    void help_isTheScriptsOwn(String name) {
        Outcome outcome = script(Map.of(), name, "--help");
        assertEquals(0, outcome.code);
        assertEquals("", outcome.err);
        assertTrue(outcome.out.contains("submit-scripts/" + name + " "), outcome.out);
        assertFalse(outcome.out.contains("set -euo"), outcome.out);
    }

    /** A script does the same when it is called by a link to it, or by a link to a link, in another directory. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local.sh | --dry-run train --data a",
                "firesteel | --dry-run train --data a",
                "spark-submit | --dry-run train --data a",
                "standalone.sh | spark://h:1 --dry-run train",
                "yarn.sh | --dry-run train",
                "kubernetes.sh | k8s://https://h:6443 --dry-run train",
                "start-cluster.sh | none",
                "stop-cluster.sh | none",
                "standalone.sh | --help"
            })
    void links_areFollowed(String name, String arguments, @TempDir Path other) throws IOException {
        Path script = project.resolve("submit-scripts").resolve(name);
        Path away = Files.createDirectory(other.resolve("a 'bin'"));
        Path link = Files.createSymbolicLink(away.resolve("a link"), script);
        Files.createDirectory(other.resolve("more"));
        Path relative = Files.createSymbolicLink(other.resolve("more/fire steel"), Path.of("../a 'bin'/a link"));
        Path directory = Files.createSymbolicLink(other.resolve("scripts"), script.getParent());
        Map<String, String> environment = Map.of("HADOOP_CONF_DIR", temp.toString(), "SPARK_DRIVER_MEMORY", "1g");
        Outcome direct = called(script, environment, arguments);
        for (Path called : List.of(link, relative, directory.resolve(name))) {
            assertEquals(direct, called(called, environment, arguments), called.toString());
        }
    }

    private static Outcome called(Path script, Map<String, String> environment, String arguments) {
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(List.of(arguments.split(" ")));
        return run(temp, environment, words.toArray(String[]::new));
    }

    /** What the program names in its help and after a training can be pasted into a shell. */
    @Test
    void command_isToldAsItWasCalled(@TempDir Path other) throws IOException {
        Path own = Cli.write(other.resolve("jdk/bin/java"), "#!/bin/sh", "printf '%s' \"$FIRESTEEL_COMMAND\"");
        assertTrue(own.toFile().setExecutable(true));
        Cli.write(other.resolve("jdk/release"), "JAVA_VERSION=\"17.0.99\"");
        Path link = Files.createSymbolicLink(other.resolve("a link"), project.resolve("submit-scripts/local.sh"));
        Map<String, String> environment = Map.of("SPARK_HOME", "", "JAVA_HOME", other + "/jdk");
        String told = called(link, environment, "inspect").out;
        assertEquals(link + "\n", run(temp, Map.of(), "bash", "-c", "printf '%s\\n' " + told).out);
    }

    @Test
    void commands_areThoseOfTheProgram() {
        String refusal = script(Map.of(), "local.sh", "none").err;
        String known = refusal.replaceFirst("(?s).*expected one of (.*)\\n", "$1");
        assertEquals(
                Firesteel.COMMANDS.keySet(),
                new TreeSet<>(List.of(known.split(", "))),
                "commands in submit-scripts/spark-submit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
    void templates_areSecureAndHoldNoSecret(String name) throws IOException {
        Properties template = properties("conf/" + name + ".conf");
        for (String on : List.of(
                "spark.authenticate",
                "spark.network.crypto.enabled",
                "spark.io.encryption.enabled",
                "spark.eventLog.enabled")) {
            assertEquals("true", template.getProperty(on), on);
        }
        assertEquals("zstd", template.getProperty("spark.io.compression.codec"));
        for (String key : template.stringPropertyNames()) {
            assertTrue(key.startsWith("spark."), key);
            assertFalse(key.matches("(?i).*(secret|password).*"), key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.authenticate.secret",
                "spark.ssl.rpc.keyStorePassword",
                "spark.hadoop.fs.s3a.secret.key",
                "spark.hadoop.fs.s3a.access.key",
                "org.apache.spark.deploy.SparkSubmit firesteel.jar train --data d.csv --option user=me"
            })
    void redaction_coversSecrets(String text) throws IOException {
        String regex = properties("conf/spark-defaults.conf").getProperty("spark.redaction.regex");
        assertTrue(Pattern.compile(regex).matcher(text).find(), regex);
    }

    private static Properties properties(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        }
        return properties;
    }
}
