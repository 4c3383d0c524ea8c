package io.firesteel.table;

import java.util.Locale;

/**
 * Whether rows are stored, and inputs multiplied, without the features that are 0. Such features are divided by their
 * deviation and not centred, since a shift would fill them.
 */
public enum Sparse {
    /** Sparse if the rows turn out to be nearly empty; they are read without their zeros. */
    AUTO,
    /** Always sparse. */
    TRUE,
    /** Never sparse. */
    FALSE;

    /**
     * The largest fraction of the features that nearly empty rows fill. It depends on the rows alone, because the model
     * does.
     */
    static final double MOST_FILLED = 0.05;

    /** Returns whether rows are read without their zeros. */
    public boolean reads() {
        return this != FALSE;
    }

    /** Returns whether inputs are sparse when this fraction of the features is not 0. */
    public boolean packs(double filled) {
        return this == TRUE || (this == AUTO && filled <= MOST_FILLED);
    }

    /** Returns the name that the command line uses. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
