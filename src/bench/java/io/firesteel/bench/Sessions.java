package io.firesteel.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;

/** Spark sessions to measure in. */
final class Sessions {
    private Sessions() {}

    /** Spark as it is installed. */
    static SparkSession plain(String master) {
        return builder(master).getOrCreate();
    }

    /** Spark with Firesteel's settings, as the submit scripts start it. */
    static SparkSession firesteel(String master) throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("conf/spark-defaults.conf"))) {
            settings.load(file);
        }
        SparkSession.Builder builder = builder(master).config("spark.sql.caseSensitive", "true");
        settings.stringPropertyNames()
                .forEach(name -> builder.config(name, settings.getProperty(name).trim()));
        return builder.getOrCreate();
    }

    private static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("firesteel benchmark")
                .config("spark.ui.enabled", "false");
    }
}
