package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.EventLoggingListener;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;
import scala.Option;

/**
 * Opens sessions without Scala's reflection, whose start takes longer than all that a small training does. In Spark 4,
 * {@code SparkSession.builder()} looks for its implementation that way; here Java's reflection finds it, in whichever Spark there
 * is.
 */
final class Sessions {
    private static final Class<?> IMPLEMENTATION = implementation();

    /** The rights of a folder that its owner alone can use. */
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    private Sessions() {}

    private static Class<?> implementation() {
        try {
            return Class.forName("org.apache.spark.sql.classic.SparkSession");
        } catch (ClassNotFoundException e) {
            return SparkSession.class; // before Spark 4
        }
    }

    /** Returns whether there is no session yet. */
    static boolean none() {
        return ((Option<?>) call(IMPLEMENTATION, null, "getDefaultSession")).isEmpty();
    }

    /**
     * Opens a session, or returns the one that exists.
     *
     * @throws UserError when Spark does not start: it refuses settings such as too little memory with several kinds of exceptions
     */
    static SparkSession open(String name) {
        String master = System.getProperty("spark.master", "local[*]");
        if (none()) {
            SparkConf conf = new SparkConf();
            StandaloneMaster.expectUsable(master, conf);
            makeEventFolder(conf);
        }
        Object builder = call(IMPLEMENTATION, null, "builder");
        for (Map.Entry<String, String> setting : Map.of(
                        "spark.app.name",
                        name,
                        "spark.master",
                        master,
                        "spark.sql.caseSensitive", // columns a and A are two
                        "true",
                        "spark.sql.dataFrameQueryContext.enabled", // no stack trace for each column of a table
                        "false")
                .entrySet()) {
            call(builder.getClass(), builder, "config", setting.getKey(), setting.getValue());
        }
        if (master.startsWith("local")) { // a task without memory must not end the process
            call(builder.getClass(), builder, "config", "spark.executor.killOnFatalError.depth", "0");
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new WithoutMlFunctions(before));
        try {
            return (SparkSession) call(builder.getClass(), builder, "getOrCreate");
        } catch (Exception e) {
            if (e instanceof IllegalArgumentException || e instanceof SparkException || e instanceof IOException) {
                throw new UserError(
                        "Spark does not start: " + e.getMessage().lines().collect(Collectors.joining(" ")), e);
            }
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Makes the folder of Spark's event log on this machine where there is none. Only its owner can read it, for the log tells
     * paths and columns. A folder elsewhere, which a history server reads as another user, is somebody else's to make.
     */
    static void makeEventFolder(SparkConf conf) {
        if (!conf.getBoolean("spark.eventLog.enabled", false)) {
            return;
        }
        URI folder = Utils.resolveURI(conf.get("spark.eventLog.dir", EventLoggingListener.DEFAULT_LOG_DIR()));
        if ("file".equals(folder.getScheme())) {
            Path path = Path.of(folder.getPath());
            try {
                if (!Files.exists(path)) {
                    Files.createDirectories(path.getParent());
                    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWN));
                }
            } catch (IOException e) {
                throw new UserError("spark.eventLog.dir " + folder + " cannot be made: " + e, e);
            }
        }
    }

    private static Object call(Class<?> type, Object object, String method, String... arguments) {
        Class<?>[] types = Collections.nCopies(arguments.length, String.class).toArray(Class<?>[]::new);
        try {
            return type.getMethod(method, types).invoke(object, (Object[]) arguments);
        } catch (InvocationTargetException e) {
            throw ExceptionUtils.<RuntimeException>rethrow(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Hides that Spark ML has functions for SQL between vectors and arrays, which no command uses: to register them a session
     * starts Scala's reflection, too.
     */
    private static final class WithoutMlFunctions extends ClassLoader {
        private static final String EXTENSIONS =
                "META-INF/services/org.apache.spark.sql.SparkSessionExtensionsProvider";

        WithoutMlFunctions(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> found = Collections.list(super.getResources(name));
            if (name.equals(EXTENSIONS)) {
                found.removeIf(url -> url.getPath().contains("/spark-mllib_"));
            }
            return Collections.enumeration(found);
        }
    }
}
