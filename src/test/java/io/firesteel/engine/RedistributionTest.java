package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedistributionTest {
    private final List<Integer> surplus = new ArrayList<>();

    @Test
    void addSurplus_whereAnExecutorHasNothing_takesFromTheOther() {
        assertTrue(Redistribution.addSurplus(
                Map.of("a", List.of(0, 1), "b", List.of()), 2, Map.of("a", 1, "b", 1), surplus));
        assertEquals(List.of(1), surplus);
    }

    @Test
    void addSurplus_countsCores() {
        Map<String, List<Integer>> held = Map.of("a", List.of(0, 1, 2, 3, 4, 5), "b", List.of());
        assertTrue(Redistribution.addSurplus(held, 6, Map.of("a", 4, "b", 2), surplus));
        assertEquals(List.of(4, 5), surplus);
    }

    @Test
    void addSurplus_whereAllHaveTheirShare_takesNothing() {
        Map<String, List<Integer>> held = Map.of("a", List.of(0, 1), "b", List.of(2, 3), "c", List.of(4));
        assertTrue(Redistribution.addSurplus(held, 5, Map.of("a", 1, "b", 1, "c", 1), surplus));
        assertEquals(List.of(), surplus);
    }

    @Test
    void addSurplus_whereThereAreFewerPartitionsThanExecutors_takesNothing() {
        Map<String, List<Integer>> held = Map.of("a", List.of(0), "b", List.of(), "c", List.of(1));
        assertTrue(Redistribution.addSurplus(held, 2, Map.of("a", 1, "b", 1, "c", 1), surplus));
        assertEquals(List.of(), surplus);
    }

    @Test
    void addSurplus_whilePartitionsAreNowhere_waits() {
        Map<String, List<Integer>> held = Map.of("a", List.of(0, 1), "b", List.of());
        assertFalse(Redistribution.addSurplus(held, 3, Map.of("a", 1, "b", 1), surplus));
        assertEquals(List.of(), surplus);
    }
}
