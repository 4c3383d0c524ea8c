package io.firesteel.check;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.data.TrainingSet;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.model.InputLayout;
import io.firesteel.nn.Examples;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Validation rows that are among the rows to train on, too, with the same features and the same label. Rows are compared by a
 * hash of 64 bits.
 */
final class RepeatedRows {
    /** The number of validation rows that are looked for at most. */
    private static final int MOST_ROWS = 4096;

    private RepeatedRows() {}

    /** Returns their part of the validation rows, by some of these at equal distances: the same on any cluster. */
    static double part(TrainingSet data) {
        InputLayout layout = data.columns().encoding().layout(data.columns().features());
        long[] hashes = data.validation().sample(MOST_ROWS).stream()
                .flatMapToLong(part -> IntStream.range(0, part.size()).mapToLong(j -> hash(layout, part, j)))
                .toArray();
        long[] wanted = Arrays.stream(hashes).sorted().distinct().toArray();
        double[] found;
        try (Runner<Block> runner = data.training().runner()) {
            found = runner.sum(new Matches(layout, wanted), Point.NONE).sums().clone();
        }
        long repeated = Arrays.stream(hashes)
                .filter(hash -> found[Arrays.binarySearch(wanted, hash)] > 0)
                .count();
        return (double) repeated / hashes.length;
    }

    private static long hash(InputLayout layout, Examples examples, int j) {
        long hash = 0;
        for (double value : SampledColumns.features(layout, examples.x(), j)) {
            hash = SplitMix64.at(hash, Double.doubleToLongBits(value));
        }
        for (int i = 0; i < examples.y().rows(); i++) {
            hash = SplitMix64.at(hash, Double.doubleToLongBits(examples.y().get(i, j)));
        }
        return hash;
    }

    /** The numbers of rows that have each of the hashes, which ascend. */
    private record Matches(InputLayout layout, long[] hashes) implements Kernel.Plain<Block> {
        @Override
        public String purpose() {
            return "rows that are held out and trained on";
        }

        @Override
        public int length() {
            return hashes.length;
        }

        @Override
        public void add(Block block, double[] sums) {
            Examples examples = block.examples();
            for (int j = 0; j < examples.size(); j++) {
                int k = Arrays.binarySearch(hashes, hash(layout, examples, j));
                if (k >= 0) {
                    sums[k]++;
                }
            }
        }
    }
}
