package io.firesteel.linalg;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one fixed binary tree along which the sums of the blocks 0 .. n-1 are added, so that the total has the same bits
 * wherever and in whatever order its parts are computed.
 *
 * <p>Offer it the sums of single blocks, in any order; offer it nodes that another tree over the same n has finished.
 * Two finished siblings become their parent at once. What is left, {@link #nodes()}, is the fewest nodes that hold
 * what was offered: a task returns them, the driver offers them to its own tree and ends with the {@link #root()}.
 */
public final class SummationTree {
    /*
     * Node (depth, index) covers the blocks [n * index / 2^depth, n * (index + 1) / 2^depth). The root is (0, 0), the
     * children of (d, k) are (d + 1, 2k) and (d + 1, 2k + 1); at the greatest depth a node covers one block or none.
     * A parent is always left + right. One with an empty child covers a single block, whose sum starts up there.
     *
     * Halves of the whole are nodes, and so are quarters: with a power of two of equal tasks each returns one node.
     * (Aligned powers of two of blocks, the more usual choice, would give every task several.)
     */

    /** A sum that is read piece by piece. */
    @FunctionalInterface
    public interface Source {
        /** Copies n of its numbers, from number {@code start} on, to the front of {@code into}. */
        void copyInto(int start, int n, double[] into);
    }

    /** A finished node: its place in the tree and the sum of its blocks. */
    public record Node(int depth, long index, double[] sum) {
        private Place place() {
            return new Place(depth, index);
        }
    }

    /**
     * The additions along the tree that are left when all nodes are known which hold the sum of all blocks, done slice by slice:
     * so several threads can share them. The sum has the bits of {@link SummationTree#root}.
     */
    public static final class Remainder {
        private final List<Node> nodes;
        private final boolean[]
                merges; // in the order of a stack machine: the next node is pushed, or the two on top are added
        private final int depth; // the most that is on the stack

        /**
         * Plans the additions.
         *
         * @param nodes in any order
         * @throws IllegalStateException when blocks are missing, or are there twice
         */
        public Remainder(List<Node> nodes) {
            this.nodes = nodes.stream().sorted(IN_ORDER).toList();
            merges = new boolean[2 * nodes.size() - 1];
            Deque<Place> stack = new ArrayDeque<>();
            int most = 0;
            int operation = 0;
            for (Node node : this.nodes) {
                Place place = node.place();
                operation++; // a push
                while (!stack.isEmpty() && stack.peek().equals(place.sibling())) {
                    place = stack.pop().parent();
                    merges[operation++] = true;
                }
                stack.push(place);
                most = Math.max(most, stack.size() + 1);
            }
            if (stack.size() != 1 || stack.peek().depth != 0) {
                throw new IllegalStateException("blocks are missing from the sum, or are there twice: " + stack);
            }
            depth = most;
        }

        /** Sets sum[from] .. sum[to - 1]; {@code sum} may be the array of a node. */
        public void addUp(double[] sum, int from, int to) {
            double[][] stack = new double[depth][Math.min(TILE, to - from)];
            for (int start = from; start < to; start += TILE) {
                int n = Math.min(TILE, to - start);
                int next = 0;
                int top = -1;
                for (boolean merge : merges) {
                    if (merge) {
                        top--;
                        ElementwiseKernels.of(n).add(stack[top], 0, stack[top + 1], 0, n);
                    } else {
                        System.arraycopy(nodes.get(next++).sum, start, stack[++top], 0, n);
                    }
                }
                System.arraycopy(stack[0], 0, sum, start, n);
            }
        }
    }

    /**
     * Adds up finished siblings among nodes, as the parts of a task's threads are, until none are left. The arrays of the nodes may be
     * written to; those that are returned are among them.
     *
     * @return the fewest nodes that hold the same, from the first block to the last
     */
    public static List<Node> merged(List<Node> nodes, Slices slices) {
        Deque<Node> stack = new ArrayDeque<>();
        nodes.stream().sorted(IN_ORDER).forEach(next -> {
            Node node = next;
            while (!stack.isEmpty() && stack.peek().place().equals(node.place().sibling())) {
                Node left = stack.pop();
                double[] right = node.sum;
                slices.each(right.length, (from, to) -> ElementwiseKernels.of(to - from)
                        .add(left.sum, from, right, from, to - from));
                node = new Node(left.depth - 1, left.index >> 1, left.sum);
            }
            stack.push(node);
        });
        List<Node> merged = new ArrayList<>(stack);
        Collections.reverse(merged);
        return merged;
    }

    /** A depth that no tree has: its places are fine enough to put nodes of all depths in order. */
    private static final int MOST_DEPTH = 62;

    /** From the first block to the last. */
    private static final Comparator<Node> IN_ORDER =
            Comparator.comparingLong(node -> node.index << (MOST_DEPTH - node.depth));

    private record Place(int depth, long index) {
        Place parent() {
            return new Place(depth - 1, index >> 1);
        }

        Place sibling() {
            return new Place(depth, index ^ 1);
        }
    }

    /** A block whose sum has been offered and not been read. */
    private record Unread(Place leaf, Source sum) {}

    /** Numbers that are carried up through all levels at once: what stays in the first-level cache. */
    private static final int TILE = 1 << 10;

    private final int length;
    private int blocks;
    private int depth;
    private final Map<Place, double[]> finished = new HashMap<>();
    private final Deque<double[]> free = new ArrayDeque<>();
    private final double[] tile = new double[TILE];
    private final double[] otherTile = new double[TILE];
    private Unread unread; // the source offered last, if it waits for its sibling

    /** Creates a tree over {@code blocks} blocks whose sums have {@code length} numbers. */
    public SummationTree(int blocks, int length) {
        this.length = length;
        clear(blocks);
    }

    /** Forgets all that was offered, keeps the memory, and is from now on a tree over {@code blocks} blocks. */
    public final void clear(int blocks) {
        if (blocks < 1) {
            throw new IllegalArgumentException("a sum over " + blocks + " blocks");
        }
        this.blocks = blocks;
        this.depth = 32 - Integer.numberOfLeadingZeros(blocks - 1);
        free.addAll(finished.values());
        finished.clear();
        unread = null;
    }

    /** Returns an array to write the sum of a block into: one that the tree no longer needs, else a new one. */
    public double[] buffer() {
        return free.isEmpty() ? new double[length] : free.pop();
    }

    /** Offers the sum of one block; the tree keeps the array. */
    public void offer(int block, double[] sum) {
        put(leaf(block), sum);
    }

    /**
     * Offers the sum of one block, which is not kept. It is read by the end of the next such call, and before {@link
     * #nodes()} or {@link #root()} return: two sources in turn will do. So two siblings become their parent without being
     * written down first.
     */
    public void offer(int block, Source sum) {
        Place leaf = leaf(block);
        if (unread != null && unread.leaf.equals(leaf.sibling())) {
            Source other = unread.sum;
            unread = null;
            carry(leaf.parent(), (start, n, into) -> {
                other.copyInto(start, n, into);
                sum.copyInto(start, n, otherTile);
                ElementwiseKernels.of(n).add(into, 0, otherTile, 0, n);
            });
        } else {
            read();
            unread = new Unread(leaf, sum);
        }
    }

    /** Offers a node that another tree over the same blocks has finished; its array is read at once and not kept. */
    public void offer(Node node) {
        offer(node.depth(), node.index(), (start, n, into) -> System.arraycopy(node.sum(), start, into, 0, n));
    }

    /** Offers the sum of such a node, which is read at once and not kept. */
    public void offer(int atDepth, long index, Source sum) {
        carry(new Place(atDepth, index), sum);
    }

    /** Returns the nodes that hold all that was offered, from the first block to the last. */
    public List<Node> nodes() {
        read();
        List<Node> nodes = new ArrayList<>(finished.size());
        finished.forEach((place, sum) -> nodes.add(new Node(place.depth, place.index, sum)));
        nodes.sort(IN_ORDER);
        return nodes;
    }

    /** Returns the sum of all blocks. Fails when some were not offered, or some twice. */
    public double[] root() {
        read();
        double[] root = finished.get(new Place(0, 0));
        if (root == null) {
            throw new IllegalStateException("blocks are missing from the sum: " + finished.keySet());
        }
        if (finished.size() > 1) { // a block offered again after its sum had gone up into a parent
            throw new IllegalStateException("offered twice: " + finished.keySet());
        }
        return root;
    }

    private void put(Place start, double[] sum) {
        List<double[]> siblings = new ArrayList<>();
        Place top = climb(start, siblings);
        if (!siblings.isEmpty()) {
            addUp((from, n, into) -> System.arraycopy(sum, from, into, 0, n), siblings, sum);
        }
        finish(top, sum);
    }

    /** Reads the source that waits, if one does. */
    private void read() {
        if (unread != null) {
            Unread last = unread;
            unread = null;
            carry(last.leaf, last.sum);
        }
    }

    /** Carries a sum that is not kept up the tree. */
    private void carry(Place start, Source sum) {
        List<double[]> siblings = new ArrayList<>();
        Place top = climb(start, siblings);
        double[] into = siblings.isEmpty() ? buffer() : siblings.get(siblings.size() - 1);
        addUp(sum, siblings, into);
        finish(top, into);
    }

    /** Returns how far up a new node goes; moves the finished siblings on the way from the tree into a list, the lowest first. */
    private Place climb(Place start, List<double[]> siblings) {
        Place place = start;
        for (double[] other; (other = finished.remove(place.sibling())) != null; place = place.parent()) {
            siblings.add(other);
        }
        return place;
    }

    /**
     * Computes into := ((sum + first sibling) + second) + ..., tile by tile, so that each number is read and written once; {@code
     * into} may be one of them. a + b == b + a in floating point: the order of the two does not matter, only which two
     * they are.
     */
    private void addUp(Source sum, List<double[]> siblings, double[] into) {
        for (int from = 0; from < length; from += TILE) {
            int n = Math.min(TILE, length - from);
            sum.copyInto(from, n, tile);
            for (double[] sibling : siblings) {
                ElementwiseKernels.of(n).add(tile, 0, sibling, from, n);
            }
            System.arraycopy(tile, 0, into, from, n);
        }
        for (double[] sibling : siblings) {
            if (sibling != into) {
                free.push(sibling);
            }
        }
    }

    private void finish(Place place, double[] sum) {
        if (finished.put(place, sum) != null) {
            throw new IllegalStateException("offered twice: " + place);
        }
    }

    /** Returns the highest place that covers just this block. */
    private Place leaf(int block) {
        if (block < 0 || block >= blocks) {
            throw new IndexOutOfBoundsException("block " + block + " of " + blocks);
        }
        // At the greatest depth: the largest index whose range starts at or before the block, and does not end there.
        long index = (((long) (block + 1) << depth) - 1) / blocks;
        Place place = new Place(depth, index);
        while (place.depth > 0 && isEmpty(place.sibling())) {
            place = place.parent();
        }
        return place;
    }

    private boolean isEmpty(Place place) {
        return (blocks * place.index) >> place.depth == (blocks * (place.index + 1)) >> place.depth;
    }
}
