package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.data.TableWriter;
import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Recipe;
import io.firesteel.fit.StoppingOptions;
import io.firesteel.fit.Values;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.Spread;
import io.firesteel.model.TrainedModel;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import io.firesteel.train.DivergedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code search}: trains with several settings, and says which serve the rows held out best. */
@Command(
        name = "search",
        description = "Trains with several settings, and says which serve the rows held out best.",
        modelTransformer = Search.Options.class)
final class Search extends Train {
    /** Options of train that a search has not. */
    private static final Set<String> NOT_HERE =
            Set.of("checkpoint", "checkpoint-every", "checkpoint-keep", "resume", "warm-start");

    /** Options that are the same in all trials: what is read, what is compared, and what is written. */
    private static final Set<String> FIXED = Set.of(
            "config",
            "data",
            "exclude",
            "features",
            "folds",
            "format",
            "grid",
            "help",
            "label",
            "metric",
            "model",
            "option",
            "overwrite",
            "random",
            "results",
            "seed",
            "stratify",
            "task",
            "validation-column",
            "validation-data",
            "validation-fraction",
            "version",
            "weight");

    @Option(
            names = "--grid",
            required = true,
            paramLabel = "SPACE",
            description = "Values of options of train: hidden=32|64;learning-rate=0.1|0.01 tries each combination. An "
                    + "interval, learning-rate=0.001..0.1, is for --random.")
    private String grid;

    @Option(
            names = "--random",
            paramLabel = "N",
            description = "Tries N combinations drawn by lot with --seed, of an interval by the logarithm, not each.")
    private Integer random;

    @Option(names = "--results", paramLabel = "FILE", description = "Where the table goes: NAME.csv or NAME.json.")
    private String results;

    /** The options of train but a few, and without the need of --model. */
    static final class Options implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            NOT_HERE.forEach(name -> spec.remove(spec.findOption(name(name))));
            OptionSpec model = spec.findOption("--model");
            spec.remove(model);
            spec.addOption(OptionSpec.builder(model)
                    .required(false)
                    .description("Where the best model goes.")
                    .build());
            return spec;
        }
    }

    private static String name(String option) {
        return "--" + option;
    }

    /** One combination, parsed as the command line of a train. */
    private record Candidate(Map<String, String> settings, Train train, Recipe recipe) {
        Fitting.Fit fit(TrainingData data, List<Fold> folds) {
            Fitting fitting = new Fitting(recipe, data);
            return train.run(recipe, fitting.from(fitting.start(), folds), Checkpoints.none());
        }

        @Override
        public String toString() {
            return settings.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(" "));
        }
    }

    /** A model that may be the best. */
    private record Best(Trial trial, Candidate candidate, TrainedModel model, List<Fold> folds) {}

    @Override
    void run(SparkSession spark) throws IOException {
        Recipe base = resolve();
        if (!fitting().isValidated()) {
            throw new UserError("search: expected rows to be held out, by --validation-fraction, --validation-column, "
                    + "--validation-data or --folds");
        }
        Metric metric = fitting().metric();
        List<Candidate> candidates = candidates(metric, base);
        if (results != null) {
            TableWriter.expectWritable(
                    results, overwrites(), spark.sparkContext().hadoopConfiguration());
        }
        try (AtomicOutput output = hasModel() ? openOutput(spark) : null) {
            List<Trial> trials = new ArrayList<>();
            Best best = search(spark, candidates, metric, trials);
            trials.sort(Trial.bestFirst(metric));
            if (best == null) {
                throw new UserError("search: no combination could be trained: "
                        + trials.get(0).failure());
            }
            Trial.table(trials, metric).forEach(this::print);
            if (output != null) {
                ModelStore.save(best.model, output);
            }
            if (results != null) {
                TableWriter.write(Trial.frame(spark, trials, metric), results, null, overwrites(), () -> {});
            }
        }
    }

    private List<Candidate> candidates(Metric metric, Recipe base) {
        Set<String> known = options().stream()
                .map(option -> option.longestName().substring(2))
                .filter(name -> !FIXED.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        SearchSpace space = SearchSpace.parse(grid, known);
        if (metric == Metric.LOSS && space.names().contains("loss")) {
            throw new UserError(
                    "--grid " + grid + ": losses cannot be compared by the loss: expected another --metric");
        }
        if (random != null && random < 1) {
            throw new UserError("--random " + random + ": expected 1 or more");
        }
        List<Map<String, String>> combinations = random == null
                ? space.grid()
                : space.random(random, base.config().seed());
        List<Candidate> candidates = new ArrayList<>();
        for (Map<String, String> settings : combinations) {
            Train train = parse(settings);
            try {
                candidates.add(new Candidate(settings, train, train.resolve()));
            } catch (UserError e) {
                throw new UserError("--grid " + grid + ": " + e.problem(), e.hint(), e);
            }
        }
        return candidates;
    }

    /** The train whose options are these settings and what this search was given besides. */
    private Train parse(Map<String, String> settings) {
        List<String> args = new ArrayList<>();
        if (!hasModel()) {
            args.add("--model=none"); // it is not written
        }
        Train train = new Train();
        CommandLine commandLine = new CommandLine(train);
        CommandLine ours = commandLine();
        for (OptionSpec option : ours.getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (commandLine.getCommandSpec().findOption(name) != null && !settings.containsKey(name.substring(2))) {
                option.originalStringValues().forEach(value -> args.add(name + "=" + value));
            }
        }
        settings.forEach((name, value) -> args.add(name(name) + "=" + value));
        Values.register(commandLine);
        commandLine
                .setDefaultValueProvider(ours.getDefaultValueProvider())
                .setOut(ours.getOut())
                .setErr(ours.getErr());
        try {
            commandLine.parseArgs(args.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new UserError("--grid " + grid + ": " + e.getMessage(), e);
        }
        return train;
    }

    /** Tries each; returns the best, or null where none could be trained. */
    private Best search(SparkSession spark, List<Candidate> candidates, Metric metric, List<Trial> trials) {
        Best best = null;
        try (Held held = new Held(spark)) {
            for (Candidate candidate : candidates) {
                errors().println("trial " + (trials.size() + 1) + "/" + candidates.size() + "  " + candidate);
                Best next = tried(candidate, held, metric);
                trials.add(next.trial);
                if (next.trial.score() != null
                        && (best == null || Trial.bestFirst(metric).compare(next.trial, best.trial) < 0)) {
                    best = next;
                }
            }
            return best == null || best.model != null || !hasModel() ? best : trainedOnAllRows(best, held);
        }
    }

    private Best tried(Candidate candidate, Held held, Metric metric) {
        long start = System.nanoTime();
        try {
            if (fitting().folds() != null) {
                List<Fold> folds =
                        candidate.train.crossValidate(candidate.recipe, held.rows(candidate), (metrics, part) -> {});
                double[] scores = folds.stream()
                        .mapToDouble(fold -> defined(metric, fold.metrics().get(metric.key())))
                        .toArray();
                return new Best(
                        new Trial(
                                candidate.settings,
                                Spread.mean(scores),
                                Spread.deviation(scores),
                                null,
                                seconds(start),
                                null),
                        candidate,
                        null,
                        folds);
            }
            TrainingData data = held.data(candidate);
            Fitting.Fit fit = candidate.fit(data, List.of());
            TrainedModel trained = fit.model();
            Metrics metrics = candidate.recipe.measured(trained, data.validation());
            double score = defined(metric, metric.of(metrics));
            int steps = fit.result().step();
            return new Best(
                    new Trial(candidate.settings, score, null, steps, seconds(start), null),
                    candidate,
                    trained,
                    List.of());
        } catch (DivergedException e) {
            return new Best(
                    new Trial(candidate.settings, null, null, null, seconds(start), e.render(SettingNames.OPTIONS)),
                    candidate,
                    null,
                    List.of());
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double defined(Metric metric, Double value) {
        if (value == null) {
            throw new UserError("--metric " + metric + " is not defined on the rows held out: expected "
                    + StoppingOptions.whereDefined(metric));
        }
        return value;
    }

    /** The model of the best settings, once they are known, of all rows. */
    private static Best trainedOnAllRows(Best best, Held held) {
        Candidate candidate = best.candidate;
        TrainingData data = held.data(candidate);
        return new Best(best.trial, candidate, candidate.fit(data, best.folds).model(), best.folds);
    }

    /** The table's rows and the data made of them, kept until a candidate needs others. */
    private static final class Held implements AutoCloseable {
        private final SparkSession spark;
        private TrainingRows rows;
        private Object rowsKey;
        private TrainingData data;
        private Object dataKey;

        Held(SparkSession spark) {
            this.spark = spark;
        }

        TrainingRows rows(Candidate candidate) {
            Object key = candidate.train.fitting().rowsKey();
            if (rows == null || !key.equals(rowsKey)) {
                close();
                rows = candidate.train.readRows(candidate.train.table(spark), null);
                rowsKey = key;
            }
            return rows;
        }

        TrainingData data(Candidate candidate) {
            TrainingRows from = rows(candidate);
            Object key = List.of(candidate.train.fitting().rowsKey(), candidate.recipe.dataKey(from));
            if (data == null || !key.equals(dataKey)) {
                closeData();
                data = candidate.train.data(spark, from, candidate.recipe);
                dataKey = key;
            }
            return data.with(from.network(candidate.recipe.config()));
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
