package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.engine.StepCost.Way;
import io.firesteel.linalg.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The cost of a pass: tasks, bytes and computing time by hand, seconds by the coefficients that the page tells. */
class StepCostTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static Load pass(int blocks, int leaves, int theta, Precision precision) {
        return new Load(blocks, leaves, 1, theta, theta + 2, precision);
    }

    /** Three runs of 20 leaves end at 6 and 13, in the middle of the nodes [5, 10) and [10, 15) and of halves of theirs. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "20, 1, 1", "20, 2, 2", "20, 4, 4", "20, 3, 8", "5, 2, 2", "3, 2, 2", "8, 8, 8"})
    void nodes_areTheFewestThatHoldTheRuns(int leaves, int runs, int expected) {
        assertEquals(expected, StepCost.nodes(leaves, runs));
    }

    /** Runs that an exhaustive search through all nodes of the tree covers one by one. */
    @Test
    void nodes_againstASearchThroughTheTree() {
        for (int leaves = 1; leaves <= 17; leaves++) {
            for (int runs = 1; runs <= leaves; runs++) {
                int expected = 0;
                for (int run = 0; run < runs; run++) {
                    int end = leaves * (run + 1) / runs;
                    for (int at = leaves * run / runs; at < end; expected++) {
                        int next = at + 1;
                        for (int depth = 0; depth <= 5; depth++) {
                            for (int i = 0; i < 1 << depth; i++) {
                                int first = (leaves * i) >> depth;
                                int last = (leaves * (i + 1)) >> depth;
                                next = first == at && last <= end ? Math.max(next, last) : next;
                            }
                        }
                        at = next;
                    }
                }
                assertEquals(expected, StepCost.nodes(leaves, runs), leaves + " leaves, " + runs + " runs");
            }
        }
    }

    /** The slices that LinksIT counts on links: here those of the driver's link and of a task's, one after another. */
    @Test
    void resident_ofManyNumbers_goesRoundTheTasks() {
        StepCost cost = StepCost.resident(new Cluster(3, 1, 1e9, 1e-3), pass(20, 20, 36_865, Precision.DOUBLE));
        assertEquals(Way.SHARED, cost.way());
        assertEquals(3, cost.tasks());
        double theta = 8 * 36_865 * (1 + 2 / 3.0);
        double sums = 8 * 36_867 * (8 / 3.0 * 2 / 3.0 + 1);
        assertEquals(theta + sums, cost.bytes(), 1e-6);
        assertEquals(7 / 20.0, cost.compute(), 1e-12);
    }

    /** Theta goes to each task in single precision, sums come back in double. */
    @Test
    void resident_ofFewNumbers_isAStar() {
        StepCost cost = StepCost.resident(new Cluster(4, 1, 1e9, 1e-3), pass(8, 8, 1000, Precision.SINGLE));
        assertEquals(Way.STAR, cost.way());
        assertEquals(4 * 4 * 1000 + 4 * 8 * 1002, cost.bytes());
        assertEquals(
                Way.STAR,
                StepCost.resident(new Cluster(1, 1, 1e9, 0), pass(8, 8, 1_000_000, Precision.SINGLE))
                        .way(),
                "nobody to share with");
    }

    /** 10 blocks: four executors have 3 of them, of which two cores have 2; eight tasks of a job have 2. */
    @Test
    void compute_isThatOfTheCoreWithTheMost() {
        Cluster cluster = new Cluster(4, 2, INFINITE, 0);
        Load all = pass(10, 10, 10, Precision.DOUBLE);
        assertEquals(0.2, StepCost.resident(cluster, all).compute(), 1e-12);
        assertEquals(0.2, StepCost.job(cluster, all).compute(), 1e-12);
        assertEquals(8, StepCost.job(cluster, all).tasks());
        Load batch = pass(1, 4, 10, Precision.DOUBLE); // in one block, which one executor has
        assertEquals(0.5, StepCost.resident(cluster, batch).compute(), 1e-12);
        assertEquals(1, StepCost.job(cluster, batch).compute(), 1e-12);
    }

    /** Up to 128 KiB theta is inside of the task; more is broadcast in pieces of 1 to 4 MiB, a quarter of it. */
    @ParameterizedTest
    @CsvSource({"32768, 0", "32769, 1", "300000, 2", "1000000, 4", "8000000, 8"})
    void job_broadcastsInPieces(int theta, int pieces) {
        assertEquals(
                pieces,
                StepCost.job(new Cluster(2, 1, 1e9, 0), pass(8, 8, theta, Precision.SINGLE))
                        .pieces());
    }

    /** Two executors take 1.55 copies of theta from the driver. */
    @Test
    void job_bytes() {
        StepCost cost = StepCost.job(new Cluster(2, 2, 1e9, 0), pass(8, 8, 1000, Precision.DOUBLE));
        assertEquals(1.55 * 8000 + 4 * 8016 + 4 * 11_400 + 2 * 14_000, cost.bytes(), 1e-6);
    }

    /** The coefficients of a way as the page has them: in milliseconds, round trips and nanoseconds. */
    private static double[] documented(Way way) throws IOException {
        String row = Files.readString(Path.of("src/site/markdown/scaling.md"))
                .lines()
                .filter(line -> line.startsWith("| `" + way + "`"))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(row.split("\\|"))
                .skip(3)
                .mapToDouble(cell -> Double.parseDouble(cell.trim()))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void exchange_byTheCoefficientsOfThePage(Way way) throws IOException {
        double[] c = documented(way);
        assertEquals(6, c.length);
        double expected = (c[0] + 5 * c[1] + (c[2] + 3 * c[3]) * 2 + 1_000_000 * (c[4] / 1e6 + c[5] / 125_000)) / 1e3;
        StepCost cost = new StepCost(way, 5, 3, 1_000_000, 0.5);
        Cluster gigabit = new Cluster(9, 1, 125_000_000, 0.002);
        assertEquals(expected, cost.exchange(gigabit), 1e-9);
        assertEquals(0.5 + expected, cost.seconds(gigabit), 1e-9);
        assertEquals(cost.exchange(gigabit), cost.exchange(gigabit.with(1)), "it is the tasks that count");
    }
}
