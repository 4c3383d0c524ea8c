package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.firesteel.nn.Network;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All of a model but its weights: the content of {@code model.json}, key for key.
 *
 * @param inputs how a row becomes the network's inputs
 * @param targets what the network's outputs mean
 * @param provenance how the model was trained
 */
public record ModelDescription(
        Task task,

        @JsonSerialize(converter = NetworkJson.Writer.class) @JsonDeserialize(converter = NetworkJson.Reader.class)
        Network network,

        Inputs inputs,
        Targets targets,
        Provenance provenance)
        implements Serializable {
    /** Returns whether rows may be scored without their zeros: these stay zeros, and no layer looks at each number. */
    public boolean takesSparse() {
        return inputs.scaling.keepsZeros() && inputs.encoding.indicators().isEmpty() && network.takesSparse();
    }

    /**
     * How a row becomes the network's inputs.
     *
     * @param features the input columns, in the order of the network's inputs
     * @param ignored columns that the training data had and the network does not use
     * @param encoding how the features become inputs; the first models have none, and numbers only
     * @param scaling the standardisation of each feature; the identity for a category
     */
    public record Inputs(List<String> features, List<String> ignored, Encoding encoding, Scaling scaling)
            implements Serializable {
        public Inputs {
            features = List.copyOf(features);
            ignored = List.copyOf(ignored);
            encoding = encoding == null ? Encoding.NONE : encoding;
        }

        /** Returns the columns of a table that hold the features. */
        public List<String> columns() {
            return encoding.columns(features);
        }

        /** Returns which of the network's inputs belong to which feature. */
        public InputLayout layout() {
            return encoding.layout(features);
        }
    }

    /**
     * What the network's outputs mean.
     *
     * @param labels the target columns
     * @param classes the label values, in the order of the outputs; empty where labels are numbers
     * @param compared how labels are compared with the classes; null for {@link Compared#DOUBLE}, as in older models
     * @param scaling the standardisation of each target; the identity unless the task is a regression
     * @param threshold the probability above which the second of two classes is predicted; null for 1/2
     */
    public record Targets(
            List<String> labels,
            List<String> classes,
            @JsonInclude(JsonInclude.Include.NON_NULL) Compared compared,
            Scaling scaling,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double threshold)
            implements Serializable {
        public Targets {
            labels = List.copyOf(labels);
            classes = List.copyOf(classes);
            compared = compared == Compared.DOUBLE ? null : compared;
        }

        /**
         * Returns the index of the class that is predicted.
         *
         * @param scores the probability of each class, or of two classes that of the second alone
         */
        public int predicted(double[] scores) {
            double second = scores[scores.length - 1];
            if (threshold != null) {
                return second > threshold ? 1 : 0;
            }
            return scores.length == 1 ? (second > 0.5 ? 1 : 0) : argmax(scores);
        }

        /** Returns the index of the greatest of the scores, the first of equal ones. */
        public static int argmax(double[] scores) {
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                if (scores[i] > scores[best]) {
                    best = i;
                }
            }
            return best;
        }

        /** Returns how labels are compared with the classes. */
        public Compared comparison() {
            return compared == null ? Compared.DOUBLE : compared;
        }
    }

    /**
     * How a model was trained.
     *
     * @param seed of the starting weights and the validation split
     * @param rows the number of examples trained on; after a refit those of the refit, which are all
     * @param validationRows the number of examples held out; after a refit those held out of the first training
     * @param blockRows the number of examples in a block
     * @param precision of blocks and products
     * @param settings the resolved settings of the training by key
     * @param history the training, step by step; after a refit the first training, of which it took its length
     * @param validation how examples that were held out were used; null where there were none
     */
    public record Provenance(
            long seed,
            long rows,
            long validationRows,
            int blockRows,
            String precision,
            Software software,
            Map<String, String> settings,
            List<Step> history,
            @JsonInclude(JsonInclude.Include.NON_NULL) Validation validation)
            implements Serializable {
        public Provenance {
            Objects.requireNonNull(software, "software");
            Objects.requireNonNull(settings, "settings");
            history = List.copyOf(history);
        }

        /** Returns the same with other settings. */
        Provenance withSettings(Map<String, String> others) {
            return new Provenance(
                    seed, rows, validationRows, blockRows, precision, software, others, history, validation);
        }

        /** Returns whether the weights are those of a second training, on all rows. */
        public boolean isRefit() {
            return validation != null && !validation.refit().isEmpty();
        }

        /** Returns the history of the training whose weights the model has. */
        public List<Step> lastHistory() {
            return isRefit() ? validation.refit() : history;
        }

        /** Returns the first point of the history that was best on the examples held out; empty where nothing was measured. */
        public Optional<Step> best() {
            Metric metric = validation == null ? null : validation.metric();
            Step best = null;
            for (Step step : history) {
                Double value = step.measured(metric);
                if (value != null && (best == null || metric.gain(value, best.measured(metric)) > 0)) {
                    best = step;
                }
            }
            return Optional.ofNullable(best);
        }
    }

    /**
     * The programs that trained a model, by version.
     *
     * @param blas the kernels that computed the products
     */
    public record Software(String firesteel, String spark, String java, String blas) implements Serializable {}

    /**
     * One point of the training history.
     *
     * @param step how many steps were taken before
     * @param loss the objective after these steps: the mean training loss and the penalty. Where steps see a part of data
     *     or network each, it is of the part that the next step saw, and where several of them make a pass over the data,
     *     the mean over the pass that began there; the last point's is of all
     * @param validationLoss the mean loss of the examples held out, without penalty; null where it was not measured
     * @param validationMetric the chosen metric of these examples; null where it was not measured, or is the loss
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Step(int step, double loss, Double validationLoss, Double validationMetric) implements Serializable {
        /** Creates a point that was not measured on examples held out. */
        public Step(int step, double loss) {
            this(step, loss, null, null);
        }

        /** Returns a metric of the examples held out; null where it was not measured, or the metric is null. */
        public Double measured(Metric metric) {
            if (metric == null) {
                return null;
            }
            return metric == Metric.LOSS ? validationLoss : validationMetric;
        }
    }

    /**
     * How examples that were held out were used.
     *
     * @param metric the metric of the history's measurements; null where only folds were measured
     * @param keptStep after how many steps of the first training the weights were kept; without a refit the model has these
     * @param folds the measures of models of other rows than those that measure them
     * @param refit the history of a second training, on all rows, which took as long as the first one took to the kept step, and
     *     whose weights the model has; empty where there was none
     */
    public record Validation(
            @JsonInclude(JsonInclude.Include.NON_NULL) Metric metric,
            int keptStep,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Fold> folds,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Step> refit)
            implements Serializable {
        public Validation {
            folds = folds == null ? List.of() : List.copyOf(folds);
            refit = refit == null ? List.of() : List.copyOf(refit);
        }

        /** Creates what is known of a model that was trained once. */
        public Validation(Metric metric, int keptStep, List<Fold> folds) {
            this(metric, keptStep, folds, List.of());
        }
    }

    /**
     * How good the model without a fold is on the fold.
     *
     * @param rows of the fold
     * @param metrics by name; null is one that is not defined on the fold
     */
    public record Fold(long rows, Map<String, Double> metrics) implements Serializable {
        public Fold {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }

        /** Returns the numbers among metrics, the loss first. */
        public static Fold of(Metrics metrics) {
            Map<String, Double> numbers = new LinkedHashMap<>();
            numbers.put("loss", metrics.loss());
            numbers.putAll(metrics.numbers());
            return new Fold(metrics.rows(), numbers);
        }
    }
}
