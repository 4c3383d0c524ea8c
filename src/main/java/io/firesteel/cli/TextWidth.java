package io.firesteel.cli;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * The width of text on a terminal, where Chinese, Japanese and Korean letters and emoji take two columns, and marks that stand above
 * or below another letter none. So tables stay straight whatever classes and columns are called.
 */
final class TextWidth {
    private static final Set<UnicodeScript> WIDE =
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HANGUL);

    private TextWidth() {}

    /** Returns the number of columns that a text takes. */
    static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        boolean isHalf = isIn(c, 0xff61, 0xffdc); // the half-wide forms of Katakana and Hangul
        boolean isPunctuation = isIn(c, 0x3001, 0x303e) || isIn(c, 0xff01, 0xff60) || isIn(c, 0xffe0, 0xffe6);
        boolean isEmoji = isIn(c, 0x1f300, 0x1faff);
        return isPunctuation || isEmoji || (WIDE.contains(UnicodeScript.of(c)) && !isHalf);
    }

    private static boolean isIn(int c, int first, int last) {
        return first <= c && c <= last;
    }

    /** Returns the beginning of a text that takes at most this many columns. */
    static String start(String text, int columns) {
        int end = 0;
        int width = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            width += of(c);
            if (width > columns) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    /** Returns a text with blanks before it, so that it takes at least this many columns. */
    static String padStart(String text, int columns) {
        return blanks(text, columns) + text;
    }

    /** Returns a text with blanks behind it, so that it takes at least this many columns. */
    static String padEnd(String text, int columns) {
        return text + blanks(text, columns);
    }

    private static String blanks(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text)));
    }
}
