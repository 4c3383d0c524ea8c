package io.firesteel.ui;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Shows trainings in Spark's history server, which finds this class by META-INF/services. */
public final class HistoryPlugin implements AppHistoryServerPlugin {
    @Override
    public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
        List<SparkListener> listeners = List.of(new TrainingsListener(store, false));
        return CollectionConverters.asScala(listeners).toList();
    }

    @Override
    public void setupUI(SparkUI ui) {
        Trainings trainings = new Trainings(ui.store().store(), false);
        if (!trainings.isEmpty()) {
            new TrainingTab(ui, trainings);
        }
    }
}
