package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads share a pass, and every kernel's sums keep their bits. */
@Timeout(60)
class LocalRunnerTest {
    @ParameterizedTest
    @EnumSource(Precision.class)
    void sum_onAnyNumberOfThreads_hasTheSameBits(Precision precision) {
        List<Block> blocks = KernelCases.blocks(precision);
        KernelCases.kernels(precision).forEach((name, kernel) -> {
            List<double[]> expected = new ArrayList<>();
            for (int threads : new int[] {1, 2, 3, 5, 20}) {
                try (Runner<Block> runner = LocalRunner.of(blocks, threads)) {
                    List<double[]> sums = KernelCases.points().stream()
                            .map(point -> runner.sum(kernel, point).sums().clone())
                            .toList();
                    for (int i = 0; i < expected.size(); i++) {
                        assertArrayEquals(expected.get(i), sums.get(i), name + " on " + threads + " threads");
                    }
                    expected = sums;
                }
            }
        });
    }

    /** One runner, one kernel after another: the memory of the one is none of the other's. */
    @Test
    void sum_ofKernelsInTurn_isThatOfEach() {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        Point point = KernelCases.points().get(0);
        try (Runner<Block> shared = LocalRunner.of(blocks, 2)) {
            for (int round = 0; round < 2; round++) {
                KernelCases.kernels(Precision.DOUBLE)
                        .forEach((name, kernel) -> assertArrayEquals(
                                LocalRunner.of(blocks, 1).sum(kernel, point).sums(),
                                shared.sum(kernel, point).sums(),
                                name));
            }
        }
    }

    /** 130 rows of the classes 0, 1, 2 in turn, counted by hand. */
    @Test
    void sum_ofClassTotals_isThatOfALoop() {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        double[] expected = new double[3];
        for (Block block : blocks) {
            for (int j = 0; j < block.examples().size(); j++) {
                expected[(block.number() * KernelCases.BLOCK_ROWS + j) % 3] +=
                        block.examples().weight(j);
            }
        }
        double[] sums = LocalRunner.of(blocks, 1)
                .sum(new KernelCases.Totals(3), Point.NONE)
                .sums();
        assertArrayEquals(expected, sums, 1e-12);
    }

    /** Says on which thread it is computed, and takes so long that threads are worth it. */
    private record Slow(Set<Thread> threads, int failingBlock) implements Kernel.Plain<KernelCases.BareBlock> {
        @Override
        public int length() {
            return 1;
        }

        @Override
        public void add(KernelCases.BareBlock block, double[] sums) {
            threads.add(Thread.currentThread());
            if (block.number() == failingBlock) {
                throw new IllegalStateException("block " + block.number());
            }
            long end = System.nanoTime() + Duration.ofMillis(1).toNanos();
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            sums[0] += block.number();
        }
    }

    private static List<KernelCases.BareBlock> bareBlocks(int n) {
        return IntStream.range(0, n).mapToObj(KernelCases.BareBlock::new).toList();
    }

    @Test
    void sum_isSharedByThreads_thatEndWithTheRunner() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Slow kernel = new Slow(threads, -1);
        LocalRunner<KernelCases.BareBlock> runner = new LocalRunner<>(bareBlocks(12), 1, 3);
        for (int pass = 0; pass < 5; pass++) {
            assertEquals(66, runner.sum(kernel, Point.NONE).sums()[0]); // 0 + 1 + ... + 11
        }
        assertEquals(3, threads.size());
        assertTrue(threads.remove(Thread.currentThread()), "the caller is one of them");
        runner.close();
        for (Thread thread : threads) {
            assertTrue(thread.isDaemon());
            thread.join();
        }
    }

    @Test
    void sum_ofAKernelThatFails_throws_andTheRunnerGoesOn() {
        try (LocalRunner<KernelCases.BareBlock> runner = new LocalRunner<>(bareBlocks(12), 1, 3)) {
            for (int failing : new int[] {0, 5, 11}) {
                Slow kernel = new Slow(ConcurrentHashMap.newKeySet(), failing);
                IllegalStateException failure =
                        assertThrows(IllegalStateException.class, () -> runner.sum(kernel, Point.NONE));
                assertEquals("block " + failing, failure.getMessage());
            }
            Slow kernel = new Slow(ConcurrentHashMap.newKeySet(), -1);
            assertEquals(66, runner.sum(kernel, Point.NONE).sums()[0]);
        }
    }

    /** A pass of microseconds is not worth the meeting of threads. */
    @Test
    void sum_ofTinyBlocks_isLeftToTheCaller() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        record Tiny(Set<Thread> threads) implements Kernel.Plain<KernelCases.BareBlock> {
            @Override
            public int length() {
                return 1;
            }

            @Override
            public void add(KernelCases.BareBlock block, double[] sums) {
                threads.add(Thread.currentThread());
                sums[0]++;
            }
        }
        try (LocalRunner<KernelCases.BareBlock> runner = new LocalRunner<>(bareBlocks(4), 1, 2)) {
            Tiny kernel = new Tiny(threads);
            for (int pass = 0; pass < 2000; pass++) {
                runner.sum(kernel, Point.NONE);
            }
            threads.clear();
            assertEquals(4, runner.sum(kernel, Point.NONE).sums()[0]);
            assertEquals(Set.of(Thread.currentThread()), threads);
        }
    }

    @Test
    void total_isOfTheSlowestThread() {
        try (LocalRunner<KernelCases.BareBlock> runner = new LocalRunner<>(bareBlocks(3), 1, 2)) {
            Slow kernel = new Slow(ConcurrentHashMap.newKeySet(), -1);
            Runner.Total total = runner.sum(kernel, Point.NONE); // one block for the caller, two for the other
            assertTrue(total.taskNanos() >= 2_000_000 && total.taskNanos() <= total.nanos(), total.toString());
            assertEquals(0, total.productNanos());
            assertTrue(runner.isOnDriver());
        }
    }
}
