package io.firesteel.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A feed-forward network: its layers, the first one next to the inputs, and the loss with its output link. There are L
 * affine layers, and an activation between each two of them; below the first there may be an encoding of numbers by pieces, and
 * embeddings of numbers and of categories.
 *
 * <p>With units {@code [n, 1]}, and so no hidden layer, it is the notes' single logistic unit.
 *
 * <p>It may be an ensemble: several members of these layers, each with parameters of its own, whose outputs A[L] are averaged. The
 * members are trained side by side, each by its own loss (a deep ensemble, Lakshminarayanan et al. 2017, over the same batches as
 * in TabM-packed of Gorishniy et al. 2025).
 *
 * @param layers of each member
 * @param members their number; 1 for a network that is no ensemble
 * @param quantiles what the outputs are with the loss of quantiles; none with the others
 */
public record Network(List<Layer> layers, Loss loss, int members, Quantiles quantiles) implements Serializable {
    /** The maximum number of parameters: a vector of them travels as one array of bytes, which has at most about 2^31. */
    public static final int MOST_PARAMETERS = (1 << 28) - 8;

    /** The kinds of input layers, in their order in a network. */
    private static final List<Class<? extends InputLayer>> INPUT_LAYERS =
            List.of(Piecewise.class, Periodic.class, CategoryEmbedding.class);

    public Network {
        layers = List.copyOf(layers);
        if (members < 1) {
            throw new IllegalArgumentException(members + " members: expected at least one");
        }
        expectOrder(layers.subList(0, first(layers)));
        expectMatching(layers);
        List<Integer> units = units(layers);
        if (Collections.min(units) < 1) {
            throw new IllegalArgumentException("layers " + units + ": expected at least one unit in each");
        }
        int outputs = units.get(units.size() - 1);
        if (loss == Loss.QUANTILE ? quantiles.size() != outputs : !quantiles.isNone()) {
            throw new IllegalArgumentException("quantiles " + quantiles.levels() + " with loss " + loss + " and layers "
                    + units + ": expected one for each output with loss " + Loss.QUANTILE + ", and none with another");
        }
        expectFewParameters(layers, units, members);
    }

    private static void expectOrder(List<Layer> inputLayers) {
        int previous = -1;
        for (Layer layer : inputLayers) {
            int place = INPUT_LAYERS.indexOf(layer.getClass());
            if (place <= previous) {
                throw new IllegalArgumentException(
                        "layers " + inputLayers
                                + ": expected at most an encoding of numbers by pieces, an embedding of numbers and one of categories, in this order");
            }
            previous = place;
        }
    }

    /** Makes sure that affine layers and activations alternate, and that each layer fits the one below it. */
    private static void expectMatching(List<Layer> layers) {
        int first = first(layers);
        if (first == layers.size()) {
            throw new IllegalArgumentException("no affine layer in " + layers + ": expected at least one");
        }
        int inputs = 0; // of the next layer, where they are known
        for (Layer layer : layers.subList(0, first)) {
            inputs = layer.units(inputs == 0 ? ((InputLayer) layer).inputs() : inputs);
        }
        for (int k = first; k < layers.size(); k++) {
            Layer layer = layers.get(k);
            boolean fits = (k - first) % 2 == 0
                    ? layer instanceof Affine affine
                            && affine.l() == (k - first) / 2 + 1
                            && (inputs == 0 || affine.inputs() == inputs)
                    : isActivation(layer) && k < layers.size() - 1;
            if (!fits) {
                throw new IllegalArgumentException("layer " + k + " of " + layers
                        + ": expected affine layers of matching sizes, and an activation between each two of them");
            }
            inputs = layer instanceof Affine affine ? affine.units() : inputs;
        }
    }

    private static void expectFewParameters(List<Layer> layers, List<Integer> units, int members) {
        long parameters = 0;
        for (Layer layer : layers) {
            parameters += layer.tensors().stream()
                    .mapToLong(tensor -> (long) tensor.rows() * tensor.cols())
                    .sum();
            if (parameters > MOST_PARAMETERS / members) { // checked layer by layer: the sum of all might exceed 64 bits
                throw new IllegalArgumentException(
                        "layers " + units + (members == 1 ? "" : " of " + members + " members")
                                + " have too many parameters: expected at most " + MOST_PARAMETERS);
            }
        }
    }

    /**
     * Creates a network of affine layers and activations.
     *
     * @param units n_0 .. n_L: the inputs, the units of each hidden layer, the outputs
     * @param activations g[1] .. g[L-1], those of the hidden layers
     */
    public Network(List<Integer> units, List<Activation> activations, Loss loss) {
        this(units, activations, loss, Quantiles.NONE);
    }

    /** Creates such a network whose outputs may be quantiles. */
    public Network(List<Integer> units, List<Activation> activations, Loss loss, Quantiles quantiles) {
        this(layers(units, activations), loss, 1, quantiles);
    }

    /** Creates a network whose hidden layers share one activation. */
    public static Network of(List<Integer> units, Activation hidden, Loss loss) {
        return new Network(units, Collections.nCopies(Math.max(0, units.size() - 2), hidden), loss);
    }

    private static List<Layer> layers(List<Integer> units, List<Activation> activations) {
        if (units.size() < 2) {
            throw new IllegalArgumentException(
                    "layers " + units + ": expected at least two, the inputs and the outputs");
        }
        if (activations.size() != units.size() - 2) {
            throw new IllegalArgumentException(activations.size() + " activations " + activations
                    + " for the hidden layers of " + units + ": expected " + (units.size() - 2));
        }
        List<Layer> layers = new ArrayList<>();
        for (int l = 1; l < units.size(); l++) {
            layers.add(new Affine(l, units.get(l - 1), units.get(l)));
            if (l < units.size() - 1) {
                layers.add(activations.get(l - 1));
            }
        }
        return layers;
    }

    /** Returns whether a layer is an activation, with or without parameters. */
    static boolean isActivation(Layer layer) {
        return layer instanceof Activation || layer instanceof Parametric;
    }

    /** Returns this network with {@link Parametric} activations. */
    public Network withParametricActivations() {
        List<Layer> changed = new ArrayList<>(layers);
        for (int l = 1; l < depth(); l++) {
            changed.set(first(layers) + 2 * l - 1, new Parametric(l, activation(l), units(l)));
        }
        return new Network(changed, loss, members, quantiles);
    }

    /** Returns whether the activations have parameters. */
    public boolean hasParametricActivations() {
        return layers.stream().anyMatch(Parametric.class::isInstance);
    }

    /** Returns the place of the first affine layer. */
    private static int first(List<Layer> layers) {
        int first = 0;
        while (first < layers.size() && layers.get(first) instanceof InputLayer) {
            first++;
        }
        return first;
    }

    private static List<Integer> units(List<Layer> layers) {
        List<Integer> units = new ArrayList<>();
        for (Layer layer : layers) {
            if (units.isEmpty()) {
                units.add(layer instanceof InputLayer input ? input.inputs() : ((Affine) layer).inputs());
            }
            if (layer instanceof Affine affine) {
                units.add(affine.units());
            }
        }
        return units;
    }

    /**
     * Returns this network with more work on its inputs.
     *
     * @param numbers which inputs are numbers to be embedded by a {@link Periodic} layer; empty for no such layer
     * @param categories the features whose categories are to be embedded by a {@link CategoryEmbedding}; empty for no such layer
     * @param scales whether the first affine layer scales its inputs
     */
    public Network withInputs(List<Integer> numbers, List<CategoryEmbedding.Feature> categories, boolean scales) {
        return withInputs(pieces(), numbers, categories, scales);
    }

    /**
     * Returns this network with some numbers encoded by pieces besides.
     *
     * @param pieces of each such number, ascending by input; empty for no {@link Piecewise} layer
     */
    public Network withPieces(List<Piecewise.Pieces> pieces) {
        return withInputs(pieces, embeddedNumbers(), embeddedCategories(), scalesInputs());
    }

    private Network withInputs(
            List<Piecewise.Pieces> pieces,
            List<Integer> numbers,
            List<CategoryEmbedding.Feature> categories,
            boolean scales) {
        List<Layer> changed = new ArrayList<>(layers.subList(first(layers), layers.size()));
        int inputs = inputs();
        List<Layer> below = new ArrayList<>();
        if (!pieces.isEmpty()) {
            below.add(new Piecewise(inputs, pieces));
            inputs = below.get(0).units(inputs);
        }
        if (!numbers.isEmpty()) {
            below.add(new Periodic(inputs, numbers));
            inputs = below.get(below.size() - 1).units(inputs);
        }
        if (!categories.isEmpty()) {
            below.add(new CategoryEmbedding(inputs, categories));
            inputs = below.get(below.size() - 1).units(inputs);
        }
        changed.set(0, new Affine(1, inputs, units(1), scales));
        changed.addAll(0, below);
        return new Network(changed, loss, members, quantiles);
    }

    /** Returns an ensemble of this many networks like this one. */
    public Network withMembers(int count) {
        return new Network(layers, loss, count, quantiles);
    }

    /** Returns which inputs are numbers that are embedded. */
    public List<Integer> embeddedNumbers() {
        return inputLayers(Periodic.class)
                .flatMap(layer -> layer.numbers().stream())
                .toList();
    }

    /** Returns the pieces of the numbers that are encoded by them. */
    public List<Piecewise.Pieces> pieces() {
        return inputLayers(Piecewise.class)
                .flatMap(layer -> layer.numbers().stream())
                .toList();
    }

    private <T extends InputLayer> Stream<T> inputLayers(Class<T> type) {
        return layers.subList(0, first(layers)).stream()
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** Returns the features whose categories are embedded. */
    public List<CategoryEmbedding.Feature> embeddedCategories() {
        return inputLayers(CategoryEmbedding.class)
                .flatMap(layer -> layer.features().stream())
                .toList();
    }

    /** Returns whether its inputs may be a sparse matrix: one without layers that look at each number. */
    public boolean takesSparse() {
        return first(layers) == 0;
    }

    /** Returns whether the first affine layer scales its inputs. */
    public boolean scalesInputs() {
        return affine(1).scales();
    }

    /** Returns affine layer l, 1 to L. */
    public Affine affine(int l) {
        return (Affine) layers.get(first(layers) + 2 * (l - 1));
    }

    /** Returns L, the number of affine layers. */
    public int depth() {
        return (layers.size() - first(layers) + 1) / 2;
    }

    /** Returns n_0 .. n_L. */
    public List<Integer> units() {
        return units(layers);
    }

    /** Returns n_l, the units of layer l; n_0 is the number of inputs. */
    public int units(int l) {
        return l == 0 ? units().get(0) : affine(l).units();
    }

    /** Returns n_0. */
    public int inputs() {
        return units(0);
    }

    /** Returns n_L. */
    public int outputs() {
        return units(depth());
    }

    /** Returns the number of targets: the outputs, or one where these are its quantiles. */
    public int targets() {
        return quantiles.isNone() ? outputs() : 1;
    }

    /** Returns g[1] .. g[L-1]. */
    public List<Activation> activations() {
        return IntStream.range(1, depth()).mapToObj(this::activation).toList();
    }

    /** Returns the names of g[1] .. g[L-1] as settings write them: separated by commas, or one that all share. */
    public String activationNames() {
        List<String> names = activations().stream().map(Activation::toString).toList();
        return names.stream().distinct().count() == 1 ? names.get(0) : String.join(",", names);
    }

    /** Returns the units, the activations and what else there is in a line, {@code 28-100-1, relu}. */
    public String summary() {
        String units = units().stream().map(Object::toString).collect(Collectors.joining("-"));
        String activations = depth() == 1 ? "" : ", " + activationNames();
        return units + activations + embedded() + (members == 1 ? "" : ", " + members + " members");
    }

    /** Returns the loss in a line, with the quantiles that it has: {@code quantile 0.1, 0.9}. */
    public String lossSummary() {
        return loss + (quantiles.isNone() ? "" : " " + String.join(", ", quantiles.names()));
    }

    private static String counted(int count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }

    private String embedded() {
        List<String> parts = new ArrayList<>();
        if (!embeddedNumbers().isEmpty()) {
            parts.add(counted(embeddedNumbers().size(), "number", "numbers"));
        }
        if (!embeddedCategories().isEmpty()) {
            parts.add(counted(embeddedCategories().size(), "column of categories", "columns of categories"));
        }
        String pieces = pieces().isEmpty() ? "" : ", " + counted(pieces().size(), "number", "numbers") + " in pieces";
        return pieces + (parts.isEmpty() ? "" : ", " + String.join(" and ", parts) + " embedded");
    }

    /** Returns g[l], for a hidden layer 1 &lt;= l &lt; L. */
    public Activation activation(int l) {
        Layer layer = layers.get(first(layers) + 2 * l - 1);
        return layer instanceof Parametric parametric ? parametric.g() : (Activation) layer;
    }

    /**
     * A tensor and where it begins in theta, the flat vector of all tensors, member after member and layer after layer.
     *
     * @param start the place of its first element
     */
    public record Placed(Layer.Tensor tensor, int start) {
        /** Returns the place behind its last element. */
        public int end() {
            return start + tensor.size();
        }
    }

    /** Returns the tensors in their order in theta. */
    public List<Placed> tensors() {
        List<Placed> placed = new ArrayList<>();
        int start = 0;
        for (int member = 0; member < members; member++) {
            for (Layer layer : layers) {
                for (Layer.Tensor tensor : layer.tensors()) {
                    placed.add(new Placed(tensor, start));
                    start += tensor.size();
                }
            }
        }
        return placed;
    }

    /** Returns the places of a tensor by its name, such as W1: one in each member. */
    public List<Placed> tensors(String name) {
        return tensors().stream()
                .filter(placed -> placed.tensor().name().equals(name))
                .toList();
    }

    /** Returns the place of a tensor in the first member. */
    public Placed tensor(String name) {
        return tensors(name).get(0);
    }

    /** Returns the number of parameters of all members. */
    public int parameterCount() {
        return members
                * layers.stream()
                        .flatMap(layer -> layer.tensors().stream())
                        .mapToInt(Layer.Tensor::size)
                        .sum();
    }
}
