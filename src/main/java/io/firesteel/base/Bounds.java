package io.firesteel.base;

/** The numbers that a setting may be. */
public enum Bounds {
    /** Numbers above 0. */
    POSITIVE("a positive number"),
    /** Numbers of 0 or above. */
    NOT_NEGATIVE("a number of 0 or more"),
    /** Whole numbers above 0. */
    COUNT("1 or more"),
    /** Whole numbers of 0 or above. */
    COUNT_OR_NONE("0 or more"),
    /** Whole numbers of 0 or above, where 0 switches something off. */
    COUNT_OR_OFF("0 (off) or more"),
    /** Numbers of parts. */
    PARTS("2 or more"),
    /** Numbers of parts, where 0 means that nothing is parted. */
    PARTS_OR_NONE("0 (none), or 2 or more"),
    /** Fractions less than the whole. */
    RATE("0 or more, and less than 1"),
    /** Fractions less than the whole, where 0 switches something off. */
    RATE_OR_OFF("0 (off) or more, and less than 1"),
    /** Fractions that are not nothing and may be the whole. */
    FRACTION("a fraction of the rows, above 0 and at most 1");

    private final String expected;

    Bounds(String expected) {
        this.expected = expected;
    }

    /**
     * Checks a setting's value.
     *
     * @throws SettingError when the number is not within these bounds
     */
    public void check(String setting, Number value) {
        SettingError.expect(holds(value.doubleValue()), setting, value, expected);
    }

    private boolean holds(double value) {
        return switch (this) {
            case POSITIVE -> value > 0 && Double.isFinite(value);
            case NOT_NEGATIVE -> value >= 0 && Double.isFinite(value);
            case COUNT -> value >= 1;
            case COUNT_OR_NONE, COUNT_OR_OFF -> value >= 0;
            case PARTS -> value >= 2;
            case PARTS_OR_NONE -> value == 0 || value >= 2;
            case RATE, RATE_OR_OFF -> value >= 0 && value < 1;
            case FRACTION -> value > 0 && value <= 1;
        };
    }
}
