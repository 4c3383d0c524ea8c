package io.firesteel.optim;

/** Checks of settings. */
final class Expect {
    private Expect() {}

    static void positive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " " + value + ": expected a positive number");
        }
    }

    static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " " + value + ": expected a positive whole number");
        }
    }

    static void notNegative(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " " + value + ": expected a number of 0 or more");
        }
    }

    static void lessThanOne(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(what + " " + value + ": expected 0 or more, and less than 1");
        }
    }
}
