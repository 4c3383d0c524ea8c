package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Samples;
import java.util.ArrayList;
import java.util.List;

/** Blocks of samples. */
public final class SampleBlocks {
    private SampleBlocks() {}

    /** All samples in blocks of {@code rows} each, the last one with what is left. */
    public static List<Block> of(Samples samples, Precision precision, int rows) {
        List<Block> blocks = new ArrayList<>();
        for (Examples slice : samples.slices(precision, rows)) {
            blocks.add(new Block(blocks.size(), slice));
        }
        return blocks;
    }
}
