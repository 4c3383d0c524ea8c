package io.firesteel.compute;

import io.firesteel.linalg.SplitMix64;
import java.io.Serializable;

/**
 * The rows of each step of a training in mini-batches. Every epoch divides the rows of the data set into batches anew:
 * each row is in exactly one batch of an epoch, and each batch has B rows, except the last one, which has the rest.
 *
 * <p>In an epoch the blocks are put into a random order, and so are the rows of each block; the rows one after another
 * are the epoch's sequence, and batch k has its positions kB .. (k+1)B - 1. So a batch consists of whole blocks and
 * parts of at most two, and no row leaves the machine that has its block. Within these it is cut into tiles, of which
 * there are several even for a small batch, so that as many threads can compute a step.
 *
 * <p>The order of the blocks is such that those of a batch are far apart, and so on different machines, whatever the
 * partitioning: the blocks are cut into as many runs as a batch has blocks, and are taken from each run in turn, in a
 * random order of its own.
 *
 * @param batchRows B, from 1 to the number of rows
 * @param rows of the data set, m
 * @param blockRows the rows of a block; the last block may have fewer
 */
public record BatchSchedule(long seed, int batchRows, long rows, int blockRows) implements Serializable {
    /** Distinguishes this use of the seed from others. */
    private static final int BLOCKS = -2;

    private static final int ROWS = -3;
    private static final int SHUFFLE = -4;

    /** The number of rows below which a tile's products are not worth a sum of its own. */
    private static final int LEAST_TILE = 128;

    /** About this many tiles are made of a larger batch. */
    private static final int TILES = 4;

    public BatchSchedule {
        if (batchRows < 1 || batchRows > rows || blockRows < 1) {
            throw new IllegalArgumentException(
                    "batches of " + batchRows + " of " + rows + " rows in blocks of " + blockRows);
        }
    }

    /**
     * Returns the random order in which rows go into the blocks that batches are made of, so that each block, and each part of
     * one, is a sample of all rows, however they were sorted.
     */
    public static Permutation shuffle(long seed, long rows) {
        return new Permutation(rows, SplitMix64.at(seed, SHUFFLE));
    }

    /** Returns K, the number of batches of an epoch. */
    public int perEpoch() {
        return Math.toIntExact((rows + batchRows - 1) / batchRows);
    }

    /** Returns the batch of a step. */
    public Batch ofStep(int step) {
        long from = (long) (step % perEpoch()) * batchRows;
        return new Batch(this, step / perEpoch(), from, Math.min(from + batchRows, rows));
    }

    /** Returns the number of blocks of the data set. */
    int blocks() {
        return Math.toIntExact((rows + blockRows - 1) / blockRows);
    }

    /** Returns the number of rows of the last block. */
    int lastRows() {
        return (int) (rows - (blocks() - 1L) * blockRows);
    }

    /** Returns the number of rows of a block. */
    int rowsOf(int block) {
        return block == blocks() - 1 ? lastRows() : blockRows;
    }

    /** Returns the largest number of rows of a tile. */
    int tileRows() {
        return Math.min(blockRows, Math.max(LEAST_TILE, (batchRows + TILES - 1) / TILES));
    }

    /** Returns how many tiles some of a batch's rows in one block are cut into. */
    int tiles(int someRows) {
        return (someRows + tileRows() - 1) / tileRows();
    }

    /** Returns the order of the rows of a block in an epoch, position to row: a shuffle (Fisher and Yates, Durstenfeld 1964). */
    int[] rowOrder(int epoch, int block) {
        long key = key(ROWS, epoch, block);
        int[] order = new int[rowsOf(block)];
        for (int i = 0; i < order.length; i++) {
            int j = (int) (((SplitMix64.at(key, i) >>> 32) * (i + 1)) >>> 32); // 0 .. i, equally likely but for 2^-32
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /*
     * The place of a block in an epoch's order. There are n blocks, in q runs: run s has the blocks [n s / q, n (s + 1) / q),
     * which are f = n / q or one more. Round r takes number r of the order of run 0, of run 1, ...; after f rounds the last
     * round takes what the longer runs still have.
     */
    int place(int epoch, int block) {
        int s = (int) (((block + 1L) * runs() - 1) / blocks());
        int r = (int) order(epoch, s).at(block - firstOf(s));
        int rounds = blocks() / runs();
        return r < rounds
                ? r * runs() + s
                : rounds * runs() + (firstOf(s) - s * rounds); // this many longer ones before
    }

    /** Returns the block at a place of an epoch's order: the inverse of {@link #place}. */
    int block(int epoch, int place) {
        int rounds = blocks() / runs();
        int r = place / runs();
        int s = place % runs();
        if (r == rounds) { // longer run number s is the first one that has s + 1 longer ones up to its end
            long longer = blocks() % runs();
            s = (int) (((s + 1L) * runs() + longer - 1) / longer) - 1;
        }
        return firstOf(s) + (int) order(epoch, s).inverse(r);
    }

    /** Returns q, the number of blocks that a batch fills, rounded up. */
    private int runs() {
        return Math.min(blocks(), (batchRows + blockRows - 1) / blockRows);
    }

    private int firstOf(int run) {
        return (int) ((long) blocks() * run / runs());
    }

    private Permutation order(int epoch, int run) {
        return new Permutation(firstOf(run + 1) - firstOf(run), key(BLOCKS, epoch, run));
    }

    private long key(int use, int epoch, int number) {
        return SplitMix64.at(SplitMix64.at(SplitMix64.at(seed, use), epoch), number);
    }
}
