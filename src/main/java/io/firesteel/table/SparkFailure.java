package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** Turns exceptions of Spark into a {@link UserError} where they are a user's mistake. */
public final class SparkFailure {
    private static final Pattern HEADER =
            Pattern.compile("CSV header does not conform to the schema\\.\\s+Header: (.*)\\s+Schema: (.*)\\s+"
                    + "Expected: .* but found: .*\\s+CSV file: (.*)");
    private static final Pattern AMBIGUOUS = Pattern.compile("AMBIGUOUS_REFERENCE\\] Reference `(.+)` is ambiguous");

    private static final Pattern HEADER_LENGTH =
            Pattern.compile("Header length: (\\d+), schema size: (\\d+)\\s+CSV file: (.*)");

    private static final Class<? extends Throwable> CSV_FAILURE =
            com.univocity.parsers.common.TextParsingException.class;

    private SparkFailure() {}

    /** Returns a user error that says what Spark found wrong with a path, or the failure itself when it is none. */
    public static RuntimeException asUserError(String path, Exception failure) {
        List<Throwable> causes = ExceptionUtils.getThrowableList(failure);
        Collections.reverse(causes); // the messages of the outer ones hold the stack traces of the inner ones
        for (Throwable cause : causes) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof UserError error) {
                return error;
            }
            Matcher header = HEADER.matcher(message);
            if (header.find()) {
                return headersDiffer(path, header, "", failure);
            }
            Matcher length = HEADER_LENGTH.matcher(message);
            if (length.find()) {
                return headersDiffer(path, length, " columns", failure);
            }
            if (cause instanceof ArrayIndexOutOfBoundsException
                    && ExceptionUtils.indexOfType(failure, CSV_FAILURE) >= 0) {
                return new UserError(
                        path + ": a row or the header has more cells than the reader takes: expected at most 20480",
                        SettingNames.mention("option", "maxColumns=N") + " allows more",
                        failure);
            }
            Matcher ambiguous = AMBIGUOUS.matcher(message);
            if (ambiguous.find()) {
                return new UserError(
                        path + " has two columns " + ambiguous.group(1)
                                + " but for upper and lower case, which this session does not tell apart",
                        "rename one, or set spark.sql.caseSensitive to true in the session",
                        failure);
            }
            if (cause instanceof org.apache.spark.sql.AnalysisException
                    || cause instanceof java.util.zip.ZipException
                    || message.contains("flag can be true or false")
                    || message.contains("not a gzip file")
                    || message.contains("is not a Parquet file")
                    || message.contains("Could not read footer")
                    || message.contains("Malformed ORC file")) {
                return new UserError(path + " cannot be read: " + oneLine(message), failure);
            }
        }
        return WorldFault.of(path, failure)
                .<RuntimeException>map(fault -> fault)
                .orElseGet(() ->
                        failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure));
    }

    /**
     * Returns the error of a file whose header is another.
     *
     * @param found Spark's message: what the file has, what was expected, and the file
     */
    private static UserError headersDiffer(String path, Matcher found, String unit, Exception failure) {
        return new UserError(
                path + ": its files have different headers: " + Origin.readable(found.group(3)) + " has "
                        + found.group(1) + unit + ", expected " + found.group(2),
                failure);
    }

    /** Returns the error of a table that a source of Spark does not open. */
    static RuntimeException ofSource(String path, boolean isDelta, Exception failure) {
        boolean isMissing = String.valueOf(failure.getMessage()).contains("DATA_SOURCE_NOT_FOUND")
                || String.valueOf(failure.getMessage()).contains("DELTA_CONFIGURE_SPARK_SESSION");
        if (isDelta && isMissing) {
            return new UserError(
                    path + " is a table of Delta, whose package Spark lacks",
                    packages(
                            "io.delta:delta-spark_4.1_2.13:4.1.0",
                            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
                            "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"),
                    failure);
        }
        for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
            if (cause instanceof java.sql.SQLException) {
                return new UserError(
                        path + " cannot be read: " + oneLine(String.valueOf(cause.getMessage())),
                        SettingNames.spark("spark.jars=DRIVER.jar") + " adds a database's driver",
                        failure);
            }
        }
        return unreadable(path, failure);
    }

    /** Returns the hint that a run needs packages of Spark, and properties with them. */
    static String packages(String names, String... properties) {
        List<String> all = new ArrayList<>(List.of("spark.jars.packages=" + names));
        all.addAll(List.of(properties));
        return SettingNames.spark(all.toArray(String[]::new)) + " downloads it";
    }

    /** Returns the error of a path that cannot be listed or opened. */
    static UserError unreadable(String path, Exception failure) {
        return asUserError(path, failure) instanceof UserError error ? error : cannotBe("read", path, failure);
    }

    /** Returns the error of a path that cannot be written. */
    static UserError unwritable(String path, Exception failure) {
        return WorldFault.of(path, failure).orElseGet(() -> cannotBe("written", path, failure));
    }

    private static UserError cannotBe(String done, String path, Exception failure) {
        return new UserError(
                path + " cannot be " + done + ": " + oneLine(String.valueOf(failure.getMessage())), failure);
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").trim();
    }
}
