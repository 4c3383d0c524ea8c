package io.firesteel.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Curves of a bounded number of points. */
class LossCurveTest {
    private static final int MOST = 20;

    @Test
    void points_fewSteps_areAsTheyWereAdded() {
        LossCurve curve = new LossCurve(MOST);
        List<Mean> all = List.of(new Mean(0, 1, 3, null), new Mean(1, 1, 2, 0.1), new Mean(2, 5, 1, 0.2));
        all.forEach(curve::add);
        assertEquals(all, curve.points());
    }

    /** Whatever is joined: the sum of all losses stays, no step is missing or twice, the last point is the last step. */
    @ParameterizedTest
    @ValueSource(ints = {21, 100, 12_345, 200_000})
    void points_manySteps_areFewMeansOfAllSteps(int steps) {
        Random random = new Random(1);
        LossCurve curve = new LossCurve(MOST);
        double sum = 0;
        double loss = 0;
        for (int step = 0; step < steps; step++) {
            loss = random.nextDouble();
            sum += loss;
            curve.add(new Mean(step, 1, loss, null));
            assertTrue(curve.points().size() <= MOST, () -> curve.points().toString());
        }
        int next = 0;
        double joined = 0;
        for (Mean mean : curve.points()) {
            assertEquals(next, mean.step());
            next += mean.steps();
            joined += mean.loss() * mean.steps();
        }
        assertEquals(steps, next);
        assertEquals(sum, joined, 1e-9 * sum);
        assertEquals(
                new Mean(steps - 1, 1, loss, null),
                curve.points().get(curve.points().size() - 1));
    }

    /** No stretch of the curve is much coarser than its share: the early steps do not melt into one point. */
    @Test
    void points_manySteps_areSpreadEvenly() {
        LossCurve curve = new LossCurve(MOST);
        for (int step = 0; step < 100_000; step++) {
            curve.add(new Mean(step, 1, 0, null));
        }
        int widest = curve.points().stream().mapToInt(Mean::steps).max().orElseThrow();
        assertTrue(widest <= 4 * 100_000 / MOST, () -> curve.points().toString());
        assertTrue(curve.points().size() >= MOST / 4, () -> curve.points().toString());
    }

    /** A single step between means of many would stand out of them. */
    @Test
    void points_ofSingleStepsBetweenOthers_joinThese() {
        LossCurve curve = new LossCurve(MOST);
        int step = 0;
        for (int i = 0; i < 100; i++) {
            for (int steps : new int[] {60, 1}) {
                curve.add(new Mean(step, steps, 0, null));
                step += steps;
            }
        }
        List<Mean> points = curve.points();
        points.subList(0, points.size() - 2).forEach(mean -> assertTrue(mean.steps() >= 60, points::toString));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 19, 20, 21, 64, 1000, 99_999})
    void measures_ofAnyNumber_keepTheFirstAndTheLast(int count) {
        Measures measures = new Measures(MOST);
        for (int i = 0; i < count; i++) {
            measures.add(new Measure(10 * i, i, null));
            assertTrue(measures.points().size() <= MOST);
        }
        List<Measure> points = measures.points();
        assertEquals(0, points.get(0).step());
        assertEquals(10 * (count - 1), points.get(points.size() - 1).step());
        assertTrue(points.size() >= Math.min(count, MOST / 2), points::toString);
        for (int i = 1; i < points.size(); i++) {
            assertTrue(points.get(i).step() > points.get(i - 1).step(), points::toString);
        }
    }
}
