package io.firesteel.model;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.nio.charset.StandardCharsets;

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
     * Returns the number that a text writes.
     *
     * @throws NumberFormatException when it writes none; Java's literals 1d, 2f and 0x1p3 are none
     */
    public static double parse(String text) {
        double value = JavaDoubleParser.parseDouble(text);
        if (Double.isFinite(value) && isJavaLiteral(text)) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    /**
     * Returns the number that bytes of ASCII or UTF-8 write.
     *
     * @param from the place of the first byte
     * @param to the place after the last one
     * @throws NumberFormatException as the other method
     */
    public static double parse(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int point = -1; // the place after the point
        int first = at;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = 10 * digits + digit;
            } else if (digit == '.' - '0' && point < 0) {
                point = at + 1;
            } else {
                return parseRest(text, from, to); // an exponent, a blank, or no number
            }
        }
        int seen = to - first - (point < 0 ? 0 : 1);
        int decimals = point < 0 ? 0 : to - point;
        if (seen == 0 || seen > EXACT_DIGITS || decimals >= TENS.length) {
            return parseRest(text, from, to);
        }
        double value = digits / TENS[decimals];
        return negative ? -value : value;
    }

    private static double parseRest(byte[] text, int from, int to) {
        double value = JavaDoubleParser.parseDouble(text, from, to - from);
        if (Double.isFinite(value)) {
            for (int i = from; i < to; i++) {
                if (isLetterOfALiteral(text[i])) {
                    throw new NumberFormatException(new String(text, from, to - from, StandardCharsets.UTF_8));
                }
            }
        }
        return value;
    }

    /** Returns whether a number has a letter that is no exponent's. */
    private static boolean isJavaLiteral(String text) {
        return text.chars().anyMatch(Decimals::isLetterOfALiteral);
    }

    private static boolean isLetterOfALiteral(int c) {
        return c > '9' && c != 'e' && c != 'E';
    }
}
