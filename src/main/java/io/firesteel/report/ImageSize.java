package io.firesteel.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of the images that a model's features are the pixels of, row after row from the top. */
public record ImageSize(int width, int height) {
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})");

    /**
     * Reads a size such as 28x28, the width first.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static ImageSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return new ImageSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Returns the number of pixels. */
    public long pixels() {
        return (long) width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
