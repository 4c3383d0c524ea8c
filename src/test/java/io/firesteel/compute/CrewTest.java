package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CrewTest {
    @ParameterizedTest
    @CsvSource({"1, 100000", "2, 0", "2, 1", "2, 16383", "2, 16384", "3, 100000", "5, 100001", "7, 57345"})
    void each_doesEveryNumberOnce(int threads, int n) {
        try (Crew crew = new Crew(threads)) {
            int[] times = new int[n];
            int[] once = new int[n];
            java.util.Arrays.fill(once, 20);
            for (int round = 0; round < 20; round++) {
                crew.each(n, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        times[i]++;
                    }
                });
            }
            assertArrayEquals(once, times);
        }
    }

    @Test
    void each_ofManyNumbers_isShared_andOfFewIsNot() {
        try (Crew crew = new Crew(3)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            crew.each(100_000, (from, to) -> threads.add(Thread.currentThread()));
            assertEquals(3, threads.size());
            threads.clear();
            crew.each(1_000, (from, to) -> threads.add(Thread.currentThread()));
            assertEquals(Set.of(Thread.currentThread()), threads);
        }
    }

    @Test
    void each_ofWorkThatFails_throws_andTheCrewGoesOn() {
        try (Crew crew = new Crew(3)) {
            for (int failing : new int[] {0, 50_000, 99_999}) {
                IllegalStateException failure = assertThrows(
                        IllegalStateException.class,
                        () -> crew.each(100_000, (from, to) -> {
                            if (from <= failing && failing < to) {
                                throw new IllegalStateException("number " + failing);
                            }
                        }));
                assertEquals("number " + failing, failure.getMessage());
            }
            int[] numbers = new int[1];
            crew.each(10, (from, to) -> numbers[0] += to - from);
            assertEquals(10, numbers[0]);
        }
    }
}
