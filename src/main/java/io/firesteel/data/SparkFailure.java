package io.firesteel.data;

import org.apache.commons.lang3.exception.ExceptionUtils;

/** What Spark throws, turned into a {@link UserError} where it is one. */
final class SparkFailure {
    private SparkFailure() {}

    /** A user error that says what Spark found wrong with a path, or the failure itself when it is none. */
    static RuntimeException asUserError(String path, RuntimeException failure) {
        for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof UserError error) {
                return error;
            }
            if (message.contains("CSV header does not conform to the schema")) {
                return new UserError(
                        path
                                + ": its files have different headers; expected the same columns in the same order in each: "
                                + oneLine(message),
                        failure);
            }
            if (cause instanceof org.apache.spark.sql.AnalysisException
                    || message.contains("is not a Parquet file")
                    || message.contains("Could not read footer")
                    || message.contains("FAILED_READ_FILE")
                    || message.contains("Malformed ORC file")) {
                return new UserError(path + " cannot be read: " + oneLine(message), failure);
            }
        }
        return failure;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").trim();
    }
}
