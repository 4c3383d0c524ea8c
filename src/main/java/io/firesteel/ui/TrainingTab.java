package io.firesteel.ui;

import org.apache.spark.SparkContext;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import scala.jdk.javaapi.CollectionConverters;

/** The tab "Training" of Spark's UI. */
final class TrainingTab extends SparkUITab {
    private static final String PREFIX = "training";

    /** Adds the tab to a UI. */
    TrainingTab(SparkUI ui, Trainings trainings) {
        super(ui, PREFIX);
        attachPage(new TrainingsPage(this, trainings));
        ui.attachTab(this);
    }

    /** Adds the tab to an application's UI, where it has one and the tab is not there yet. */
    static synchronized void addTo(SparkContext spark) {
        if (spark.ui().isEmpty()) {
            return;
        }
        SparkUI ui = spark.ui().get();
        boolean isThere = CollectionConverters.asJava(ui.getTabs()).stream()
                .anyMatch(tab -> tab.prefix().equals(PREFIX));
        if (!isThere) {
            ElementTrackingStore store =
                    (ElementTrackingStore) spark.statusStore().store();
            new TrainingTab(
                    ui, new Trainings(store, true)); // first: it may fail, and nobody would read what a listener keeps
            spark.listenerBus().addToStatusQueue(new TrainingsListener(store, true));
        }
    }
}
