package io.firesteel.data;

import io.firesteel.engine.BlockJob;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.RowChunk;
import io.firesteel.table.RowChunk.Position;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * A random split of rows into parts of exact sizes. Every row draws a number that depends on the seed and on its place
 * in the canonical order. In each stratum (each class, or all rows) the rows with the smallest draws are part 0, the
 * next ones part 1, and so on.
 */
final class RandomSplit implements Serializable {
    /*
     * A part ends, in a stratum of n rows, before the row whose draw has the rank k among them. Draws are uniform: that one
     * lies within a few times sqrt(p (1 - p) / n) of p = k / n, where it is looked for, and only the draws of that window,
     * some sqrt(n) of them, come to the driver. If it should not lie there, the window is widened.
     */
    private static final long serialVersionUID = 1;

    /** The window's half width in standard deviations: one search in about 10^15 needs a second. */
    private static final double DEVIATIONS = 8;

    private final Draw draw;
    private final long[][] firsts; // [stratum][part - 1] is the smallest draw of a part

    private RandomSplit(Draw draw, long[][] firsts) {
        this.draw = draw;
        this.firsts = firsts;
    }

    /**
     * Returns the split into part 0, a fraction of each stratum rounded to whole rows, and part 1, the rest. Of two
     * rows or more each part has at least one; a single row is in part 1.
     */
    static RandomSplit fraction(NumberedRows source, LabelIndex strata, long seed, double fraction) {
        return of(source, strata, seed, n -> new long[] {Math.min(n - 1, Math.max(1, Math.round(fraction * n)))});
    }

    /** Returns the split into parts whose sizes differ by at most one row in each stratum. */
    static RandomSplit parts(NumberedRows source, LabelIndex strata, long seed, int parts) {
        return of(source, strata, seed, n -> LongStream.range(1, parts)
                .map(part -> part * n / parts)
                .toArray());
    }

    /** Returns the number of rows of each class. */
    static long[] classSizes(NumberedRows source, LabelIndex strata) {
        long[] sizes = new long[strata.classCount()];
        BlockJob.run(
                "count classes",
                source.chunks(),
                new Count(strata),
                counts -> Arrays.setAll(sizes, c -> sizes[c] + counts[c]));
        return sizes;
    }

    /**
     * Returns a split.
     *
     * @param strata tells a row's class; null where all rows are one stratum
     * @param before gives for a stratum of n rows the number of rows before each part but part 0: ascending numbers less than n
     */
    private static RandomSplit of(NumberedRows source, LabelIndex strata, long seed, LongFunction<long[]> before) {
        long[] rows = strata == null ? new long[] {source.count()} : classSizes(source, strata);
        long[][] ranks = new long[rows.length][];
        for (int s = 0; s < rows.length; s++) {
            ranks[s] = rows[s] == 0 ? new long[0] : before.apply(rows[s]); // a class without rows has no parts
        }
        Draw draw = new Draw(seed, strata, source.firstRows());
        long[][] firsts = null;
        for (double deviations = DEVIATIONS; firsts == null; deviations *= 4) {
            firsts = search(source, draw, rows, ranks, deviations);
        }
        return new RandomSplit(new Draw(seed, strata, null), firsts);
    }

    /**
     * Returns the part of a row.
     *
     * @param row its number in the canonical order
     * @param chunk the chunk that holds it
     * @param i its number in the chunk
     */
    int part(long row, RowChunk chunk, int i) {
        long drawn = draw.of(row);
        int part = 0;
        for (long first : firsts[draw.stratum(chunk, i)]) {
            part += first <= drawn ? 1 : 0;
        }
        return part;
    }

    /** Returns the draws that have these ranks; null when one is outside the window where it is expected. */
    private static long[][] search(NumberedRows source, Draw draw, long[] rows, long[][] ranks, double deviations) {
        Window[][] windows = new Window[rows.length][];
        List<List<Found>> found = new ArrayList<>();
        for (int s = 0; s < rows.length; s++) {
            windows[s] = new Window[ranks[s].length];
            for (int k = 0; k < ranks[s].length; k++) {
                windows[s][k] = Window.around(ranks[s][k], rows[s], deviations);
                found.add(new ArrayList<>());
            }
        }
        BlockJob.run("split rows", source.chunks(), new Search(draw, windows), ofTask -> {
            for (int w = 0; w < ofTask.length; w++) {
                found.get(w).add(ofTask[w]);
            }
        });
        long[][] firsts = new long[rows.length][];
        int w = 0;
        for (int s = 0; s < rows.length; s++) {
            firsts[s] = new long[ranks[s].length];
            for (int k = 0; k < ranks[s].length; k++) {
                List<Found> pieces = found.get(w++);
                long rank =
                        ranks[s][k] - pieces.stream().mapToLong(Found::below).sum();
                long[] inside = pieces.stream()
                        .flatMapToLong(piece -> Arrays.stream(piece.inside))
                        .sorted()
                        .toArray();
                if (rank < 0 || rank >= inside.length) {
                    return null;
                }
                firsts[s][k] = inside[(int) rank];
            }
        }
        return firsts;
    }

    /**
     * The random numbers of rows.
     *
     * @param strata null for one stratum
     * @param firstRows the number of each chunk's first row; null where rows are known by number
     */
    private record Draw(long seed, LabelIndex strata, Map<Position, Long> firstRows) implements Serializable {
        /**
         * Returns a row's draw, of all 2^64 numbers: the row-th output of SplitMix64 (Steele, Lea and Flood 2014) with
         * the seed. No two rows have the same draw.
         */
        long of(long row) {
            return SplitMix64.at(seed, row);
        }

        int stratum(RowChunk chunk, int i) {
            return strata == null ? 0 : strata.classOf(chunk, i);
        }
    }

    /** An interval of draws, both ends included. */
    private record Window(long low, long high) implements Serializable {
        static Window around(long rank, long n, double deviations) {
            double p = (double) rank / n;
            double half = deviations * (Math.sqrt(p * (1 - p) / n) + 1.0 / n);
            return new Window(draw(p - half), draw(p + half));
        }

        /** Returns the draw below which this fraction of all lies; a cast to long saturates. */
        private static long draw(double part) {
            return (long) ((part - 0.5) * 0x1p64);
        }
    }

    /**
     * A task's draws for a window.
     *
     * @param below the number of draws below it
     * @param inside the draws inside
     */
    private record Found(long below, long[] inside) implements Serializable {}

    private record Count(LabelIndex strata) implements BlockJob.Work<RowChunk, long[]> {
        @Override
        public long[] on(Iterator<RowChunk> chunks) {
            long[] counts = new long[strata.classCount()];
            chunks.forEachRemaining(chunk -> {
                for (int i = 0; i < chunk.head().rows(); i++) {
                    counts[strata.classOf(chunk, i)]++;
                }
            });
            return counts;
        }
    }

    private record Search(Draw draw, Window[][] windows) implements BlockJob.Work<RowChunk, Found[]> {
        @Override
        public Found[] on(Iterator<RowChunk> chunks) {
            int[] starts = new int[windows.length + 1]; // of a stratum's windows among all
            for (int s = 0; s < windows.length; s++) {
                starts[s + 1] = starts[s] + windows[s].length;
            }
            long[] below = new long[starts[windows.length]];
            LongStream.Builder[] inside = new LongStream.Builder[below.length];
            Arrays.setAll(inside, w -> LongStream.builder());
            while (chunks.hasNext()) {
                RowChunk chunk = chunks.next();
                long first = draw.firstRows.get(chunk.head().position());
                for (int i = 0; i < chunk.head().rows(); i++) {
                    long drawn = draw.of(first + i);
                    int s = draw.stratum(chunk, i);
                    for (int k = 0; k < windows[s].length; k++) {
                        if (drawn < windows[s][k].low) {
                            below[starts[s] + k]++;
                        } else if (drawn <= windows[s][k].high) {
                            inside[starts[s] + k].add(drawn);
                        }
                    }
                }
            }
            Found[] found = new Found[below.length];
            Arrays.setAll(found, w -> new Found(below[w], inside[w].build().toArray()));
            return found;
        }
    }
}
