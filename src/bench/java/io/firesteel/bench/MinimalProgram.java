package io.firesteel.bench;

import org.apache.spark.sql.SparkSession;

/** The least program on Spark: a session, and one job of it. It runs with Spark's jars alone. */
final class MinimalProgram {
    private MinimalProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            if (spark.range(1000).count() != 1000) {
                throw new IllegalStateException("a wrong count");
            }
        }
        System.exit(0); // an archive of classes is written at the end of the process
    }
}
