package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummationTreeTest {
    private static final int MOST = 40;

    /** Sums whose total depends on the order of the additions: magnitudes from 1e-8 to 1e8, both signs. */
    private static double[][] roughSums(int n, Random random) {
        return roughSums(n, 3, random);
    }

    private static double[][] roughSums(int n, int length, Random random) {
        double[][] sums = new double[n][length];
        for (double[] sum : sums) {
            Arrays.setAll(sum, i -> random.nextGaussian() * Math.pow(10, random.nextInt(17) - 8));
        }
        return sums;
    }

    private static double[] rootOf(double[][] sums) {
        SummationTree tree = new SummationTree(sums.length, sums[0].length);
        for (int block = 0; block < sums.length; block++) {
            tree.offer(block, sums[block].clone());
        }
        return tree.root();
    }

    /** The nodes of the blocks from .. to - 1, offered in any order, as a task offers them. */
    private static List<SummationTree.Node> task(double[][] sums, int from, int to, Random random) {
        SummationTree tree = new SummationTree(sums.length, sums[0].length);
        List<Integer> blocks = new ArrayList<>();
        for (int block = from; block < to; block++) {
            blocks.add(block);
        }
        Collections.shuffle(blocks, random);
        for (int block : blocks) {
            double[] buffer = tree.buffer();
            System.arraycopy(sums[block], 0, buffer, 0, buffer.length);
            tree.offer(block, buffer);
        }
        return tree.nodes();
    }

    @Test
    void root_ofAnyRunsInAnyOrder_hasTheSameBits() {
        Random random = new Random(1);
        for (int n = 1; n <= MOST; n++) {
            double[][] sums = roughSums(n, random);
            double[] expected = rootOf(sums);
            for (int trial = 0; trial < 30; trial++) {
                TreeSet<Integer> bounds = new TreeSet<>(List.of(0, n));
                for (int cut = random.nextInt(6); cut > 0; cut--) {
                    bounds.add(random.nextInt(n + 1));
                }
                List<SummationTree.Node> nodes = new ArrayList<>();
                for (int from : bounds) {
                    Integer to = bounds.higher(from);
                    if (to != null) {
                        nodes.addAll(task(sums, from, to, random));
                    }
                }
                Collections.shuffle(nodes, random);
                SummationTree driver = new SummationTree(n, 3);
                nodes.forEach(driver::offer);
                assertArrayEquals(expected, driver.root(), n + " blocks in runs " + bounds);
            }
        }
    }

    /** The test above would pass with exact sums in any order: these are not exact. */
    @Test
    void root_isNotWhatAPlainLoopGives() {
        double[][] sums = roughSums(MOST, new Random(1));
        double[] loop = new double[3];
        for (double[] sum : sums) {
            for (int i = 0; i < 3; i++) {
                loop[i] += sum[i];
            }
        }
        double[] root = rootOf(sums);
        assertNotEquals(Arrays.toString(loop), Arrays.toString(root));
        assertArrayEquals(loop, root, 1e-5);
    }

    /** Block k gives 2^k: the total 2^n - 1 is exact, and tells that each block was counted once. */
    @Test
    void root_countsEveryBlockOnce() {
        for (int n = 1; n <= MOST; n++) {
            double[][] sums = new double[n][1];
            for (int k = 0; k < n; k++) {
                sums[k][0] = Math.scalb(1.0, k);
            }
            assertEquals(Math.scalb(1.0, n) - 1, rootOf(sums)[0]);
        }
    }

    /*
     * By hand: of 3 blocks, the halves are [0, 1) and [1, 3), so the sum is a + (b + c). With a = 2^53 and b = c = 1 that is
     * 2^53 + 2; from left to right it were (2^53 + 1) + 1 = 2^53, since 2^53 + 1 rounds to even.
     */
    @Test
    void root_ofThreeBlocks_byHand() {
        assertEquals(0x1p53 + 2, rootOf(new double[][] {{0x1p53}, {1}, {1}})[0]);
    }

    @Test
    void nodes_ofEachOfAPowerOfTwoOfEqualParts_areOne() {
        Random random = new Random(2);
        for (int n = 1; n <= MOST; n++) {
            double[][] sums = roughSums(n, random);
            for (int parts = 1; parts <= 8; parts *= 2) {
                for (int part = 0; part < parts; part++) {
                    int from = n * part / parts;
                    int to = n * (part + 1) / parts;
                    int expected = from < to ? 1 : 0;
                    assertEquals(expected, task(sums, from, to, random).size(), from + " to " + to + " of " + n);
                }
            }
        }
    }

    /** A run is at most two paths down the tree: two nodes a level. */
    @Test
    void nodes_ofAnyRun_areFewAndInOrder() {
        int n = 1000;
        double[][] sums = new double[n][1];
        for (int k = 0; k < n; k++) {
            sums[k][0] = k;
        }
        Random random = new Random(3);
        for (int trial = 0; trial < 100; trial++) {
            int from = random.nextInt(n);
            int to = from + 1 + random.nextInt(n - from);
            List<SummationTree.Node> nodes = task(sums, from, to, random);
            assertTrue(nodes.size() <= 2 * 10, nodes.size() + " nodes");
            double total = nodes.stream().mapToDouble(node -> node.sum()[0]).sum();
            assertEquals((double) (to - from) * (from + to - 1) / 2, total, "Gauss: sum of from .. to - 1");
            double before = -1;
            for (SummationTree.Node node : nodes) { // the part of the whole at which the node starts
                double start = Math.scalb((double) node.index(), -node.depth());
                assertTrue(start > before, "from the first block to the last");
                before = start;
            }
        }
    }

    @Test
    void root_withBlocksMissing_isRefused() {
        for (int n = 1; n <= MOST; n++) {
            for (int missing = 0; missing < n; missing++) {
                SummationTree tree = new SummationTree(n, 1);
                for (int block = 0; block < n; block++) {
                    if (block != missing) {
                        tree.offer(block, new double[1]);
                    }
                }
                assertThrows(IllegalStateException.class, tree::root);
            }
        }
    }

    /** Told at once, or at the latest when the sum is asked for: whether or not the block has been added up already. */
    @Test
    void root_withABlockTwice_isRefused() {
        for (int n = 1; n <= MOST; n++) {
            for (int twice = 0; twice < n; twice++) {
                for (int again = twice; again < n; again++) {
                    int doubled = twice;
                    int after = again;
                    SummationTree tree = new SummationTree(n, 1);
                    int blocks = n;
                    assertThrows(
                            IllegalStateException.class,
                            () -> {
                                for (int block = 0; block < blocks; block++) {
                                    tree.offer(block, new double[1]);
                                    if (block == after) {
                                        tree.offer(doubled, new double[1]);
                                    }
                                }
                                tree.root();
                            },
                            "block " + twice + " of " + n + " again after " + again);
                }
            }
        }
    }

    @Test
    void offer_ofABlockThatIsNotThere_isRefused() {
        SummationTree tree = new SummationTree(3, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> tree.offer(3, new double[1]));
        assertThrows(IndexOutOfBoundsException.class, () -> tree.offer(-1, new double[1]));
        assertThrows(IllegalArgumentException.class, () -> new SummationTree(0, 1));
    }

    /** As a task's gradients: each array holds the next but one block's sum, and what was in it before is gone. */
    @Test
    void root_ofTwoSourcesInTurn_isThatOfArrays() {
        Random random = new Random(5);
        int length = 2500; // more than two tiles
        double[][] memory = new double[2][length];
        for (int n = 1; n <= MOST; n++) {
            double[][] sums = roughSums(n, length, random);
            for (boolean shuffled : new boolean[] {false, true}) {
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, n).boxed().toList());
                if (shuffled) {
                    Collections.shuffle(order, random);
                }
                int half = random.nextInt(n + 1); // of the blocks, which another tree gets
                SummationTree[] trees = {new SummationTree(n, length), new SummationTree(n, length)};
                for (int k = 0; k < n; k++) {
                    double[] now = memory[k % 2];
                    System.arraycopy(sums[order.get(k)], 0, now, 0, length);
                    SummationTree tree = trees[k < half ? 0 : 1];
                    tree.offer(order.get(k), (start, count, into) -> System.arraycopy(now, start, into, 0, count));
                    if (k == half - 1) {
                        assertTrue(tree.nodes().size() <= half);
                    }
                }
                trees[0].nodes().forEach(trees[1]::offer);
                assertArrayEquals(rootOf(sums), trees[1].root(), n + " blocks in order " + order);
            }
        }
    }

    @Test
    void root_withASourceMissingOrTwice_isRefused() {
        SummationTree.Source one = (start, count, into) -> into[0] = 1;
        for (int n = 2; n <= MOST; n++) {
            for (int k = 0; k < n; k++) {
                SummationTree missing = new SummationTree(n, 1);
                SummationTree twice = new SummationTree(n, 1);
                int block = k;
                int blocks = n;
                IntStream.range(0, n).filter(b -> b != block).forEach(b -> missing.offer(b, one));
                assertThrows(IllegalStateException.class, missing::root);
                assertThrows(IllegalStateException.class, () -> {
                    IntStream.range(0, blocks).forEach(b -> twice.offer(b, one));
                    twice.offer(block, one);
                    twice.root();
                });
            }
        }
    }

    /** A task over many blocks needs a few arrays, not one a block. */
    @Test
    void buffer_isUsedAgain() {
        SummationTree tree = new SummationTree(1024, 1);
        Set<double[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int block = 0; block < 1024; block++) {
            double[] buffer = tree.buffer();
            buffer[0] = 1;
            arrays.add(buffer);
            tree.offer(block, buffer);
        }
        assertEquals(1024, tree.root()[0]);
        assertTrue(arrays.size() <= 11, arrays.size() + " arrays");
    }

    /** A tree is used again for the next step, also after one that was broken off: nothing of it may remain. */
    @Test
    void clear_forgetsAllButTheMemory() {
        Random random = new Random(4);
        double[][] sums = roughSums(13, random);
        double[] expected = rootOf(sums);
        SummationTree tree = new SummationTree(13, 3);
        Set<double[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int blocks : new int[] {5, 13, 12, 13}) {
            tree.offer(blocks - 1, (start, count, into) -> Arrays.fill(into, 0, count, Double.NaN));
            tree.clear(13);
            assertEquals(List.of(), tree.nodes());
            for (int block = 0; block < blocks; block++) {
                double[] buffer = tree.buffer();
                arrays.add(buffer);
                System.arraycopy(sums[block], 0, buffer, 0, 3);
                tree.offer(block, buffer);
            }
            if (blocks == 13) {
                assertArrayEquals(expected, tree.root());
            } else {
                assertThrows(IllegalStateException.class, tree::root);
            }
        }
        assertTrue(arrays.size() <= 5, arrays.size() + " arrays for four rounds");

        double[][] fewer = Arrays.copyOf(sums, 6);
        tree.clear(6);
        for (int block = 0; block < 6; block++) {
            tree.offer(block, fewer[block].clone());
        }
        assertArrayEquals(rootOf(fewer), tree.root(), "a tree over other blocks");
    }

    /** Tasks of any runs of blocks, whose nodes are added up in slices of any length. */
    @Test
    void remainder_inAnySlices_hasTheBitsOfTheRoot() {
        Random random = new Random(11);
        int length = 2500; // more than two tiles
        for (int n = 1; n <= MOST; n++) {
            double[][] sums = roughSums(n, length, random);
            List<SummationTree.Node> nodes = new ArrayList<>();
            for (int from = 0; from < n; ) {
                int to = from + 1 + random.nextInt(n - from);
                nodes.addAll(task(sums, from, to, random));
                from = to;
            }
            SummationTree.Remainder remainder = new SummationTree.Remainder(nodes);
            double[] into = n % 2 == 0 ? nodes.get(0).sum() : new double[length];
            for (int from = 0; from < length; ) {
                int to = from + 1 + random.nextInt(length - from);
                remainder.addUp(into, from, to);
                from = to;
            }
            assertArrayEquals(rootOf(sums), into, n + " blocks");
        }
    }

    /** What several threads have of a task's run becomes what one thread would have. */
    @Test
    void merged_ofThreads_isWhatOneTaskHas() {
        Random random = new Random(12);
        for (int trial = 0; trial < 500; trial++) {
            int n = 1 + random.nextInt(MOST);
            double[][] sums = roughSums(n, random);
            int start = random.nextInt(n);
            int end = start + 1 + random.nextInt(n - start);
            List<SummationTree.Node> parts = new ArrayList<>();
            for (int from = start; from < end; ) {
                int to = from + 1 + random.nextInt(end - from);
                parts.addAll(task(sums, from, to, random));
                from = to;
            }
            Collections.shuffle(parts, random);
            List<SummationTree.Node> merged = SummationTree.merged(parts, Slices.ONE);
            List<SummationTree.Node> expected = task(sums, start, end, random);
            assertEquals(expected.size(), merged.size());
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).depth(), merged.get(i).depth());
                assertEquals(expected.get(i).index(), merged.get(i).index());
                assertArrayEquals(expected.get(i).sum(), merged.get(i).sum());
            }
        }
    }

    @Test
    void remainder_ofNodesThatAreNotAll_isRefused() {
        double[][] sums = roughSums(5, new Random(1));
        List<SummationTree.Node> some = task(sums, 0, 4, new Random(2));
        assertThrows(IllegalStateException.class, () -> new SummationTree.Remainder(some));
        List<SummationTree.Node> twice = new ArrayList<>(task(sums, 0, 5, new Random(2)));
        twice.addAll(task(sums, 2, 4, new Random(2)));
        assertThrows(IllegalStateException.class, () -> new SummationTree.Remainder(twice));
    }
}
