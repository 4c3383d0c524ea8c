package io.firesteel.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Quantiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntToDoubleFunction;

/**
 * A network with its weights and with all that is needed to use it on raw rows: column names, scaling, classes.
 *
 * <p>It is immutable; any number of threads may score with one model. Scoring needs no Spark, and is in double.
 */
public final class TrainedModel implements Serializable {
    private static final long serialVersionUID = 1;

    /** The largest scaled input of a row that is scored, as no larger number can be standardised in training. */
    public static final double LARGEST_INPUT = 1e150;

    /** The problem of the {@link #farthest} value of a row whose scores are not finite, to be read after the value. */
    public static final String TOO_FAR =
            "is too large for the model: expected a value of about the size that it was trained on";

    private final ModelDescription description;
    private final double[] theta;
    private transient volatile Scoring scoring; // made when it is needed, and after the model has travelled
    private transient volatile RowEncoder rowEncoder;

    /** Creates a model of these parts; {@code theta} is W[1] b[1] W[2] b[2] ..., each column after column. */
    public TrainedModel(ModelDescription description, double[] theta) {
        this.description = description;
        this.theta = theta.clone();
        if (theta.length != description.network().parameterCount()) {
            throw new IllegalArgumentException(theta.length + " parameters for layers "
                    + description.network().units() + ": expected "
                    + description.network().parameterCount());
        }
    }

    /** Reads a model directory of the local file system. */
    public static TrainedModel load(Path directory) throws IOException {
        return ModelFormat.read(directory);
    }

    /** Returns all but the weights. */
    public ModelDescription description() {
        return description;
    }

    /** Returns the network's shape. */
    public Network network() {
        return description.network();
    }

    /** Returns a copy of the parameters, W[1] b[1] W[2] b[2] ..., each column after column. */
    public double[] theta() {
        return theta.clone();
    }

    /**
     * Scores one example.
     *
     * @param features the raw values in the order of {@link ModelDescription.Inputs#features}; of a category its index among
     *     {@link Encoding#categories}, and NaN for what is missing
     * @return the probability of each class in the order of {@link ModelDescription.Targets#classes}; of a regression the
     *     predicted targets, or the predicted quantiles of its target, ascending; of several labels the probability of each, in the order of {@link ModelDescription.Targets#labels}
     * @throws IllegalArgumentException when a value cannot be used, or the scores are not finite; the message says which value
     */
    public double[] score(double[] features) {
        Scoring scoring = scoring();
        Scorer taken = scoring.idle().poll();
        Scorer scorer = taken == null ? scorer(1) : taken;
        double[] scores = scorer.score(new double[][] {features})[0];
        scoring.idle().add(scorer);
        return scores;
    }

    /**
     * Scores one example as a table has it. A value is a number, a boolean or a text, which may write a number; null or a
     * blank text where it is missing.
     *
     * @param row the values by the names of the columns; other columns than {@link ModelDescription.Inputs#features} are ignored
     * @return as {@link #score}
     * @throws IllegalArgumentException when a value is not what its column had in training, or the scores are not finite; the
     *     message says which value
     */
    public double[] scoreRow(Map<String, ?> row) {
        if (rowEncoder == null) {
            rowEncoder = new RowEncoder(description);
        }
        return score(rowEncoder.features(row));
    }

    /** Returns what a regression's scores predict: each target, or, where the scores are quantiles of the target, its median. */
    public double[] predictions(double[] scores) {
        Quantiles quantiles = network().quantiles();
        return quantiles.isNone() ? scores : new double[] {quantiles.median(k -> scores[k])};
    }

    /** Returns a scorer for batches of at most {@code rows} examples, which reuses its memory: one thread, one scorer. */
    public Scorer scorer(int rows) {
        return new Scorer(rows);
    }

    /**
     * Returns the mean of models that have networks of the same layers, the same inputs and the same targets: an ensemble. Everything
     * else is taken from the first model.
     *
     * @throws IllegalArgumentException when networks or inputs differ
     */
    public static TrainedModel mean(List<TrainedModel> models) {
        TrainedModel first = models.get(0);
        if (models.size() == 1) {
            return first;
        }
        JsonNode inputs = ModelFormat.toJson(first.description).get("inputs");
        for (TrainedModel model : models) {
            if (!model.network().layers().equals(first.network().layers())
                    || !ModelFormat.toJson(model.description).get("inputs").equals(inputs)) {
                throw new IllegalArgumentException("models of different networks or inputs have no mean");
            }
        }
        int members =
                models.stream().mapToInt(model -> model.network().members()).sum();
        double[] theta = models.stream()
                .flatMapToDouble(model -> Arrays.stream(model.theta))
                .toArray();
        ModelDescription d = first.description;
        Map<String, String> settings = new TreeMap<>(d.provenance().settings());
        settings.put("members", Integer.toString(members));
        return new TrainedModel(
                new ModelDescription(
                        d.task(),
                        d.network().withMembers(members),
                        d.inputs(),
                        d.targets(),
                        d.provenance().withSettings(settings)),
                theta);
    }

    /** Returns the same model with another threshold between two classes; null for 1/2. */
    public TrainedModel withThreshold(Double threshold) {
        ModelDescription.Targets t = description.targets();
        return new TrainedModel(
                new ModelDescription(
                        description.task(),
                        description.network(),
                        description.inputs(),
                        new ModelDescription.Targets(t.labels(), t.classes(), t.compared(), t.scaling(), threshold),
                        description.provenance()),
                theta);
    }

    /**
     * Returns the first row that is to be refused, as an input is larger than {@link #LARGEST_INPUT} or not a number, or a score is
     * not finite; -1 for none.
     *
     * @param x (inputs, rows), scaled
     * @param scores of each row
     */
    public static int firstUnusable(AnyMatrix x, double[][] scores) {
        boolean usable = x.isWithin(LARGEST_INPUT);
        for (int j = 0; j < scores.length; j++) {
            if (!areFinite(scores[j]) || (!usable && !x.columns(new int[] {j}).isWithin(LARGEST_INPUT))) {
                return j;
            }
        }
        return -1;
    }

    private static boolean areFinite(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number * 0; // NaN for one that is not finite
        }
        return sum == 0;
    }

    /**
     * Returns the feature whose value is farthest from those of the training, in deviations: the one to name when a row's
     * scores are not finite.
     *
     * @param row gives the value of each feature
     */
    public int farthest(IntToDoubleFunction row) {
        InputLayout layout = scoring().layout();
        int farthest = 0;
        double most = -1;
        for (int i = 0; i < layout.features(); i++) {
            double distance = layout.isCategory(i)
                    ? 0
                    : Math.abs(description.inputs().scaling().distance(i, layout.number(i, row.applyAsDouble(i))));
            if (distance > most) {
                farthest = i;
                most = distance;
            }
        }
        return farthest;
    }

    private Scoring scoring() {
        if (scoring == null) { // two threads may make one each: either will do
            Network network = network();
            InputLayout layout = description.inputs().layout();
            scoring = new Scoring(
                    network,
                    layout,
                    new InputLayout.Encoder(layout),
                    Parameters.of(network, theta),
                    new ConcurrentLinkedQueue<>());
        }
        return scoring;
    }

    /**
     * What scorers share, worked out once.
     *
     * @param idle scorers of one row that no thread uses at present
     */
    private record Scoring(
            Network network,
            InputLayout layout,
            InputLayout.Encoder encoder,
            Parameters parameters,
            Queue<Scorer> idle) {}

    /** A worker that scores batches of raw rows with the memory that it owns. */
    public final class Scorer {
        private final InputLayout layout;
        private final Backprop backprop;

        private Scorer(int rows) {
            layout = scoring().layout();
            backprop = new Backprop(scoring().network(), scoring().parameters(), rows);
        }

        /** Returns the scores of each row, as {@link TrainedModel#score}. */
        public double[][] score(double[][] rows) {
            double[] values = new double[rows.length * layout.features()];
            for (int j = 0; j < rows.length; j++) {
                if (rows[j].length != layout.features()) {
                    throw new IllegalArgumentException(rows[j].length + " features: expected " + layout.features()
                            + ", " + description.inputs().features());
                }
                check(rows[j]);
                System.arraycopy(rows[j], 0, values, j * layout.features(), layout.features());
            }
            AnyMatrix x = scoring()
                    .encoder()
                    .encode(
                            values,
                            layout.features(),
                            rows.length,
                            description.inputs().scaling(),
                            Precision.DOUBLE);
            double[][] scores = scoreScaled(x);
            int bad = firstUnusable(x, scores);
            if (bad >= 0) {
                int i = farthest(k -> rows[bad][k]);
                throw new IllegalArgumentException(
                        "feature " + description.inputs().features().get(i) + ": \"" + rows[bad][i] + "\" " + TOO_FAR);
            }
            return scores;
        }

        /** Returns the scores of each column of X (n_0, m), whose numbers are scaled as the model has it, in double. */
        public double[][] scoreScaled(AnyMatrix x) {
            Matrix outputs = backprop.predict(x);
            double[][] scores = new double[x.cols()][];
            for (int j = 0; j < scores.length; j++) {
                scores[j] = scores(outputs, j);
            }
            return scores;
        }

        private void check(double[] row) {
            for (int i = 0; i < row.length; i++) {
                boolean category = layout.isCategory(i);
                boolean index = row[i] >= 0 && row[i] < layout.inputs(i) && row[i] == Math.rint(row[i]);
                if (Double.isNaN(row[i])
                        ? !description.inputs().encoding().allowsNaN(category)
                        : category ? !index : Double.isInfinite(row[i])) {
                    throw new IllegalArgumentException("feature "
                            + description.inputs().features().get(i) + " is " + row[i]
                            + (category
                                    ? ": expected a category's index, 0 to " + (layout.inputs(i) - 1)
                                    : ": expected a finite number"));
                }
            }
        }

        private double[] scores(Matrix outputs, int j) {
            double[] scores = new double[outputs.rows()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = outputs.get(i, j);
            }
            switch (description.task()) {
                case CLASSIFICATION -> {
                    if (scores.length == 1) {
                        return new double[] {1 - scores[0], scores[0]};
                    }
                }
                case REGRESSION -> {
                    boolean isOneTarget = network().targets() == 1;
                    Scaling scaling = description.targets().scaling();
                    Arrays.setAll(scores, i -> scaling.unscale(isOneTarget ? 0 : i, scores[i]));
                }
                case MULTILABEL -> {} // they are what they should be
            }
            return scores;
        }
    }
}
