package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.TestSpark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which trainings tell how they go, in a session without a UI, whose event log is said to be on. */
@Tag("spark")
class WatchedTrainingTest {
    private static final String EVENT_LOG = "spark.eventLog.enabled";
    private static final SparkContext SPARK = TestSpark.session().sparkContext();

    private final List<SparkListenerEvent> events = new CopyOnWriteArrayList<>();
    private final SparkListener listener = new SparkListener() {
        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event.getClass().getName().startsWith("io.firesteel.")) {
                events.add(event);
            }
        }
    };

    @BeforeEach
    void listen() {
        SPARK.addSparkListener(listener);
    }

    @AfterEach
    void listenNoMore() {
        SPARK.conf().remove(EVENT_LOG);
        SPARK.removeSparkListener(listener);
    }

    private static Settings settings() {
        return Settings.builder()
                .set("preset", "notes")
                .set("label", "color")
                .set("iterations", "4")
                .set("validation-fraction", "0.2")
                .build();
    }

    private static Source source() {
        return Source.of(TestSpark.session(), "data/flower.csv", null, Map.of());
    }

    /** Returns how many jobs fetch some rows meanwhile. */
    private static long fetches(Runnable what) throws TimeoutException {
        SPARK.listenerBus().waitUntilEmpty();
        AtomicLong fetches = new AtomicLong();
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                if ("first rows".equals(job.properties().getProperty("callSite.short"))) {
                    fetches.incrementAndGet();
                }
            }
        };
        SPARK.addSparkListener(counter);
        try {
            what.run();
            SPARK.listenerBus().waitUntilEmpty();
            return fetches.get();
        } finally {
            SPARK.removeSparkListener(counter);
        }
    }

    /** Returns an event as the log has it. */
    private static JsonNode json(SparkListenerEvent event) throws JsonProcessingException {
        return new JsonMapper().readTree(JsonProtocol.sparkEventToJsonString(event));
    }

    /** Rows are fetched for the warnings of each, and for the tab of the one that is watched. */
    @Test
    void training_tellsIfThereIsAnEventLog_butAPlanDoesNot() throws Exception {
        long unwatched = fetches(() -> Training.trained(settings(), source(), TrainingListener.SILENT));
        assertEquals(List.of(), events);

        SPARK.conf().set(EVENT_LOG, "true");
        assertEquals(unwatched, fetches(() -> Plan.of(settings(), source(), TrainingListener.SILENT)));
        assertEquals(List.of(), events);

        assertEquals(2 * unwatched, fetches(() -> Training.trained(settings(), source(), TrainingListener.SILENT)));
        JsonNode began = json(events.get(0));
        assertEquals("io.firesteel.ui.TrainingEvent$Began", began.get("Event").asText());
        assertEquals(320, began.at("/facts/rows").asInt());
        assertEquals(80, began.at("/facts/heldOutRows").asInt());
        JsonNode ended = json(events.get(events.size() - 1));
        assertEquals("finished", ended.at("/ending/reason").asText());
        assertEquals(4, ended.at("/ending/step").asInt());
    }
}
