package io.firesteel.table;

import java.util.Map;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Sessions for reading, so that the user's own keeps its settings. */
final class SessionCopy {
    private SessionCopy() {}

    /** Returns a session with the settings of another, but for these. */
    static SparkSession of(SparkSession like, Map<String, String> others) {
        SparkSession session = like.newSession();
        RuntimeConfig settings = session.conf();
        CollectionConverters.asJava(like.conf().getAll()).forEach((key, value) -> {
            if (settings.isModifiable(key)) {
                settings.set(key, value);
            }
        });
        others.forEach(settings::set);
        return session;
    }
}
