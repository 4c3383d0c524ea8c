package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.SplitMix64;
import java.io.Serializable;
import java.util.List;

/**
 * Dropout (Srivastava et al. 2014), inverted: while the gradient is computed, A[l] := M[l] * A[l], elementwise, where each
 * element of M[l] is 0 with probability p[l] and 1 / (1 - p[l]) else, so that the mean stays and predictions need nothing.
 *
 * @param input p[0], of the inputs, in [0, 1)
 * @param hidden p[1] .. p[L-1], of the hidden layers' outputs, each in [0, 1); or one for all of them
 */
public record Dropout(double input, List<Double> hidden) implements Serializable {
    /** No unit is dropped. */
    public static final Dropout NONE = new Dropout(0, List.of(0.0));

    public Dropout {
        hidden = List.copyOf(hidden);
        if (!isRate(input) || !hidden.stream().allMatch(Dropout::isRate)) {
            throw new IllegalArgumentException("dropout of inputs " + input + ", of hidden layers " + hidden
                    + ": expected 0 or more, less than 1");
        }
    }

    /** Returns whether a unit may be dropped with this probability. */
    public static boolean isRate(double p) {
        return p >= 0 && p < 1;
    }

    /** Returns the dropout whose probabilities are these times a factor between 0 and 1. */
    public Dropout times(double factor) {
        return factor == 1
                ? this
                : new Dropout(
                        factor * input, hidden.stream().map(p -> factor * p).toList());
    }

    /** Returns whether no unit is ever dropped. */
    public boolean isNone() {
        return input == 0 && hidden.stream().allMatch(p -> p == 0);
    }

    /** Returns p[l], for 0 &lt;= l &lt; L. */
    double rate(int l) {
        if (l == 0) {
            return input;
        }
        return hidden.size() == 1 ? hidden.get(0) : hidden.get(l - 1);
    }

    /**
     * M[0] .. M[L-1] for one block of examples: a function of the key, the layer and the element's place in the block.
     * They are not stored: each use makes them again.
     *
     * @param first the number of M[0] among the masks of all members of an ensemble
     */
    public record Masks(Dropout dropout, long key, int first) {
        /** Of ones. */
        public static final Masks NONE = new Masks(Dropout.NONE, 0);

        /** Creates the masks of a network, or of the first member of an ensemble. */
        public Masks(Dropout dropout, long key) {
            this(dropout, key, 0);
        }

        /** Returns the masks of a member, counted from 0, of networks of L affine layers each. */
        Masks ofMember(int member, int L) {
            return member == 0 ? this : new Masks(dropout, key, first + member * L);
        }

        /** Returns whether M[l] has zeros. */
        boolean drops(int l) {
            return dropout.rate(l) > 0;
        }

        /** Returns M[l] * a, elementwise, in new memory. */
        AnyMatrix applied(int l, AnyMatrix a) {
            return a.dropped(dropout.rate(l), SplitMix64.at(key, first + l));
        }

        /** Computes a := M[l] * a, elementwise. */
        void apply(int l, Matrix a) {
            a.drop(dropout.rate(l), SplitMix64.at(key, first + l));
        }
    }
}
