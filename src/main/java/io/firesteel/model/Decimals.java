package io.firesteel.model;

import com.fasterxml.jackson.core.io.NumberInput;

/** Decimal numbers as text: the same doubles as {@link Double#parseDouble}, but sooner. */
public final class Decimals {
    /*
     * Clinger, "How to read floating point numbers accurately" (1990): digits that make a whole number below 2^53 and a
     * power of ten up to 10^22 are both doubles, exactly, so that their one product or quotient is the nearest double.
     */
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** So many digits are below 2^53 whatever they are. */
    private static final int EXACT_DIGITS = 15;

    private Decimals() {}

    /**
     * The number that a text writes.
     *
     * @throws NumberFormatException when it writes none; Java's literals 1d, 2f and 0x1p3 are none
     */
    public static double parse(String text) {
        int length = text.length();
        int at = 0;
        boolean negative = length > 0 && text.charAt(0) == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int count = 0; // of digits, without leading zeros
        int seen = 0; // of digits, with them
        int point = -1; // how many were seen before the point
        for (; at < length; at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + (c - '0');
                count += digits == 0 ? 0 : 1;
                seen++;
                if (count > EXACT_DIGITS) {
                    return parseRest(text);
                }
            } else if (c == '.' && point < 0) {
                point = seen;
            } else {
                return parseRest(text); // an exponent, a blank, or no number
            }
        }
        int decimals = point < 0 ? 0 : seen - point;
        if (seen == 0 || decimals >= TENS.length) {
            return parseRest(text);
        }
        double value = digits / TENS[decimals];
        return negative ? -value : value;
    }

    private static double parseRest(String text) {
        double value = NumberInput.parseDouble(text, true); // Jackson has Lemire's parser, which rounds as Java's does
        if (Double.isFinite(value) && isJavaLiteral(text)) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    /** Whether a number has a letter that is no exponent's. */
    private static boolean isJavaLiteral(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '9' && c != 'e' && c != 'E') {
                return true;
            }
        }
        return false;
    }
}
