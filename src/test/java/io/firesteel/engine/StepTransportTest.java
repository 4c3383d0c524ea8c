package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTransportTest {
    @ParameterizedTest
    @CsvSource({"200000, 1024", "4194304, 1024", "8388608, 2048", "16777216, 4096", "2000000000, 4096"})
    void pieceKib_isAQuarterOfThetaWithinBounds(int bytes, int kib) {
        assertEquals(kib, StepTransport.Broadcasted.pieceKib(bytes));
    }
}
