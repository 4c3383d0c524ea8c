package io.firesteel.table;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.csv.CSVOptions$;
import org.apache.spark.sql.catalyst.json.JSONOptions$;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions$;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextOptions$;
import scala.jdk.javaapi.CollectionConverters;

/** A file format of tables. */
public enum Format {
    CSV("csv", "tsv", "txt", "data"),
    LIBSVM("libsvm", "svm", "svmlight"),
    PARQUET("parquet", "pq"),
    ORC("orc"),
    JSON("json", "jsonl", "ndjson"),
    AVRO("avro"),
    DELTA(),
    JDBC();

    /** The option of LibSVM's reader whose value {@code true} says that the first index is 0. */
    static final String ZERO_BASED = "zeroBased";

    /** Options of the readers of all formats. */
    private static final Set<String> OF_ALL = Set.of(
            "basePath",
            "pathGlobFilter",
            "recursiveFileLookup",
            "modifiedBefore",
            "modifiedAfter",
            "ignoreCorruptFiles",
            "ignoreMissingFiles",
            "mergeSchema");

    /** Options of readers that have two names. */
    private static final Map<String, String> SYNONYMS =
            Map.of("sep", "delimiter", "encoding", "charset", "compression", "codec");

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

    static Optional<Format> byName(String file) {
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

    /**
     * Makes sure that Spark's reader of the format has all these options. Their values may be secrets, and are not shown.
     *
     * @throws UserError when it lacks one, or one is given by both of its names
     */
    void expectKnown(Set<String> options) {
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(OF_ALL);
        switch (this) {
            case CSV -> {
                known.addAll(CollectionConverters.asJava(CSVOptions$.MODULE$.getAllOptions()));
                known.add(CsvFiles.DECIMAL);
            }
            case JSON -> known.addAll(CollectionConverters.asJava(JSONOptions$.MODULE$.getAllOptions()));
            case PARQUET -> known.addAll(CollectionConverters.asJava(ParquetOptions$.MODULE$.getAllOptions()));
            case ORC -> known.addAll(CollectionConverters.asJava(OrcOptions$.MODULE$.getAllOptions()));
            case LIBSVM -> {
                known.addAll(CollectionConverters.asJava(TextOptions$.MODULE$.getAllOptions()));
                known.add(ZERO_BASED);
            }
            case AVRO, DELTA, JDBC -> known.addAll(options); // their readers are not at hand
        }
        Set<String> given = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        given.addAll(options);
        SYNONYMS.forEach((name, other) -> {
            if (given.contains(name) && given.contains(other)) {
                throw new UserError(SettingNames.mention("option", name) + " and "
                        + SettingNames.mention("option", other) + " are the same option: expected only one of them");
            }
        });
        for (String option : options) {
            if (!known.contains(option)) {
                throw new UserError(SettingNames.mention("option", option) + ": the reader of " + this
                        + " files has no such option" + Suggestion.of(option, known));
            }
        }
    }

    /** Returns whether its tables are not files that are read here: Spark's source of this name gives their rows. */
    boolean isSource() {
        return this == DELTA || this == JDBC;
    }

    /** Returns whether its files are not text. */
    boolean isBinary() {
        return this == PARQUET || this == ORC || this == AVRO;
    }

    /**
     * Returns Spark's reader.
     *
     * @throws UserError when it is not part of Spark and not there
     */
    FileFormat fileFormat() {
        return switch (this) {
            case CSV -> new CSVFileFormat();
            case LIBSVM -> new TextFileFormat();
            case PARQUET -> new ParquetFileFormat();
            case ORC -> new OrcFileFormat();
            case JSON -> new JsonFileFormat();
            case AVRO -> avro();
            case DELTA, JDBC -> throw new IllegalStateException(this + " is no format of files");
        };
    }

    private static FileFormat avro() {
        try {
            return Class.forName(
                            "org.apache.spark.sql.avro.AvroFileFormat",
                            true,
                            Thread.currentThread().getContextClassLoader())
                    .asSubclass(FileFormat.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new UserError(
                    "Avro files are read by a package of Spark that is not there",
                    SparkFailure.packages(
                            "org.apache.spark:spark-avro_2.13:" + org.apache.spark.package$.MODULE$.SPARK_VERSION()),
                    e);
        }
    }

    /** Returns the name that the command line and Spark use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
