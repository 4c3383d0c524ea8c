package io.firesteel.model;

import java.util.Locale;

/**
 * The way in which a value is compared with classes or categories; it depends on the type of the column in which these were
 * found.
 */
public enum Compared {
    /** Text by text. A number or boolean of a typed column belongs to the only text that writes its value. */
    TEXT,
    /** By exact value: the column held whole numbers, decimals or booleans. */
    EXACT,
    /** By the nearest number in single precision. */
    FLOAT,
    /** By the nearest number in double precision; models that do not say how they compare do so. */
    DOUBLE;

    /** Returns the name as model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
