package io.firesteel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of all tests: made by the first that asks, stopped with the JVM. */
public final class TestSpark {
    /** The cores of the session, and so the tasks of a training step. */
    public static final int CORES = 2;

    private static SparkSession session;

    private TestSpark() {}

    /** The session. Commands that run in this process use it, too. */
    public static synchronized SparkSession session() {
        if (session == null) {
            session = SparkSession.builder()
                    .master("local[" + CORES + "]")
                    .appName("tests")
                    .config("spark.ui.enabled", "false")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", CORES)
                    .config("spark.sql.caseSensitive", "true")
                    .getOrCreate();
        }
        return session;
    }

    /** Skips the rest of a test of something that Spark 3.5, against which there is a build, does not do. */
    public static void expectSpark4(String what) {
        String version = org.apache.spark.package$.MODULE$.SPARK_VERSION();
        assumeTrue(Integer.parseInt(version.substring(0, version.indexOf('.'))) >= 4, what);
    }

    /** Does something with a setting of the session changed. */
    public static void with(String key, String value, Runnable what) {
        SparkSession spark = session();
        String before = spark.conf().get(key);
        spark.conf().set(key, value);
        try {
            what.run();
        } finally {
            spark.conf().set(key, before);
        }
    }
}
