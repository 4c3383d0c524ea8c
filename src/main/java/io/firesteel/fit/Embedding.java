package io.firesteel.fit;

import java.util.Locale;

/** What becomes of the inputs that are numbers before the first affine layer. */
public enum Embedding {
    /** They stay as they are. */
    NONE,
    /** {@link io.firesteel.nn.Periodic} functions of them are added. */
    PERIODIC;

    /** Returns the name that settings have. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
