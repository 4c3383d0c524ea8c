package io.firesteel.table;

import java.util.Locale;

/**
 * Whether rows are held, and the inputs multiplied, without the features that are 0. Such features are divided by their
 * deviation and not centred, since a shift would fill them.
 */
public enum Sparse {
    /** Where the rows turn out to be nearly empty. They are read without their zeros. */
    AUTO,
    /** Always. */
    TRUE,
    /** Never. */
    FALSE;

    /**
     * The most that nearly empty rows may hold, as a part of all features. It depends on the rows alone, because what a
     * model learns depends on it.
     */
    static final double MOST_FILLED = 0.05;

    /** Whether rows are to be read without their zeros. */
    public boolean reads() {
        return this != FALSE;
    }

    /** Whether inputs are to be sparse where this part of the features is not 0. */
    public boolean packs(double filled) {
        return this == TRUE || (this == AUTO && filled <= MOST_FILLED);
    }

    /** The name as the command line writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
