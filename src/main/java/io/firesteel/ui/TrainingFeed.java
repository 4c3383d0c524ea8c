package io.firesteel.ui;

import io.firesteel.compute.Saturation;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.report.WatchedTraining.Ending;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.Layer;
import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import io.firesteel.report.WatchedTraining.State;
import io.firesteel.report.WatchedTraining.Times;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Spark's listeners of a training: at its beginning, now and then while it takes steps, and at its end. However short or many
 * the steps are, telling takes less than a hundredth of their time. Where it fails, the training goes on without.
 */
public final class TrainingFeed implements Trainer.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrainingFeed.class);

    /** The part of the training's time that telling may take, and that looking at the units may. */
    private static final double PART = 0.002;

    private static final long GAP_NANOS = 500_000_000L;

    /** The gap between two events as a part of the time before them, so that the event log of a long training stays small. */
    private static final double GAP_PART = 0.002;

    private static final int MOST_POINTS = 32;

    private static String application = ""; // whose trainings are counted
    private static long count;

    private final Consumer<TrainingEvent> post;
    private final long number;
    private final Network network;
    private final Precision precision;
    private final Examples rows;
    private final Supplier<StepTimes> times;
    private final LongSupplier clock;
    private final long start;
    private final Chore telling;
    private final Chore looking;

    private LossCurve losses = new LossCurve(MOST_POINTS); // since it last told
    private Measures heldOut = new Measures(MOST_POINTS); // since it last told
    private Step latest; // not yet in losses: it may be told again, complete
    private double rate = Double.NaN;
    private Integer bestStep;
    private State state;
    private Saturation units = new Saturation(List.of(), List.of());
    private int step; // the number of steps taken
    private boolean hasEnded;
    private boolean hasFailed;

    /** Something that is done again and again, for a small part of the training's time. */
    private final class Chore {
        /** The cost of one time: the least, without the first, when Java loads the classes. */
        private long cost;

        private long times;
        private long last = clock.getAsLong();

        /**
         * @param estimate of the cost, in nanoseconds
         */
        Chore(long estimate) {
            cost = estimate;
        }

        boolean isDue(long now) {
            return now - last >= Math.max(GAP_NANOS, Math.max(cost / PART, (now - start) * GAP_PART));
        }

        void run(long now, Runnable what) {
            last = now;
            long from = clock.getAsLong();
            what.run();
            long took = clock.getAsLong() - from;
            if (times == 1 || (times > 1 && took < cost)) {
                cost = took;
            }
            times++;
        }
    }

    /**
     * @param post receives the events
     * @param rows a few examples to look at the units with
     * @param clock nanoseconds from any time on
     */
    TrainingFeed(
            Consumer<TrainingEvent> post,
            long number,
            Facts facts,
            Network network,
            Precision precision,
            Examples rows,
            Supplier<StepTimes> times,
            LongSupplier clock) {
        this.post = post;
        this.number = number;
        this.network = network;
        this.precision = precision;
        this.rows = rows;
        this.times = times;
        this.clock = clock;
        start = clock.getAsLong();
        telling = new Chore(1_000_000);
        looking = new Chore(10_000_000);
        step = facts.from();
        carefully(() -> post.accept(new TrainingEvent.Began(number, facts)));
    }

    /** Does something for the tab, without which a training is as good: what fails is logged once, and then left alone. */
    private void carefully(Runnable what) {
        if (hasFailed) {
            return;
        }
        try {
            what.run();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            hasFailed = true;
            log.warn("Spark's UI shows no more of training {}", number, e);
        }
    }

    /**
     * Tells that a training begins; adds the tab to Spark's UI if it is not there yet.
     *
     * @param rows some of its examples
     * @param times of its steps so far
     */
    public static TrainingFeed start(
            SparkContext spark,
            Facts facts,
            Network network,
            Precision precision,
            Examples rows,
            Supplier<StepTimes> times) {
        long number = next(spark.applicationId());
        if (number == 1) {
            try {
                TrainingTab.addTo(spark);
            } catch (RuntimeException | LinkageError e) { // such as a jar for the servlets of another version of Spark
                log.warn("Spark's UI has no tab for trainings", e);
            }
        }
        return new TrainingFeed(
                event -> spark.listenerBus().post(event),
                number,
                facts,
                network,
                precision,
                rows,
                times,
                System::nanoTime);
    }

    /** Returns whether anybody can see an application's trainings: by its UI, or later by its event log. */
    public static boolean isWatched(SparkContext spark) {
        return spark.ui().isDefined() || spark.getConf().getBoolean("spark.eventLog.enabled", false);
    }

    private static synchronized long next(String id) {
        count = id.equals(application) ? count + 1 : 1;
        application = id;
        return count;
    }

    @Override
    public void onStep(Step next) {
        carefully(() -> {
            if (latest != null && latest.step() != next.step()) {
                take();
            }
            latest = next;
        });
    }

    private void take() {
        losses.add(new Mean(latest.step(), 1, latest.loss(), Double.isNaN(rate) ? null : rate));
        if (latest.validationLoss() != null) {
            heldOut.add(new Measure(latest.step(), latest.validationLoss(), latest.validationMetric()));
        }
        latest = null;
    }

    @Override
    public void onMeasured(Metrics metrics, int best) {
        bestStep = best;
    }

    @Override
    public boolean afterStep(TrainingProgress progress) {
        carefully(() -> follow(progress));
        return true;
    }

    private void follow(TrainingProgress progress) {
        step = progress.step();
        rate = progress.lastRate();
        if (latest != null && latest.step() < step) {
            take(); // it is complete: its step was taken
        }
        long now = clock.getAsLong();
        if (telling.isDue(now)) {
            if (looking.isDue(now)) {
                looking.run(now, () -> units = Saturation.of(network, progress.theta(), precision, rows));
            }
            telling.run(now, () -> {
                state = new State((now - start) / 1_000_000, step, bestStep, times(), layers(progress.gradient()));
                tell();
            });
        }
    }

    private void tell() {
        post.accept(new TrainingEvent.Went(number, losses.points(), heldOut.points(), state));
        losses = new LossCurve(MOST_POINTS);
        heldOut = new Measures(MOST_POINTS);
    }

    private Times times() {
        StepTimes so = times.get();
        return new Times(so.total(), so.products(), so.restOfTask());
    }

    /** Returns the layers by the number that is a part of their tensors' names; 0 is what embeds the inputs. */
    private List<Layer> layers(double[] gradient) {
        Map<Integer, List<String>> names = new TreeMap<>();
        Map<Integer, Double> squares = new TreeMap<>();
        for (Network.Placed placed : network.tensors()) {
            String name = placed.tensor().name();
            int l = Integer.parseInt(name.replaceAll("\\D", ""));
            List<String> those = names.computeIfAbsent(l, absent -> new ArrayList<>());
            if (!those.contains(name)) { // which each member has
                those.add(name);
            }
            double sum = 0;
            for (int i = placed.start(); i < placed.end(); i++) {
                sum += gradient[i] * gradient[i];
            }
            squares.merge(l, sum, Double::sum);
        }
        List<Layer> layers = new ArrayList<>();
        names.forEach((l, those) -> layers.add(
                new Layer(those, Math.sqrt(squares.get(l)), hidden(units.saturated(), l), hidden(units.dead(), l))));
        return layers;
    }

    private static Double hidden(List<Double> parts, int l) {
        return l >= 1 && l <= parts.size() ? parts.get(l - 1) : null;
    }

    @Override
    public void onEnd(Trainer.Result result) {
        String reason =
                switch (result.end()) {
                    case ITERATIONS -> "finished";
                    case TOLERANCE -> "finished: the tolerance is reached";
                    case PATIENCE -> "stopped early";
                    case STOPPED -> "stopped";
                };
        finish(result.step(), reason);
    }

    private void finish(Integer kept, String reason) {
        hasEnded = true;
        carefully(() -> tellEnd(kept, reason));
    }

    private void tellEnd(Integer kept, String reason) {
        long millis = (clock.getAsLong() - start) / 1_000_000;
        if (latest != null) {
            take();
        }
        state = new State(millis, step, bestStep, times(), state == null ? List.of() : state.layers());
        tell();
        post.accept(new TrainingEvent.Ended(number, new Ending(millis, step, kept, reason)));
    }

    /** Tells that the training failed, unless it has told how it ended. */
    @Override
    public void close() {
        if (!hasEnded) {
            finish(null, "failed");
        }
    }
}
