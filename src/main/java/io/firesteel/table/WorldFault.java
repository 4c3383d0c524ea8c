package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.SchemaColumnConvertNotSupportedException;

/**
 * A fault of the world around a run (files, disks, memory, the network, a package that is not there), told from the
 * exception that it comes as, of which Spark and Hadoop make many.
 */
public final class WorldFault {
    /** Matches the file that a task was reading, in Spark's message. */
    private static final Pattern READING = Pattern.compile("(?:reading|converted in) file (\\S+?)\\.(?:\\s|$)");

    /** Matches the executor of a task or a loss, in Spark's message: first the host, where it is told, then the number. */
    private static final Pattern EXECUTOR = Pattern.compile("\\((?:(\\S+) )?executor (\\d+)[) ]");

    private static final Pattern MISSING_FILE =
            Pattern.compile("(?:File )?((?:\\w+:)?/\\S+?) (?:does not exist|\\(No such)");

    private static final Pattern SCHEME = Pattern.compile("No FileSystem for scheme \"(\\w+)\"");

    private static final String DISK_FULL = "No space left on device";
    private static final String NO_MEMORY = "OutOfMemoryError";

    private WorldFault() {}

    /**
     * Returns the fault that a failure shows; none where it shows none.
     *
     * @param path what was read or written; null if that is not known
     */
    public static Optional<UserError> of(String path, Throwable failure) {
        List<Throwable> causes = ExceptionUtils.getThrowableList(failure);
        Collections.reverse(causes); // the first cause is the last
        for (Throwable cause : causes) {
            Optional<UserError> fault =
                    ofCause(place(path, causes), cause, String.valueOf(cause.getMessage()), failure);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** Returns the file that was read, or else the path, with a colon; nothing where neither is known. */
    private static String place(String path, List<Throwable> causes) {
        for (Throwable cause : causes) {
            Matcher reading = READING.matcher(String.valueOf(cause.getMessage()));
            if (reading.find()) {
                return readable(reading.group(1)) + ": ";
            }
        }
        return path == null ? "" : path + ": ";
    }

    private static String readable(String file) {
        try {
            return Origin.readable(file);
        } catch (IllegalArgumentException e) {
            return file; // not a URI
        }
    }

    private static Optional<UserError> ofCause(String place, Throwable cause, String message, Throwable failure) {
        Optional<UserError> ofFiles = ofFiles(place, cause, message, failure);
        if (ofFiles.isPresent()) {
            return ofFiles;
        }
        if (message.contains(DISK_FULL)) {
            return fault(
                    "a disk is full: "
                            + SparkFailure.oneLine(message.lines().findFirst().orElse(message)),
                    "free some space; " + SettingNames.spark("spark.local.dir=DIR")
                            + " puts Spark's temporary files on another disk",
                    failure);
        }
        if (cause instanceof OutOfMemoryError
                || message.contains(NO_MEMORY)
                || message.contains("exited with code 52")) {
            return noMemory(place, failure);
        }
        if (message.contains("getSubject is")) {
            return fault(
                    "Spark does not run on Java " + Runtime.version().feature(),
                    "set JAVA_HOME to a JDK 17 or 21",
                    failure);
        }
        if (cause instanceof UnknownHostException) {
            return fault(place + "the host " + message.replaceFirst(":.*", "") + " is not known", "", failure);
        }
        if (cause instanceof ConnectException) {
            return fault(place + "no connection: " + SparkFailure.oneLine(message), "", failure);
        }
        return Optional.empty();
    }

    /** Returns the fault of a process without memory: the driver, unless Spark tells of an executor with a number. */
    private static Optional<UserError> noMemory(String place, Throwable failure) {
        Optional<Matcher> executor = ExceptionUtils.getThrowableList(failure).stream()
                .map(cause -> EXECUTOR.matcher(String.valueOf(cause.getMessage())))
                .filter(Matcher::find)
                .findFirst();
        String process = executor.map(
                        found -> "executor " + found.group(2) + (found.group(1) == null ? "" : " on " + found.group(1)))
                .orElse("the driver");
        String property = executor.isPresent() ? "spark.executor.memory" : "spark.driver.memory";
        long mib = executor.isPresent()
                ? sparkContext().map(spark -> (long) spark.executorMemory()).orElse(1024L)
                : Runtime.getRuntime().maxMemory() >> 20;
        return fault(
                place + process + " ran out of memory, of which it has " + memory(mib),
                SettingNames.spark(property + "=" + memory(2 * mib)) + " gives it more",
                failure);
    }

    /** Returns a number of MiB as Spark's options take it. */
    private static String memory(long mib) {
        return mib % 1024 == 0 ? mib / 1024 + "g" : mib + "m";
    }

    private static Optional<UserError> ofFiles(String place, Throwable cause, String message, Throwable failure) {
        if (cause instanceof EOFException && message.contains("nexpected end of")) {
            return fault(place + "the compressed file ends in the middle: it is cut off", "copy it again", failure);
        }
        if (cause instanceof SchemaColumnConvertNotSupportedException type) {
            return fault(
                    place + "column " + type.getColumn().replaceAll("[\\[\\]]", "") + " is of type "
                            + type.getPhysicalType() + ", which Spark "
                            + org.apache.spark.package$.MODULE$.SPARK_VERSION() + " does not read as "
                            + type.getLogicalType(),
                    "write all files with one type",
                    failure);
        }
        if (cause instanceof AccessControlException
                || cause instanceof AccessDeniedException
                || message.contains("(Permission denied)")) {
            return fault(place + "permission denied: " + SparkFailure.oneLine(message), "", failure);
        }
        Matcher missing = MISSING_FILE.matcher(message);
        boolean isMissing = cause instanceof FileNotFoundException
                || cause instanceof NoSuchFileException
                || message.contains("FILE_NOT_EXIST");
        if (isMissing && missing.find()) {
            String file = readable(missing.group(1));
            boolean isOwn = !isLocal()
                    && (missing.group(1).startsWith("/") || missing.group(1).startsWith("file:"));
            return isOwn
                    ? fault(
                            file
                                    + " is not there for a worker, though the driver sees it: it is on a disk of one machine",
                            "put it where all machines see it, such as hdfs://, s3a:// or a network disk",
                            failure)
                    : fault(file + " is not there any more: it was when the run began", "", failure);
        }
        Matcher scheme = SCHEME.matcher(message);
        if (cause instanceof UnsupportedFileSystemException && scheme.find()) {
            return fault(
                    place + "Spark has no file system for " + scheme.group(1) + "://", of(scheme.group(1)), failure);
        }
        if (cause instanceof ClassNotFoundException) {
            for (String name : List.of("s3a", "azurebfs", "fs.gcs", "aliyun.oss")) {
                if (message.contains(name)) {
                    return fault(
                            place + "Spark has no file system for it: the class "
                                    + message.replaceFirst("^Class ", "").replaceFirst(" not found$", "")
                                    + " is not there",
                            of(name),
                            failure);
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the hint on the packages of a file system. */
    private static String of(String scheme) {
        String hadoop = VersionInfo.getVersion();
        return switch (scheme) {
            case "s3a" -> SparkFailure.packages("org.apache.hadoop:hadoop-aws:" + hadoop);
            case "s3", "s3n" -> "write s3a://";
            case "abfs", "abfss", "wasb", "wasbs", "azurebfs" ->
                SparkFailure.packages("org.apache.hadoop:hadoop-azure:" + hadoop);
            case "gs", "fs.gcs" ->
                SparkFailure.packages(
                        "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26",
                        "spark.hadoop.fs.gs.impl=com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem");
            case "oss", "aliyun.oss" -> SparkFailure.packages("org.apache.hadoop:hadoop-aliyun:" + hadoop);
            default -> "copy the file to a disk, to hdfs:// or to s3a://";
        };
    }

    private static boolean isLocal() {
        return sparkContext().map(SparkContext::isLocal).orElse(true);
    }

    private static Optional<SparkContext> sparkContext() {
        return Optional.ofNullable(
                SparkSession.getDefaultSession().map(SparkSession::sparkContext).getOrElse(() -> null));
    }

    private static Optional<UserError> fault(String problem, String hint, Throwable failure) {
        return Optional.of(new UserError(problem, hint, failure));
    }
}
