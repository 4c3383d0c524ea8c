package io.firesteel.linalg;

/**
 * Random numbers that can be computed in any order and by anyone: SplitMix64 (Steele, Lea and Flood 2014), whose
 * n-th output is a function of its seed and n alone. An output may be the seed of another generator.
 */
public final class SplitMix64 {
    private SplitMix64() {}

    /** Returns output n = 0, 1, ... of the generator with this seed: 64 random bits. */
    public static long at(long seed, long n) {
        long z = seed + (n + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns output n as a number in [0, 1). */
    public static double uniform(long seed, long n) {
        return (at(seed, n) >>> 11) * 0x1p-53;
    }
}
