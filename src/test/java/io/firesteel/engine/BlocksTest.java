package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import java.util.List;
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

    private static Network network(int inputs, int hidden) {
        return Network.of(List.of(inputs, hidden, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
    }
}
