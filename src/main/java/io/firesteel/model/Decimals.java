package io.firesteel.model;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.math.BigInteger;
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

    /** So many digits are below 2^64 whatever they are. */
    private static final int LONG_DIGITS = 19;

    /*
     * Most other numbers are a whole number below 2^64 times a negative power of ten, of which 64 bits are known. The product of both
     * has an upper and a lower bound, and if these round to the same double, it is that one (about 998 of 1,000 times). Lemire,
     * "Number parsing at a gigabyte per second" (2021), on which JavaDoubleParser rests, does the same for all exponents.
     */
    private static final long[] TENTHS = new long[TENS.length]; // 10^-i = TENTHS[i] / 2^TENTHS_SCALE[i], rounded down

    private static final int[] TENTHS_SCALE = new int[TENS.length];

    static {
        for (int i = 0; i < TENS.length; i++) {
            BigInteger ten = BigInteger.TEN.pow(i);
            TENTHS_SCALE[i] = ten.bitLength() + 62 + (i == 0 ? 0 : 1);
            TENTHS[i] = BigInteger.ONE.shiftLeft(TENTHS_SCALE[i]).divide(ten).longValue();
        }
    }

    private static final int DROPPED_BITS = Long.SIZE - 53;
    private static final long HALF = 1L << (DROPPED_BITS - 1);
    private static final int EXPONENT_BIAS = 1023;
    private static final int FRACTION_BITS = 52;

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
        if (seen == 0 || seen > LONG_DIGITS || decimals >= TENS.length) {
            return parseRest(text, from, to);
        }
        double value = seen <= EXACT_DIGITS ? digits / TENS[decimals] : rounded(digits, decimals);
        if (Double.isNaN(value)) {
            return parseRest(text, from, to);
        }
        return negative ? -value : value;
    }

    /**
     * Returns the double that is nearest to digits / 10^decimals; NaN where 64 bits of the power do not tell it.
     *
     * @param digits without a sign
     */
    private static double rounded(long digits, int decimals) {
        if (digits == 0) {
            return 0;
        }
        int shift = Long.numberOfLeadingZeros(digits);
        long a = digits << shift;
        long b = TENTHS[decimals];
        long high = Math.multiplyHigh(a, b) + a + b; // of the product without signs, for both have their first bit
        int lost = 64 - shift - TENTHS_SCALE[decimals]; // the product is between high * 2^lost and (high + 2) * 2^lost
        if (high > 0) {
            high <<= 1;
            lost--;
        }
        long rest = high & ((1L << DROPPED_BITS) - 1);
        // The upper bound, at most 4 above, may be rounded up while the lower one is not; or it is a tie.
        if (rest >= HALF - 4 && rest <= HALF) {
            return Double.NaN;
        }
        long fraction = (high >>> DROPPED_BITS) + (rest > HALF ? 1 : 0);
        int exponent = lost + DROPPED_BITS + FRACTION_BITS + EXPONENT_BIAS;
        return Double.longBitsToDouble(((long) exponent << FRACTION_BITS) + fraction - (1L << FRACTION_BITS));
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
