package io.firesteel.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Precision;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Objective;
import io.firesteel.report.WatchedTraining.Ending;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.Layer;
import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import io.firesteel.report.WatchedTraining.State;
import io.firesteel.report.WatchedTraining.Times;
import io.firesteel.train.Configs;
import io.firesteel.train.DivergedException;
import io.firesteel.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.util.JsonProtocol;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training tells, how often, and what becomes of it on its way to the page. */
class TrainingFeedTest {
    private static final Network NETWORK = Network.of(List.of(3, 4, 2), Activation.RELU, Loss.SOFTMAX_CROSS_ENTROPY);
    private static final String HOSTILE = "</script><b>\u202e\"\u0000'&";

    private final List<TrainingEvent> events = new ArrayList<>();
    private long now;
    private long costOfTelling;
    private Throwable failing; // thrown at the event of this number, counted from 1; null for none
    private int failsAt;

    private static Facts facts(int steps) {
        return new Facts(
                1000,
                "classification",
                List.of(HOSTILE),
                1,
                "3-4-2, relu",
                "here",
                100,
                10,
                0,
                steps,
                1,
                "accuracy",
                false,
                Map.of("label", HOSTILE, "iterations", Integer.toString(steps)));
    }

    private TrainingFeed feed(int steps) {
        return new TrainingFeed(
                event -> {
                    events.add(event);
                    now += costOfTelling;
                    if (failing != null && events.size() == failsAt) {
                        sneak(failing);
                    }
                },
                1,
                facts(steps),
                NETWORK,
                Precision.DOUBLE,
                Samples.random(NETWORK, 8, false, 1).all(Precision.DOUBLE),
                () -> new StepTimes(1, 4, 2, 1),
                () -> now);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    /** J(theta) = 1 + |theta|^2 / 2, whose steps take so long. */
    private Objective parabola(long nanos) {
        return (theta, gradient) -> {
            now += nanos;
            System.arraycopy(theta, 0, gradient, 0, theta.length);
            return 1
                    + IntStream.range(0, theta.length)
                                    .mapToDouble(i -> theta[i] * theta[i])
                                    .sum()
                            / 2;
        };
    }

    /** Trains from theta = (1, 1, ...), and returns the losses by step as the trainer has them. */
    private List<Double> train(int steps, long nanos) {
        double[] theta = new double[NETWORK.parameterCount()];
        java.util.Arrays.fill(theta, 1);
        try (TrainingFeed feed = feed(steps)) {
            Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, steps), 1)
                    .train(parabola(nanos), Trainer.ResumePoint.beginning(theta), feed);
            return result.history().stream().map(step -> step.loss()).toList();
        }
    }

    private List<TrainingEvent.Went> went() {
        return events.stream()
                .filter(TrainingEvent.Went.class::isInstance)
                .map(TrainingEvent.Went.class::cast)
                .toList();
    }

    @Test
    void training_ofFewSteps_tellsEachOfThem() {
        List<Double> losses = train(5, 10_000_000_000L);
        assertEquals(6, went().size(), events::toString);
        List<Mean> told =
                went().stream().flatMap(event -> event.losses().stream()).toList();
        assertEquals(losses, told.stream().map(Mean::loss).toList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), told.stream().map(Mean::step).toList());
        assertEquals(
                List.of(1, 2, 3, 4, 5, 5),
                went().stream().map(event -> event.state().step()).toList());
        for (int i = 0; i < 6; i++) {
            assertEquals(i, went().get(i).losses().get(0).step(), "a step is told as soon as it was taken");
        }
        assertEquals(0.5, told.get(3).rate());
        assertEquals(new TrainingEvent.Ended(1, new Ending(60_000, 5, 5, "finished")), events.get(events.size() - 1));
    }

    /** By hand: after the first step theta is 1/2 everywhere, and the gradient of that step is 1 everywhere: sqrt(4 * 3 + 4) of layer 1. */
    @Test
    void state_hasGradientNormsAndUnitsByLayer() {
        train(3, 10_000_000_000L);
        List<Layer> layers = went().get(0).state().layers();
        assertEquals(List.of("W1", "b1"), layers.get(0).tensors());
        assertEquals(4, layers.get(0).gradientNorm());
        assertEquals(Math.sqrt(2 * 4 + 2), layers.get(1).gradientNorm());
        assertTrue(layers.get(0).dead() >= 0 && layers.get(0).saturated() >= 0);
        assertNull(layers.get(1).dead());
        assertEquals(new Times(4, 2, 1), went().get(0).state().times());
    }

    /** A million steps of a microsecond are a second: twice, and the end. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 1_000_000})
    void training_ofManySteps_tellsTwiceASecondAndAtItsEnd(int steps) {
        List<Double> losses = train(steps, 1_000_000_000L / steps);
        assertTrue(went().size() <= 3, () -> went().size() + " events");
        List<Mean> told =
                went().stream().flatMap(event -> event.losses().stream()).toList();
        assertTrue(told.size() <= 100, () -> told.size() + " points");
        assertEquals(steps + 1, told.stream().mapToInt(Mean::steps).sum());
        assertEquals(losses.get(losses.size() - 1), told.get(told.size() - 1).loss());
    }

    /** Of 60 seconds, 0.2 % are 120 ms; the first time is not counted, and the last is at the end. */
    @Test
    void training_thatTellsSlowly_tellsSeldom() {
        costOfTelling = 30_000_000;
        train(60_000, 1_000_000);
        assertTrue(went().size() >= 4 && went().size() <= 7, () -> went().size() + " events");
    }

    /**
     * A day of steps of a second. The gap grows with the time: 500 events in the first 500 seconds, and then a gap of 0.2 % of
     * the time makes 500 ln(86,400 / 500) = 2,576 of them; a little less, since a gap is a whole number of steps.
     */
    @Test
    void training_ofADay_tellsSeldomerAndSeldomer() {
        train(86_400, 1_000_000_000);
        assertTrue(went().size() > 2_000 && went().size() < 3_100, () -> went().size() + " events");
    }

    private static Stream<Arguments> failures() {
        return Stream.of(
                        new IllegalStateException("full"), new NoSuchMethodError("older"), new OutOfMemoryError("heap"))
                .flatMap(failure -> Stream.of(Arguments.of(failure, 1), Arguments.of(failure, 3)));
    }

    /** The training goes on as if nobody watched, and nothing more is told. */
    @ParameterizedTest
    @MethodSource("failures")
    void training_whoseNewsCannotBeTold_goesOnWithout(Throwable failure, int event) {
        List<Double> expected = train(5, 1_000_000_000);
        events.clear();
        failing = failure;
        failsAt = event;
        assertEquals(expected, train(5, 1_000_000_000));
        assertEquals(event, events.size());
    }

    /** A measure after each step, as of a small full-batch training. */
    @Test
    void training_thatMeasuresOften_tellsSomeMeasuresWithTheLast() {
        try (TrainingFeed feed = feed(10_000)) {
            for (int step = 0; step <= 10_000; step++) {
                feed.onStep(new Step(step, 1, step / 10.0, null));
            }
        }
        List<Measure> told =
                went().stream().flatMap(event -> event.heldOut().stream()).toList();
        assertTrue(told.size() <= 32, () -> told.size() + " points");
        assertEquals(new Measure(10_000, 1000, null), told.get(told.size() - 1));
    }

    @Test
    void training_thatFails_tellsSo() {
        try (TrainingFeed feed = feed(3)) {
            int[] passes = new int[1];
            Objective diverges = (theta, gradient) -> ++passes[0] <= 2 ? 1 : Double.NaN;
            Trainer trainer = new Trainer(NETWORK, Configs.descent(0.5, 3), 1);
            double[] theta = new double[NETWORK.parameterCount()];
            assertThrows(
                    DivergedException.class, () -> trainer.train(diverges, Trainer.ResumePoint.beginning(theta), feed));
        }
        TrainingEvent.Ended ended = assertInstanceOf(TrainingEvent.Ended.class, events.get(events.size() - 1));
        assertEquals(new Ending(0, 2, null, "failed"), ended.ending());
    }

    private static Stream<TrainingEvent> events() {
        return Stream.of(
                new TrainingEvent.Began(7, facts(9)),
                new TrainingEvent.Went(
                        7,
                        List.of(new Mean(0, 2, 0.1, null), new Mean(2, 1, 1e-300, 0.5)),
                        List.of(new Measure(3, 0.25, null), new Measure(4, 0.5, 1.0)),
                        new State(
                                12,
                                4,
                                3,
                                new Times(Long.MAX_VALUE, 2, 1),
                                List.of(new Layer(List.of("W1", "b1"), 0.1, 0.5, null)))),
                new TrainingEvent.Went(7, List.of(), List.of(), new State(1, 0, null, new Times(0, 0, 0), List.of())),
                new TrainingEvent.Ended(7, new Ending(99, 4, null, "failed")));
    }

    /** As Spark's event log and its history server do it. */
    @ParameterizedTest
    @MethodSource("events")
    void event_throughTheEventLog_isTheSame(TrainingEvent event) throws Exception {
        String line = JsonProtocol.sparkEventToJsonString(event);
        assertEquals(1, line.lines().count());
        JsonNode json = new JsonMapper().readTree(line);
        assertEquals(event.getClass().getName(), json.get("Event").asText());
        SparkListenerEvent read = JsonProtocol.sparkEventFromJson(line);
        assertEquals(event, read);
    }

    /** A line without the times, the layers' tensors and the measures, and with a word of a later version. */
    @Test
    void event_ofAnotherVersion_isReadWithWhatItHas() {
        String line = "{\"Event\":\"io.firesteel.ui.TrainingEvent$Went\",\"training\":7,"
                + "\"losses\":[{\"step\":3,\"steps\":1,\"loss\":0.5,\"rate\":null,\"later\":1}],"
                + "\"state\":{\"millis\":12,\"step\":4,\"layers\":[{\"gradientNorm\":0.25}],\"later\":[1]},\"later\":{}}";
        assertEquals(
                new TrainingEvent.Went(
                        7,
                        List.of(new Mean(3, 1, 0.5, null)),
                        List.of(),
                        new State(12, 4, null, new Times(0, 0, 0), List.of(new Layer(List.of(), 0.25, null, null)))),
                JsonProtocol.sparkEventFromJson(line));
        String began =
                "{\"Event\":\"io.firesteel.ui.TrainingEvent$Began\",\"training\":7,\"facts\":{\"labels\":[\"y\"],\"rows\":5}}";
        Facts facts = ((TrainingEvent.Began) JsonProtocol.sparkEventFromJson(began)).facts();
        assertEquals(1, facts.targets());
        assertEquals(5, facts.rows());
        assertEquals(Map.of(), facts.settings());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trainings_ofAnApplication_areListedTheNewestFirstUpToTheirNumber(boolean isLive) {
        ElementTrackingStore store = new ElementTrackingStore(new InMemoryStore(), new SparkConf(false));
        TrainingsListener listener = new TrainingsListener(store, isLive);
        int many = TrainingsListener.MOST_TRAININGS + 5;
        for (long training = 1; training <= many; training++) {
            listener.onOtherEvent(new TrainingEvent.Began(training, facts(10)));
            listener.onOtherEvent(new TrainingEvent.Ended(training, new Ending(1, 0, 0, "finished")));
        }
        listener.onOtherEvent(new TrainingEvent.Ended(1, new Ending(1, 0, 0, "forgotten by now")));
        Trainings trainings = new Trainings(store, isLive);
        store.close(false);
        String html = trainings.html(null);
        assertTrue(html.indexOf("Training " + many) < html.indexOf("Training " + (many - 1)), html);
        assertEquals(
                TrainingsListener.MOST_TRAININGS, html.split("<tr><th scope=\"row\">", -1).length - 1 - settings());
    }

    /** The rows of the table of settings. */
    private static int settings() {
        return facts(10).settings().size();
    }

    /** As of a process that was killed: its event log has no end, and no time goes on for it. */
    @Test
    void training_withoutAnEnd_doesNotRunInTheHistory() throws Exception {
        ElementTrackingStore store = new ElementTrackingStore(new InMemoryStore(), new SparkConf(false));
        TrainingsListener listener = new TrainingsListener(store, false);
        events().limit(2).forEach(listener::onOtherEvent);
        Trainings trainings = new Trainings(store, false);
        assertTrue(trainings.isEmpty());
        store.close(false); // writes what is left, and then the history server draws its pages
        assertFalse(trainings.isEmpty());
        String html = trainings.html(null);
        assertTrue(html.contains("Training 7, has not told how it ended"), html);
        assertFalse(html.contains("left, at most"), html);
        JsonNode brief = new JsonMapper().readTree(trainings.json(null));
        assertFalse(brief.get("running").asBoolean());
        assertEquals(12, brief.get("millis").asInt());
    }

    @Test
    void json_ofATrainingThatRuns_hasItsNumbers() throws Exception {
        ElementTrackingStore store = new ElementTrackingStore(new InMemoryStore(), new SparkConf(false));
        TrainingsListener listener = new TrainingsListener(store, true);
        Trainings trainings = new Trainings(store, true);
        JsonMapper json = new JsonMapper();
        assertEquals(0, json.readTree(trainings.json(null)).get("training").asInt());
        events().limit(2).forEach(listener::onOtherEvent);
        listener.onOtherEvent(new TrainingEvent.Began(8, facts(9)));
        assertEquals(
                8, json.readTree(trainings.json("no number")).get("training").asInt());
        assertEquals(8, json.readTree(trainings.json("6")).get("training").asInt());
        JsonNode brief = json.readTree(trainings.json("7"));
        assertEquals(
                json.readTree(
                        "{\"live\":true,\"training\":7,\"trainings\":8,\"running\":true,\"millis\":12,\"step\":4,\"steps\":9,"
                                + "\"loss\":1e-300,\"heldOutLoss\":0.5}"),
                brief);
    }
}
