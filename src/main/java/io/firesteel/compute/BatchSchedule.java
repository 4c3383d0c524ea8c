package io.firesteel.compute;

import io.firesteel.linalg.SplitMix64;
import java.io.Serializable;

/**
 * The rows of each step of a training in mini-batches. Every epoch divides the rows of the data set into batches anew:
 * each row is in exactly one batch of an epoch, and each batch has B rows, except the last one, which has the rest.
 *
 * <p>In an epoch the blocks are put into a random order, and so are the rows of each block; the rows one after another
 * are the epoch's sequence, and batch k has its positions kB .. (k+1)B - 1. So a batch consists of whole blocks and
 * parts of at most two, and no row leaves the machine that has its block.
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

    /** Returns the order of the rows of a block in an epoch: place to row. */
    Permutation rowOrder(int epoch, int block) {
        int size = block == blocks() - 1 ? lastRows() : blockRows;
        return new Permutation(size, key(ROWS, epoch, block));
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
        return r < rounds ? r * runs() + s : rounds * runs() + (firstOf(s) - s * rounds); // so many longer ones before
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
