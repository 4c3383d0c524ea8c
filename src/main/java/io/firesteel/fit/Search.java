package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.Runner;
import io.firesteel.data.Split;
import io.firesteel.data.TableRows;
import io.firesteel.data.TrainingSet;
import io.firesteel.engine.Blocks;
import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.Spread;
import io.firesteel.model.TrainedModel;
import io.firesteel.train.DivergedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A search for settings: trains with several of them, and sorts these by the metric on the validation rows. */
public final class Search {
    private final List<Candidate> candidates = new ArrayList<>();
    private final Metric metric;
    private final int most; // of the models that make one

    /** One combination of values. */
    private record Candidate(Map<String, String> values, Settings settings) {}

    /**
     * The result of a search.
     *
     * @param trials the best first
     * @param best the model of the best settings, or the mean of several such models; null where it is not wanted
     * @param averaged the trials whose models it is the mean of, the best first; one where it is no mean
     * @param score the metric of this mean on the validation rows, before the models were trained again on all rows; null where it is no
     *     mean, and where there are folds
     */
    public record Outcome(Metric metric, List<Trial> trials, TrainedModel best, List<Trial> averaged, Double score) {}

    /** The result of a candidate: its training, null if it failed or has folds; or its folds. */
    private record Tried(Candidate candidate, Trial trial, Fitting.Fit fit, List<Fold> folds) {}

    /** The mean of some models, and its metric on the rows that they were trained without. */
    private record Mean(TrainedModel model, double score) {}

    /**
     * Prepares a search.
     *
     * @param base the settings that are not varied
     * @param random the number of combinations that are drawn at random; null for all
     * @param most how many models the result is the mean of at most: those of the best settings that have the network and the inputs
     *     of the very best
     * @throws UserError when settings cannot be meant, or no rows are held out
     */
    public Search(Settings.Builder base, SearchSpace space, Integer random, int most) {
        SettingError.expect(most >= 1, "average", most, "1 or more");
        this.most = most;
        Settings settings = base.build();
        expectValidated(settings);
        metric = settings.metric();
        String where = mention("grid", space.text()) + ": ";
        if (metric == Metric.LOSS && space.varies(Setting.LOSS)) {
            throw new UserError(where + "losses cannot be compared by the loss: expected another " + mention("metric"));
        }
        List<Map<String, String>> combinations = random == null
                ? space.grid()
                : space.random(random, settings.config().seed());
        for (Map<String, String> values : combinations) {
            Settings.Builder varied = base.copy();
            try {
                values.forEach(varied::set);
                candidates.add(new Candidate(values, varied.build()));
            } catch (UserError e) {
                throw new UserError(where + e.problem(), e.hint(), e);
            }
        }
    }

    /**
     * Tries each combination.
     *
     * @param wantsModel whether the model of the best settings is to be returned, which may take another training
     * @throws UserError when none could be trained, or the rows cannot be used
     */
    public Outcome run(Source source, boolean wantsModel, TrainingListener listener) {
        List<Trial> trials = new ArrayList<>();
        try (Held held = new Held(source)) {
            expectValidated(held.decided(candidates.get(0).settings)); // of few rows none may be held out
            Tried best = null;
            Map<Object, List<Tried>> alike = new HashMap<>(); // the best ones of each network and kind of inputs
            List<Tried> chosen = List.of();
            for (Candidate candidate : candidates) {
                listener.onTrial(trials.size(), candidates.size(), candidate.values);
                Tried tried = tried(candidate, held, listener);
                trials.add(tried.trial);
                listener.onTried(tried.trial, metric);
                if (tried.trial.score() == null) {
                    continue;
                }
                boolean isBest = best == null || Trial.bestFirst(metric).compare(tried.trial, best.trial) < 0;
                best = isBest ? tried : best;
                if (most == 1) {
                    chosen = List.of(best);
                    continue;
                }
                List<Tried> others = alike.computeIfAbsent(held.kind(candidate.settings), kind -> new ArrayList<>());
                others.add(tried);
                others.sort(Comparator.comparing(Tried::trial, Trial.bestFirst(metric)));
                if (others.size() > most) {
                    others.remove(most);
                }
                chosen = isBest ? others : chosen;
            }
            trials.sort(Trial.bestFirst(metric));
            if (best == null) {
                UserError failure = trials.get(0).failure();
                throw new UserError(
                        "search: no combination could be trained: " + failure.problem(), failure.hint(), failure);
            }
            List<Trial> averaged = chosen.stream().map(Tried::trial).toList();
            if (chosen.size() == 1) {
                return new Outcome(
                        metric,
                        List.copyOf(trials),
                        wantsModel ? model(chosen, null, held, listener) : null,
                        averaged,
                        null);
            }
            Mean mean = best.fit == null ? null : mean(chosen, held);
            TrainedModel model = wantsModel ? model(chosen, mean, held, listener) : null;
            return new Outcome(metric, List.copyOf(trials), model, averaged, mean == null ? null : mean.score);
        }
    }

    /** Returns the mean of models as they were tried, with a threshold of its own where the validation rows choose it. */
    private Mean mean(List<Tried> chosen, Held held) {
        Settings settings = held.decided(chosen.get(0).candidate.settings);
        TrainedModel mean = TrainedModel.mean(
                chosen.stream().map(tried -> tried.fit.model()).toList());
        Blocks validation = held.data(settings).validation();
        if (settings.choosesThreshold()) {
            try (Runner<Block> runner = validation.runner()) {
                EvaluationKernel kernel = new EvaluationKernel(mean.description(), settings.precision());
                mean = mean.withThreshold(kernel.threshold(
                        mean.theta(), runner, settings.threshold().chosenFor()));
            }
        }
        return new Mean(mean, defined(metric.of(Training.measured(mean, settings, validation))));
    }

    /**
     * Returns the model of the best settings, or the mean of several: of all rows where there are folds, and where they are to be
     * trained again.
     *
     * @param mean of the models as they were tried; null of one, and where there are folds
     */
    private static TrainedModel model(List<Tried> chosen, Mean mean, Held held, TrainingListener listener) {
        Tried best = chosen.get(0);
        Settings settings = held.decided(best.candidate.settings);
        TrainedModel tried = mean != null ? mean.model : best.fit != null ? best.fit.model() : null;
        if (tried != null && !settings.validation().refit()) {
            return tried;
        }
        List<TrainedModel> models = new ArrayList<>();
        try (TrainingSet all = held.allRows(settings)) {
            for (Tried each : chosen) {
                Settings own = held.decided(each.candidate.settings);
                Fitting fitting = each.fit == null ? new Fitting(own, all) : Fitting.again(own, all, each.fit);
                models.add(
                        fitting.from(fitting.start(), each.folds).run(listener).model());
            }
        } catch (DivergedException e) {
            if (tried == null) {
                throw e;
            }
            listener.onWarning(Training.keptTheFirst(e));
            return tried;
        }
        TrainedModel model = TrainedModel.mean(models);
        return mean == null
                ? model
                : model.withThreshold(mean.model.description().targets().threshold());
    }

    private Tried tried(Candidate candidate, Held held, TrainingListener listener) {
        Settings settings = held.decided(candidate.settings);
        long start = System.nanoTime();
        try {
            if (settings.validation().folds() != null) {
                List<Fold> folds =
                        Training.crossValidate(settings, held.rows(settings), held.source.partitions(), listener);
                double[] scores = folds.stream()
                        .mapToDouble(fold -> defined(fold.metrics().get(metric.key())))
                        .toArray();
                Trial trial = new Trial(
                        candidate.values,
                        Spread.mean(scores),
                        Spread.deviation(scores),
                        null,
                        seconds(start),
                        List.of(),
                        0,
                        null);
                return new Tried(candidate, trial, null, folds);
            }
            TrainingSet data = held.data(settings);
            Fitting fitting = new Fitting(settings, data);
            Fitting.Fit fit = fitting.from(fitting.start(), List.of()).run(listener);
            double score = defined(metric.of(Training.measured(fit.model(), settings, data.validation())));
            int steps = fit.result().step();
            Trial trial = new Trial(
                    candidate.values,
                    score,
                    null,
                    steps,
                    seconds(start),
                    fit.result().history(),
                    settings.config().pace().stepsPerEpoch(data.training().rows()),
                    null);
            return new Tried(candidate, trial, fit, List.of());
        } catch (DivergedException e) {
            Trial trial = new Trial(candidate.values, null, null, null, seconds(start), List.of(), 0, e);
            return new Tried(candidate, trial, null, List.of());
        }
    }

    private static void expectValidated(Settings settings) {
        if (!settings.isValidated()) {
            throw new UserError(
                    "search: expected validation rows",
                    "add " + mention("validation-fraction", 0.2) + " or " + mention("folds", 5),
                    null);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private double defined(Double value) {
        if (value == null) {
            throw MetricRules.undefined(metric, "the validation rows");
        }
        return value;
    }

    /** The table's rows and the blocks made of them, kept until a candidate needs others. */
    private static final class Held implements AutoCloseable {
        private final Source source;
        private TableRows rows;
        private Object rowsKey;
        private TrainingSet data;
        private Object dataKey;

        Held(Source source) {
            this.source = source;
        }

        TableRows rows(Settings settings) {
            Object key = settings.rowsKey();
            if (rows == null || !key.equals(rowsKey)) {
                close();
                rows = settings.read(source.table());
                rowsKey = key;
            }
            return rows;
        }

        /** Returns what the rows make of settings. */
        Settings decided(Settings settings) {
            return settings.decidedBy(rows(settings));
        }

        /** Returns what two settings have in common whose models can make one: the network and its inputs. */
        Object kind(Settings settings) {
            Settings decided = decided(settings);
            return List.of(decided.network(rows), decided.dataKey(rows));
        }

        TrainingSet data(Settings settings) {
            TableRows from = rows(settings);
            Object key = settings.dataKey(from);
            if (data == null || !key.equals(dataKey)) {
                closeData();
                data = Training.data(settings, source, from);
                dataKey = key;
            }
            return data.with(settings.network(from));
        }

        /** Returns blocks of all rows, which the caller frees. */
        TrainingSet allRows(Settings settings) {
            TableRows from = rows(settings);
            closeData();
            return from.trainingSet(settings.preparation(from, source.partitions()), new Split.None());
        }

        private void closeData() {
            if (data != null) {
                data.close();
                data = null;
            }
        }

        @Override
        public void close() {
            closeData();
            if (rows != null) {
                rows.close();
                rows = null;
            }
        }
    }
}
