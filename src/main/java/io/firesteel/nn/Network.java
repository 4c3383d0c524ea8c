package io.firesteel.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A feed-forward network: its layers, the first one next to the inputs, and the loss with its output link. There are L
 * affine layers, which have the parameters, and an activation between each two of them.
 *
 * <p>With units {@code [n, 1]}, and so no hidden layer, it is the notes' single logistic unit.
 */
public record Network(List<Layer> layers, Loss loss) implements Serializable {
    /** The maximum number of parameters: a vector of them travels as one array of bytes, which has at most about 2^31. */
    public static final int MOST_PARAMETERS = (1 << 28) - 8;

    public Network {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("no layers: expected at least one");
        }
        for (int k = 0; k < layers.size(); k++) {
            boolean fits = k % 2 == 0
                    ? layers.get(k) instanceof Affine affine
                            && affine.l() == k / 2 + 1
                            && (k == 0 || affine.inputs() == ((Affine) layers.get(k - 2)).units())
                    : layers.get(k) instanceof Activation && k < layers.size() - 1;
            if (!fits) {
                throw new IllegalArgumentException("layer " + k + " of " + layers
                        + ": expected affine layers of matching sizes, and an activation between each two of them");
            }
        }
        List<Integer> units = units(layers);
        if (Collections.min(units) < 1) {
            throw new IllegalArgumentException("layers " + units + ": expected at least one unit in each");
        }
        long parameters = 0;
        for (int l = 1; l < units.size(); l++) {
            parameters += units.get(l) * (units.get(l - 1) + 1L);
            if (parameters > MOST_PARAMETERS) { // checked layer by layer: the sum of all might exceed 64 bits
                throw new IllegalArgumentException(
                        "layers " + units + " have too many parameters: expected at most " + MOST_PARAMETERS);
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
        this(layers(units, activations), loss);
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

    private static List<Integer> units(List<Layer> layers) {
        List<Integer> units = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer instanceof Affine affine) {
                if (units.isEmpty()) {
                    units.add(affine.inputs());
                }
                units.add(affine.units());
            }
        }
        return units;
    }

    /** Returns L, the number of affine layers. */
    public int depth() {
        return (layers.size() + 1) / 2;
    }

    /** Returns n_0 .. n_L. */
    public List<Integer> units() {
        return units(layers);
    }

    /** Returns n_l, the units of layer l; n_0 is the number of inputs. */
    public int units(int l) {
        return l == 0 ? ((Affine) layers.get(0)).inputs() : ((Affine) layers.get(2 * (l - 1))).units();
    }

    /** Returns n_0. */
    public int inputs() {
        return units(0);
    }

    /** Returns n_L. */
    public int outputs() {
        return units(depth());
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

    /** Returns the units and the activations in a line, {@code 28-100-1, relu}. */
    public String summary() {
        String units = units().stream().map(Object::toString).collect(Collectors.joining("-"));
        return depth() == 1 ? units : units + ", " + activationNames();
    }

    /** Returns g[l], for a hidden layer 1 <= l < L. */
    public Activation activation(int l) {
        return (Activation) layers.get(2 * l - 1);
    }

    /** Returns the number of weights in W[l]. */
    public int weightCount(int l) {
        return units(l) * units(l - 1);
    }

    /** Returns where W[l] starts in the flat vector W[1] b[1] W[2] b[2] ...; b[l] follows it. */
    public int weightStart(int l) {
        int start = 0;
        for (int k = 1; k < l; k++) {
            start += weightCount(k) + units(k);
        }
        return start;
    }

    /** Returns the number of parameters: all weights and biases. */
    public int parameterCount() {
        return weightStart(depth() + 1);
    }
}
