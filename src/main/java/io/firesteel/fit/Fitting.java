package io.firesteel.fit;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.base.Version;
import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Runner;
import io.firesteel.compute.StepTimes;
import io.firesteel.data.TrainingSet;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.Engine;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Examples;
import io.firesteel.report.WatchedTraining;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.MeanLoss;
import io.firesteel.train.Trainer;
import io.firesteel.ui.TrainingFeed;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkContext;

/** The fitting of a model to blocks: it puts loss, engine, trainer and validation together, and describes the result. */
public final class Fitting {
    private final Settings settings;
    private final TrainingSet data;
    private final Fit first; // whose refit this is; null for none
    private final int steps; // at most
    private LossKernel loss; // made when it is asked for: the weights of classes take a pass over the data

    /**
     * Creates the fitting of a model of these settings to these data.
     *
     * @throws UserError when no step follows the warm-up, or they are too many
     */
    public Fitting(Settings settings, TrainingSet data) {
        this(settings, data, null);
    }

    private Fitting(Settings settings, TrainingSet data, Fit first) {
        this.settings = settings;
        this.data = data;
        this.first = first;
        int planned = settings.steps(rows());
        steps = first == null
                ? planned
                : settings.config()
                        .pace()
                        .sameLength(
                                first.result().step(),
                                first.description().provenance().rows(),
                                rows());
    }

    /** Creates the fitting of a model to all rows, for as long as was best for the rows held out of a first one of the same settings. */
    static Fitting again(Settings settings, TrainingSet all, Fit first) {
        return new Fitting(settings.withoutStopping(), all, first);
    }

    /**
     * A training that is done.
     *
     * @param steps the number of steps taken
     * @param seconds that these took, with the validations between them
     * @param times where the time of the steps went
     * @param place where they were computed
     */
    public record Fit(
            Trainer.Result result,
            LossKernel loss,
            int steps,
            double seconds,
            StepTimes times,
            String place,
            ModelDescription description) {
        /** Returns the trained model. */
        public TrainedModel model() {
            return new TrainedModel(description, result.theta());
        }
    }

    /**
     * What the passes of a training took.
     *
     * @param steps the passes of the steps
     * @param validations those over the rows held out, with what is made of them
     */
    record Spent(StepTimes steps, StepTimes validations) {}

    /** A training that can begin. */
    public final class Prepared {
        private final double[] start;
        private final List<Fold> folds;
        private final boolean isTimed; // whether its steps are only timed, and no model is wanted
        private final Examples shown; // a few rows for the tab of Spark's UI; null where nobody watches
        private final Engine.Runners runners;
        private final MeanLoss objective;
        private StepTimes validations = StepTimes.NONE;

        private Prepared(double[] start, List<Fold> folds, boolean isTimed, boolean isWatched) {
            this.start = start;
            this.folds = folds;
            this.isTimed = isTimed;
            // Runners may occupy all executors until they are closed: no job could run beside them.
            shown = isWatched ? data.training().first(WatchedTraining.MOST_ROWS) : null;
            Blocks heldOut = settings.stopping() == null ? null : data.validation();
            runners = settings.engine().runners(loss(), data.training(), heldOut, start);
            objective = new MeanLoss(loss(), runner());
        }

        /** Returns the examples. */
        public Blocks blocks() {
            return data.training();
        }

        /** Returns the loss that training minimises. */
        public LossKernel loss() {
            return Fitting.this.loss();
        }

        /** Returns what the first training came to, where this one is its refit; null else. */
        public Trainer.Result first() {
            return first == null ? null : first.result();
        }

        /** Returns the runner that computes the steps. */
        public Runner<Block> runner() {
            return runners.training();
        }

        /** Returns the maximum number of steps. */
        public int steps() {
            return steps;
        }

        /** Returns the number of steps of an epoch. */
        public int stepsPerEpoch() {
            return settings.config().pace().stepsPerEpoch(rows());
        }

        /** Returns whether the length of the training is one of epochs, and not of steps that see all rows. */
        public boolean countsEpochs() {
            return settings.config().pace().epochs() != null || stepsPerEpoch() > 1;
        }

        /** Returns the point before the first step. */
        public Trainer.ResumePoint beginning() {
            return trainer().begin(start);
        }

        /** Returns the model's description after a history, while training goes on. */
        public ModelDescription describe(List<Step> history) {
            int step = history.isEmpty() ? 0 : history.get(history.size() - 1).step() + 1;
            return Fitting.this.describe(history, validated(step), blas(), settings.givenThreshold());
        }

        /** Returns the BLAS kernels of all processes that compute the steps. */
        private String blas() {
            Set<String> kernels = new TreeSet<>(runner().blas());
            if (!runner().isOnDriver()) {
                kernels.addAll(data.training().kernels());
            }
            return String.join("; ", kernels);
        }

        /** Trains from where the listener says. */
        Fit run(TrainingListener listener) {
            try (runners) {
                Trainer.Result before = listener.resultBefore(this);
                if (before != null) {
                    return fit(before, 0, 0, StepTimes.NONE);
                }
                Trainer.ResumePoint from = listener.start(this);
                Trainer.Listener watch = listener.watch(this, from.state().step());
                try {
                    return shown == null ? train(from, watch) : trainWatched(from, watch);
                } finally {
                    watch.onOver();
                }
            }
        }

        private Fit trainWatched(Trainer.ResumePoint from, Trainer.Listener listener) {
            try (TrainingFeed feed = TrainingFeed.start(
                    spark(),
                    facts(from.state().step()),
                    data.network(),
                    settings.precision(),
                    shown,
                    objective::times)) {
                return train(from, Trainer.Listener.all(List.of(listener, feed)));
            }
        }

        /**
         * Returns what is known of the training before its first step.
         *
         * @param from the number of steps that were taken before
         */
        public WatchedTraining.Facts facts(int from) {
            Metric metric = metric();
            return new WatchedTraining.Facts(
                    System.currentTimeMillis(),
                    settings.task().toString(),
                    data.columns().labels(),
                    data.columns().labels().size(),
                    data.network().summary(),
                    runner().place(),
                    rows(),
                    metric == null ? 0 : data.validation().rows(),
                    from,
                    steps,
                    stepsPerEpoch(),
                    metric == null || metric == Metric.LOSS ? null : metric.key(),
                    first != null,
                    settings.texts());
        }

        /** Returns what the passes have taken so far. */
        Spent spent() {
            return new Spent(objective.times(), validations);
        }

        /** Returns the rule by which the training may stop early; null where nothing is measured during it. */
        public EarlyStopping stopping() {
            return settings.stopping();
        }

        /** Returns the metric that is measured during the training; null where none is. */
        public Metric metric() {
            return settings.stopping() == null ? null : settings.stopping().metric();
        }

        /** Trains from a point on, once: afterwards the memory of the steps is freed. */
        Fit run(Trainer.ResumePoint from, Trainer.Listener listener) {
            try (runners) {
                return train(from, listener);
            } finally {
                listener.onOver();
            }
        }

        private Fit train(Trainer.ResumePoint from, Trainer.Listener listener) {
            if (settings.stopping() == null) {
                return train(trainer(), from, listener);
            }
            EvaluationKernel measured = evaluation(settings.stopping().metric());
            Trainer trainer = trainer().validatedBy(theta -> metrics(measured, theta), settings.stopping());
            return train(trainer, from, listener);
        }

        private Metrics metrics(EvaluationKernel measured, double[] theta) {
            long began = System.nanoTime();
            Metrics metrics = measured.metrics(theta, runners.heldOut());
            long nanos = System.nanoTime() - began;
            validations = validations.plus(nanos, nanos, 0);
            return metrics;
        }

        private Fit train(Trainer trainer, Trainer.ResumePoint from, Trainer.Listener listener) {
            SparkContext spark = spark();
            Trainer.Listener described = step -> spark.setJobDescription(described(step));
            Trainer.Result result;
            long start = System.nanoTime();
            try {
                result = trainer.train(objective, from, Trainer.Listener.all(List.of(listener, described)));
            } finally {
                spark.setJobDescription(null);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            int last = result.history().get(result.history().size() - 1).step();
            return fit(result, last - from.state().step(), seconds, objective.times());
        }

        private Fit fit(Trainer.Result result, int taken, double seconds, StepTimes times) {
            ModelDescription description =
                    Fitting.this.describe(result.history(), validated(result.step()), blas(), threshold(result));
            return new Fit(result, loss(), taken, seconds, times, runner().place(), description);
        }

        /** Returns the threshold between two classes, which the rows held out of the first training may choose; null for 1/2. */
        private Double threshold(Trainer.Result result) {
            if (!settings.choosesThreshold() || isTimed) {
                return settings.givenThreshold();
            }
            return first != null
                    ? first.description().targets().threshold()
                    : evaluation(true)
                            .threshold(
                                    result.theta(),
                                    runners.heldOut(),
                                    settings.threshold().chosenFor());
        }

        /** Returns the description of a step's Spark jobs for Spark's own pages. */
        private String described(Step step) {
            return (first == null ? "" : "refit, ") + "step " + (step.step() + 1) + " of " + steps + ", loss "
                    + (float) step.loss() + " before";
        }

        private ModelDescription.Validation validated(int keptStep) {
            Metric metric = metric();
            return metric == null && folds.isEmpty() ? null : new ModelDescription.Validation(metric, keptStep, folds);
        }
    }

    /**
     * Makes all ready for a training.
     *
     * @param start the parameters that it starts from
     * @param folds what was measured of other models of the settings before
     * @throws UserError when settings do not fit the data
     */
    public Prepared from(double[] start, List<Fold> folds) {
        return new Prepared(start, folds, false, TrainingFeed.isWatched(spark()));
    }

    /** Makes all ready for steps that are only timed: they are no training that the tab of Spark's UI would show. */
    Prepared toTime(double[] start) {
        return new Prepared(start, List.of(), true, false);
    }

    /** Returns the starting parameters that the settings ask for. */
    public double[] start() {
        return trainer().start();
    }

    private Trainer trainer() {
        Trainer trainer = new Trainer(data.network(), settings.config(), rows());
        return first == null ? trainer : trainer.taking(steps);
    }

    /**
     * Returns the loss that training minimises.
     *
     * @throws UserError when settings do not fit the data
     */
    public LossKernel loss() {
        if (loss == null) {
            loss = settings.config()
                    .loss(
                            data.network(),
                            classWeights(settings.config().classWeighting()),
                            rows(),
                            data.training().blockRows());
        }
        return loss;
    }

    /**
     * Returns what the weighting of classes comes to.
     *
     * @throws UserError when it does not fit the classes
     */
    private ClassWeights classWeights(ClassWeighting weighting) {
        if (weighting.isNone()) {
            return ClassWeights.NONE;
        }
        return weighting.of(
                data.classes(), data.training().classTotals(data.classes().size()));
    }

    private long rows() {
        return data.training().rows();
    }

    private SparkContext spark() {
        return data.training().rdd().context();
    }

    /** Returns an evaluation of the validation rows that computes no more than the metric needs. */
    private EvaluationKernel evaluation(Metric metric) {
        return evaluation(metric.isArea());
    }

    private EvaluationKernel evaluation(boolean curves) {
        Evaluation evaluation = new Evaluation(describe(List.of(), null, "", settings.givenThreshold()), curves);
        return new EvaluationKernel(evaluation, data.network(), settings.precision());
    }

    /** Refuses a metric that is not defined on the rows held out. */
    void expectDefined(Metric metric) {
        double[] any = new double[data.network().parameterCount()];
        MetricRules.expectDefined(metric, data.validation().metrics(evaluation(metric), any));
    }

    /** Refuses validation rows of one class, which cannot choose a threshold between two. */
    void expectBothClasses() {
        double[] totals = data.validation().classTotals(data.classes().size());
        for (int c = 0; c < totals.length; c++) {
            SettingError.expect(
                    totals[c] > 0,
                    "threshold",
                    settings.threshold(),
                    "validation rows of both classes, and none is of class "
                            + data.classes().get(c));
        }
    }

    private ModelDescription describe(
            List<Step> history, ModelDescription.Validation validated, String blas, Double threshold) {
        if (first != null) { // whose course and choice the model keeps
            ModelDescription.Provenance before = first.description().provenance();
            ModelDescription.Validation chosen = before.validation();
            return describe(
                    before.history(),
                    new ModelDescription.Validation(chosen.metric(), chosen.keptStep(), List.of(), history),
                    before.validationRows(),
                    blas,
                    threshold);
        }
        long heldOut = data.validation() == null ? 0 : data.validation().rows();
        return describe(history, validated, heldOut, blas, threshold);
    }

    private ModelDescription describe(
            List<Step> history, ModelDescription.Validation validated, long heldOut, String blas, Double threshold) {
        return new ModelDescription(
                settings.task(),
                data.network(),
                new ModelDescription.Inputs(
                        data.columns().features(),
                        data.columns().ignored(),
                        data.columns().encoding(),
                        data.inputs()),
                new ModelDescription.Targets(
                        data.columns().labels(), data.classes(), data.compared(), data.targets(), threshold),
                new ModelDescription.Provenance(
                        settings.config().seed(),
                        rows(),
                        heldOut,
                        data.training().blockRows(),
                        settings.precision().toString(),
                        new ModelDescription.Software(
                                Version.number(),
                                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                                System.getProperty("java.version"),
                                blas),
                        settings.texts(),
                        history,
                        validated));
    }
}
