package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which numbers in a label look like the targets of a regression. */
class InferredTaskTest {
    private static void check(boolean targets, int classes, long rows, IntFunction<String> name) {
        List<String> names = IntStream.range(0, classes).mapToObj(name).toList();
        assertEquals(targets, InferredTask.areTargets(names, rows), names + " in " + rows + " rows");
    }

    @Test
    void regressions() {
        check(true, 400, 400, i -> i * 7.5 + 100 + "");
        check(true, 400, 1_000_000, i -> i * 0.25 + "");
        check(true, 20, 30, i -> 100 + i * 0.5 + "");
        check(true, 20, 20, i -> 100 + 7 * i + ""); // as many persons were weighed, in pounds
        check(true, 15, 70, i -> 1000 + 50 * i + "");
        check(true, 400, 500, i -> i * 37 + "");
        check(true, 300, 1_000_000, i -> i * 3 + "");
        check(true, 869, 17379, i -> 1 + i + i / 10 + ""); // as many bicycles are lent an hour
    }

    @Test
    void classifications() {
        check(false, 2, 4, i -> i + "");
        check(false, 10, 1797, i -> i + "");
        check(false, 26, 300, i -> i + 1 + "");
        check(false, 100, 300, i -> i + "");
        check(false, 15, 75, i -> 1000 + 50 * i + "");
        check(false, 10, 10, i -> i * 7 + "");
        check(false, 25, 25, i -> i + 1 + "");
        check(false, 40, 400, i -> i + ""); // persons with ten faces each
        check(false, 100, 50_000, i -> 1000 + 7 * i + ""); // numbers of goods
        check(false, 10, 30, i -> i / 2.0 + ""); // stars
        check(false, 30, 1000, i -> 5 + i / 2.0 + "");
    }
}
