package io.firesteel.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that measures on request: one line of words to its stdin, one line of numbers back. Between requests it is idle, so
 * that several can take turns, and each has a virtual machine, a BLAS and a compiler's profile of its own.
 */
final class Child implements AutoCloseable {
    private static final String ANSWER = "answer ";

    private final String name;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Answers a request. */
    @FunctionalInterface
    interface Server {
        double[] answer(String[] request) throws Exception;
    }

    /**
     * Starts the {@code main} of a class as submit-scripts/local.sh starts Firesteel: in a process with this one's class path
     * and so much heap, such as "4g".
     */
    static Child start(Class<?> main, String heap, String... arguments) {
        List<String> command = new ArrayList<>(java());
        command.add("@conf/local-jvm.args");
        return start(command, main, heap, arguments);
    }

    /** The same with the options alone that Spark gives Java. */
    static Child startAsSparkDoes(Class<?> main, String heap, String... arguments) {
        return start(new ArrayList<>(java()), main, heap, arguments);
    }

    private static Child start(List<String> command, Class<?> main, String heap, String... arguments) {
        command.addAll(List.of("-Xmx" + heap, "-Dlog4j2.configurationFile=conf/log4j2.properties"));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return start(main.getSimpleName() + " " + String.join(" ", arguments), command);
    }

    /** Starts a program that answers in the same way as the {@code main} of a class that calls {@link #serve}. */
    static Child start(String name, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        try {
            return new Child(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The beginning of a command line: this Java with the options that Spark wants. */
    static List<String> java() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@conf/jvm.args");
    }

    /** The answer to a request. */
    double[] ask(Object... request) {
        try {
            requests.write(String.join(
                    " ", Arrays.stream(request).map(Object::toString).toList()));
            requests.newLine();
            requests.flush();
            String line;
            while ((line = answers.readLine()) != null) {
                if (line.startsWith(ANSWER)) {
                    return Arrays.stream(line.substring(ANSWER.length()).split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                }
                System.err.println(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " at " + Arrays.toString(request), e);
        }
        throw new IllegalStateException(name + " ended at " + Arrays.toString(request));
    }

    /** In the child: answers requests until there are no more. */
    static void serve(Server server) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err); // whatever else is printed
        BufferedReader in = new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = in.readLine()) != null) {
            double[] numbers = server.answer(line.split(" "));
            out.println(ANSWER
                    + String.join(
                            " ",
                            Arrays.stream(numbers).mapToObj(Double::toString).toList()));
            out.flush();
        }
    }

    /** Ends the process. */
    @Override
    public void close() {
        try {
            requests.close(); // no more requests
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
