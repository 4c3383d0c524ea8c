package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All of a model but its weights: the content of {@code model.json}, key for key.
 *
 * @param formatVersion of the model directory; {@link ModelFormat#VERSION} when written
 * @param layers n_0 .. n_L
 * @param activation of the hidden layers, comma-separated, one for all or one each
 * @param features the input columns, in the order of the network's inputs
 * @param ignored columns that the training data had and the network does not use
 * @param encoding how the features become the inputs; models written before there was one have numbers only
 * @param inputs the standardisation of the inputs
 * @param labels the target columns
 * @param classes the label values, in the order of the outputs; empty where labels are numbers
 * @param targets the standardisation of the targets; the identity but for a regression
 * @param seed of the starting weights and the validation split
 * @param rows the number of examples trained on
 * @param validationRows the number of examples held out
 * @param blas the kernel that computed the products
 * @param settings the resolved settings of the training, as the command line names them
 * @param history the training, step by step
 * @param validation how the model was chosen by examples that were held out; null where it was not
 * @param weightsSha256 of the file with the weights
 */
@JsonPropertyOrder({"formatVersion", "task", "layers", "activation", "loss"})
public record ModelDescription(
        int formatVersion,
        Task task,
        List<Integer> layers,
        String activation,
        Loss loss,
        List<String> features,
        List<String> ignored,
        Encoding encoding,
        Scaling inputs,
        List<String> labels,
        List<String> classes,
        Scaling targets,
        long seed,
        long rows,
        long validationRows,
        int blockRows,
        String precision,
        String blas,
        String firesteelVersion,
        String sparkVersion,
        String javaVersion,
        Map<String, String> settings,
        List<Step> history,
        @JsonInclude(JsonInclude.Include.NON_NULL) Validation validation,
        String weightsSha256)
        implements Serializable {

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
        /** A step that was not measured. */
        public Step(int step, double loss) {
            this(step, loss, null, null);
        }
    }

    /**
     * What examples that were held out had a say in.
     *
     * @param metric the metric of the history's measurements
     * @param keptStep after how many steps the weights were as the model has them; null for the last step
     * @param folds the measures of models of other rows than those that measure them; null where there were none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Validation(Metric metric, Integer keptStep, List<Fold> folds) implements Serializable {
        public Validation {
            folds = folds == null ? null : List.copyOf(folds);
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

    public ModelDescription {
        layers = List.copyOf(layers);
        features = List.copyOf(features);
        ignored = List.copyOf(ignored);
        labels = List.copyOf(labels);
        classes = List.copyOf(classes);
        history = List.copyOf(history);
        encoding = encoding == null ? Encoding.NONE : encoding;
    }

    /** Which inputs belong to which feature. */
    public InputLayout layout() {
        return encoding.layout(features);
    }

    /** The network's shape. Fails on an impossible one. */
    public Network network() {
        int hidden = layers.size() - 2;
        List<Activation> activations = Arrays.stream(activation.split(","))
                .filter(name -> !name.isBlank())
                .map(name -> Activation.named(name.trim()))
                .toList();
        return activations.size() == 1 && hidden >= 0
                ? Network.of(layers, activations.get(0), loss)
                : new Network(layers, activations, loss);
    }

    /** The activations of a network as {@link #activation} writes them. */
    public static String activationNames(Network network) {
        List<Activation> activations = network.activations();
        return activations.stream().distinct().count() == 1
                ? activations.get(0).toString()
                : activations.stream().map(Activation::toString).collect(Collectors.joining(","));
    }

    ModelDescription withWeightsSha256(String sha256) {
        return new ModelDescription(
                formatVersion,
                task,
                layers,
                activation,
                loss,
                features,
                ignored,
                encoding,
                inputs,
                labels,
                classes,
                targets,
                seed,
                rows,
                validationRows,
                blockRows,
                precision,
                blas,
                firesteelVersion,
                sparkVersion,
                javaVersion,
                settings,
                history,
                validation,
                sha256);
    }
}
