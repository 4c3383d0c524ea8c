package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step of resident tasks costs on the network, counted on the links of hosts of their own. */
@Tag("hosts")
@ExtendWith(Hosts.class)
@ResourceLock(Hosts.LOCK)
class LinksIT {
    private static final int FEATURES = 16;

    private static final int BLOCKS = 20;
    private static final int BLOCK_ROWS = 512;

    /** Units of the hidden layer: the weights are so many that their slices go from task to task. */
    private static final int UNITS = 2048;

    private static final int WEIGHTS = FEATURES * UNITS + UNITS + UNITS + 1; // two classes, one output

    @TempDir
    static Path temp;

    /** Writes a table of so many blocks. */
    private static Path table(int blocks) throws Exception {
        Random random = new Random(8);
        List<String> lines = new ArrayList<>();
        StringJoiner header = new StringJoiner(",");
        for (int i = 0; i < FEATURES; i++) {
            header.add("x" + i);
        }
        lines.add(header.add("y").toString());
        for (int row = 0; row < blocks * BLOCK_ROWS; row++) {
            StringJoiner line = new StringJoiner(",");
            double sum = 0;
            for (int i = 0; i < FEATURES; i++) {
                int cell = random.nextInt(100);
                sum += cell;
                line.add("" + cell);
            }
            lines.add(line.add(sum > 50 * FEATURES ? "1" : "0").toString());
        }
        return Files.write(temp.resolve("table-" + blocks + ".csv"), lines);
    }

    /** Trains by resident tasks, one on each of the workers; returns what the program tells. */
    private static JsonNode train(int tasks, int blocks, int steps) throws Exception {
        List<String> words = new ArrayList<>(List.of("train", "--preset", "notes", "--json", "--quiet"));
        words.addAll(List.of("--data", table(blocks).toString(), "--label", "y"));
        words.addAll(List.of("--hidden", "" + UNITS, "--iterations", "" + steps, "--engine", "resident"));
        words.addAll(List.of("--model", temp.resolve("model").toString(), "--overwrite"));
        Running running = Hosts.start(Hosts.DRIVER, List.of("--total-executor-cores", "" + tasks), words);
        running.expectSuccess();
        String printed = running.soFar();
        JsonNode told = new ObjectMapper().readTree(printed.substring(printed.indexOf('{')));
        assertEquals("by resident tasks", told.path("place").asText());
        return told;
    }

    /** The fewest nodes of the tree that halves ranges of blocks into which some blocks of a node fall. */
    private static int nodes(int depth, int index, int from, int to) {
        int first = (BLOCKS * index) >> depth;
        int end = (BLOCKS * (index + 1)) >> depth;
        if (first == end || end <= from || to <= first) {
            return 0;
        }
        return from <= first && end <= to
                ? 1
                : nodes(depth + 1, 2 * index, from, to) + nodes(depth + 1, 2 * index + 1, from, to);
    }

    /**
     * Of theta a task passes its slice on to the others, of each node of its sums it sends a slice to each of them, and it sends
     * the driver a slice of the total. Two and four tasks have one node each; three have two, four and two.
     */
    @ParameterizedTest
    @CsvSource({"2, 1.5", "3, 2.78", "4, 1.75"})
    void bytesThatATaskSends_inAStep(int tasks, double expected) throws Exception {
        double nodes = 0;
        for (int task = 0; task < tasks; task++) {
            nodes += nodes(0, 0, BLOCKS * task / tasks, BLOCKS * (task + 1) / tasks);
        }
        double others = (tasks - 1.0) / tasks;
        assertEquals(expected, others + nodes / tasks * others + 1.0 / tasks, 0.005);
        int few = 20;
        int many = 120;
        Hosts.expect(tasks);
        long start = Hosts.sentByWorkers();
        train(tasks, BLOCKS, few);
        long between = Hosts.sentByWorkers();
        train(tasks, BLOCKS, many);
        long sent = Hosts.sentByWorkers() - between - (between - start);
        double ofTheta = (double) sent / (many - few) / tasks / (8L * WEIGHTS);
        System.err.printf("%d resident tasks: each sends %.2f times theta's bytes in a step%n", tasks, ofTheta);
        assertEquals(expected, ofTheta, 0.1 * expected); // headers, acknowledgements, heartbeats
    }

    /** The slope of a step's time over the links' round trip. */
    @Test
    void roundTripsOfAStep() throws Exception {
        Hosts.expect(2);
        List<Double> seconds = new ArrayList<>();
        try {
            for (int delay : List.of(0, 10_000, 30_000)) {
                Hosts.shape(delay, 0, 0);
                JsonNode told = train(2, 2, 120);
                seconds.add(told.path("seconds").asDouble() / told.path("steps").asInt());
            }
        } finally {
            Hosts.shape(0, 0, 0);
        }
        double first = (seconds.get(1) - seconds.get(0)) / 0.020;
        double second = (seconds.get(2) - seconds.get(1)) / 0.040;
        System.err.printf(
                "a resident step: %.1f ms, with round trips of 20 ms %.1f, of 60 ms %.1f: %.1f and %.1f round trips%n",
                seconds.get(0) * 1000, seconds.get(1) * 1000, seconds.get(2) * 1000, first, second);
        assertTrue(second <= 4, second + " round trips");
    }
}
