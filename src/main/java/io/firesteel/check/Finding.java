package io.firesteel.check;

import java.util.Locale;

/**
 * Something about a table or a network that may be in the way of a good model.
 *
 * @param column the column that it is about; null where it is about none
 * @param text what it is and what to do about it; it may mention settings
 */
public record Finding(Kind kind, String column, String text) {
    /** What can be found, the gravest first. */
    public enum Kind {
        /** The gradient that training would use is not the derivative of the loss. */
        GRADIENT,
        /** A column that tells the label almost completely. */
        LEAK,
        /** What a training itself would warn of at its start, such as saturated units. */
        WARNING,
        /** Units that cannot learn from the start, or that stay alike. */
        START,
        /** Inputs of sizes for which weights do not start well. */
        UNSCALED,
        /** A column that has another whole number in each row. */
        IDENTIFIER,
        /** A column with one value. */
        CONSTANT,
        /** Two columns that tell the same. */
        DUPLICATE,
        /** A column most of whose cells are missing. */
        MISSING,
        /** A class that nearly all rows have. */
        IMBALANCE,
        /** A class of a few rows. */
        RARE_CLASS,
        /** Validation rows that are among the rows to train on, too. */
        REPEATED_ROWS,
        /** Validation rows that are too few to tell models apart. */
        FEW_ROWS;

        /** Returns the kind's name as keys of settings are written: {@code rare-class}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
