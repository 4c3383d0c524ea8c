package io.firesteel.nn;

import io.firesteel.linalg.SplitMix64;

/** Dropout's masks as their rule says, for the oracle. */
public final class Masks {
    private Masks() {}

    /**
     * Of a step that sees example e as number place[e] of its examples of block[e]. Element i of M[l], counted column after
     * column of these examples, is 0 where number i of layer l of the block of the step is below p[l]: each "of" seeds a
     * generator. Layers are counted through all members, of L each.
     */
    public static NaiveNetwork.Masks of(
            Network network, int member, Dropout dropout, long seed, int step, int[] block, int[] place) {
        return (l, unit, example) -> {
            double p = dropout.rate(l);
            long key = seed;
            for (long of : new long[] {-1, step, block[example], member * network.depth() + l}) {
                key = SplitMix64.at(key, of);
            }
            int i = place[example] * network.units(l) + unit;
            return SplitMix64.uniform(key, i) < p ? 0 : 1 / (1 - p);
        };
    }
}
