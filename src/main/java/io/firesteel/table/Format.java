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

    /** The format of a name that the setting {@code format} gives. */
    public static Format named(String name) {
        return named("format", name);
    }

    /** The format of a name that a setting gives. */
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

    /** The format that a file name's ending tells; CSV when it tells none. */
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

    /** The name as the command line and Spark write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
