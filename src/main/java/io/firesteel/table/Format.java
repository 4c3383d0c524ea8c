package io.firesteel.table;

import io.firesteel.base.SettingError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A file format of tables. */
public enum Format {
    CSV("csv"),
    LIBSVM("libsvm", "svm"),
    PARQUET("parquet"),
    ORC("orc"),
    JSON("json", "jsonl");

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> extensions;

    Format(String... extensions) {
        this.extensions = List.of(extensions);
    }

    /** Returns the format that the setting {@code format} names. */
    public static Format named(String name) {
        return named("format", name);
    }

    /** Returns the format that a setting names. */
    static Format named(String setting, String name) {
        for (Format format : values()) {
            if (format.toString().equals(name)) {
                return format;
            }
        }
        throw new SettingError(
                setting,
                name,
                "one of " + Arrays.stream(values()).map(Format::toString).collect(Collectors.joining(", ")));
    }

    /** Returns the format for the extension of a file name; CSV for an unknown one. */
    public static Format ofFile(String file) {
        String lower = file.toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            for (String extension : format.extensions) {
                // Also data.csv.gz, part-0.snappy.parquet
                if (lower.endsWith("." + extension) || lower.contains("." + extension + ".")) {
                    return format;
                }
            }
        }
        return CSV;
    }

    /** Returns the name that the command line and Spark use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
