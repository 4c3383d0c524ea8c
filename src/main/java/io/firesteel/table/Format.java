package io.firesteel.table;

import io.firesteel.base.SettingError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;

/** A file format of tables. */
public enum Format {
    CSV("csv", "tsv", "txt", "data"),
    LIBSVM("libsvm", "svm", "svmlight"),
    PARQUET("parquet", "pq"),
    ORC("orc"),
    JSON("json", "jsonl", "ndjson");

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
        return byName(file).orElse(CSV);
    }

    /** Returns whether a file name has an extension of a format. */
    static boolean isKnown(String file) {
        return byName(file).isPresent();
    }

    private static Optional<Format> byName(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        for (int dot = name.lastIndexOf('.'); dot >= 0; dot = name.lastIndexOf('.')) {
            String extension = name.substring(dot + 1);
            for (Format format : values()) {
                if (format.extensions.contains(extension)) {
                    return Optional.of(format);
                }
            }
            name = name.substring(0, dot); // data.csv.gz
        }
        return Optional.empty();
    }

    /** Returns Spark's reader. */
    FileFormat fileFormat() {
        return switch (this) {
            case CSV -> new CSVFileFormat();
            case LIBSVM -> new TextFileFormat();
            case PARQUET -> new ParquetFileFormat();
            case ORC -> new OrcFileFormat();
            case JSON -> new JsonFileFormat();
        };
    }

    /** Returns the name that the command line and Spark use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
