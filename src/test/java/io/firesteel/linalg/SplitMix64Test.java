package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SplitMix64Test {
    /** The outputs of Vigna's splitmix64.c for the seed 1234567, as unsigned numbers; they are on Rosetta Code. */
    @Test
    void at_isTheReferences() {
        String[] expected = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (int n = 0; n < expected.length; n++) {
            assertEquals(Long.parseUnsignedLong(expected[n]), SplitMix64.at(1234567, n));
        }
    }

    @Test
    void uniform_isTheFirst53Bits() {
        assertEquals((6457827717110365317L >>> 11) / 0x1p53, SplitMix64.uniform(1234567, 0));
    }
}
