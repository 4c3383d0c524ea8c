package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.TestSpark;
import io.firesteel.compute.Block;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BlocksTest {
    /** 8 entries for each input, as a power of two from 512 to 16384 rows, and few enough for the widest layer. */
    @Test
    void rowsFor_sparseInputs() {
        assertEquals(4096, Blocks.rowsFor(network(100_000, 16), 0.001));
        assertEquals(512, Blocks.rowsFor(network(100_000, 16), 0.05));
        assertEquals(512, Blocks.rowsFor(network(100, 16), 1));
        assertEquals(16384, Blocks.rowsFor(network(1_000_000, 16), 1e-5));
        assertEquals(16384, Blocks.rowsFor(network(1_000_000, 16), 0));
        assertEquals(2048, Blocks.rowsFor(network(10_000, 4096), 0.001));
    }

    /** Three blocks of 8, 8 and 4 rows in four partitions, of which the first is empty. */
    @Test
    @Tag("spark")
    void first_areTheFirstRowsOfTheFirstBlock() {
        Network network = Network.of(List.of(3, 1), Activation.TANH, Loss.SQUARED_ERROR);
        Samples samples = Samples.random(network, 20, false, 1);
        List<Block> three = SampleBlocks.of(samples, Precision.DOUBLE, 8);
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
        try (Blocks blocks = Blocks.cached(spark.parallelize(three, 4), 3, 8, 20)) {
            Examples five = blocks.first(5);
            assertEquals(5, five.size());
            IntStream.range(0, 5)
                    .forEach(j -> assertEquals(samples.y()[j][0], five.y().get(0, j)));
            assertEquals(8, blocks.first(100).size());
        }
    }

    private static Network network(int inputs, int hidden) {
        return Network.of(List.of(inputs, hidden, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
    }
}
