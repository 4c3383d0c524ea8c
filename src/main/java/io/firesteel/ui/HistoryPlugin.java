package io.firesteel.ui;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Shows trainings in Spark's history server, which finds this class by META-INF/services. */
public final class HistoryPlugin implements AppHistoryServerPlugin {
    private static final Logger log = LoggerFactory.getLogger(HistoryPlugin.class);

    @Override
    public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
        List<SparkListener> listeners = List.of(new TrainingsListener(store, false));
        return CollectionConverters.asScala(listeners).toList();
    }

    @Override
    public void setupUI(SparkUI ui) {
        Trainings trainings = new Trainings(ui.store().store(), false);
        try {
            if (!trainings.isEmpty()) {
                new TrainingTab(ui, trainings);
            }
        } catch (RuntimeException | LinkageError e) { // such as a jar for another version of Spark
            log.warn("an application's trainings cannot be shown", e);
        }
    }
}
