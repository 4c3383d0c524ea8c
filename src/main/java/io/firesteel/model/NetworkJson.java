package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Affine;
import io.firesteel.nn.CategoryEmbedding;
import io.firesteel.nn.InputLayer;
import io.firesteel.nn.Layer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parametric;
import io.firesteel.nn.Periodic;
import io.firesteel.nn.Piecewise;
import io.firesteel.nn.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as {@code model.json} has it. Its layers are
 *
 * <pre>
 *   {"type": "affine", "tensors": {"W1": [n_1, n_0], "b1": [n_1]}}, {"type": "tanh"}, {"type": "affine", ...
 * </pre>
 *
 * <p>The first may be {@code {"type": "piecewise", "inputs": n_0, "pieces": [{"input": 3, "knots": [0, 0.5, ...]}, ...]}}, which encodes
 * some numbers by pieces. It, or the one behind it, may be {@code {"type": "periodic", "inputs": n_0, "numbers": [0, 1, ...], "tensors": {"w0": [16, k], ...}}}, which
 * embeds k of the inputs; it, or the one behind it, may be {@code {"type": "categories", "inputs": n, "features": [{"first": 5,
 * "count": 42}, ...], "tensors": {"C0": [8, 42 + ...]}}}, which embeds the categories of features; and an affine layer that scales its
 * inputs has a tensor {@code s1} besides.
 *
 * @param members the number of networks of these layers, whose outputs are averaged; null where there is one. In the file of the
 *     weights it is the first dimension of every tensor.
 * @param quantiles the levels of the outputs that are quantiles; null where none are
 */
record NetworkJson(
        List<LayerJson> layers,
        Loss loss,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer members,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<Double> quantiles) {
    /** A layer with the names and shapes of its tensors in the file of the weights. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record LayerJson(
            String type,
            Integer inputs,
            List<Piecewise.Pieces> pieces,
            List<Integer> numbers,
            List<CategoryEmbedding.Feature> features,
            Map<String, List<Integer>> tensors) {
        LayerJson {
            pieces = pieces == null ? List.of() : pieces;
            numbers = numbers == null ? List.of() : numbers;
            features = features == null ? List.of() : features;
            tensors = tensors == null ? Map.of() : tensors;
        }

        static LayerJson of(Layer layer) {
            Map<String, List<Integer>> shapes = new LinkedHashMap<>();
            layer.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
            return new LayerJson(
                    layer.type(),
                    layer instanceof InputLayer input ? input.inputs() : null,
                    layer instanceof Piecewise encoding ? encoding.numbers() : List.of(),
                    layer instanceof Periodic embedding ? embedding.numbers() : List.of(),
                    layer instanceof CategoryEmbedding embedding ? embedding.features() : List.of(),
                    shapes);
        }

        /** Returns the layer behind {@code affine} affine ones. Fails unless its tensors are those of its type. */
        Layer layer(int affine) {
            Layer layer;
            if (Affine.TYPE.equals(type)) {
                int l = affine + 1;
                List<Integer> shape = tensors.getOrDefault("W" + l, List.of());
                boolean scales = tensors.containsKey("s" + l);
                layer = shape.size() == 2 ? new Affine(l, shape.get(1), shape.get(0), scales) : new Affine(l, 0, 0);
            } else if (Piecewise.TYPE.equals(type)) {
                layer = new Piecewise(inputs == null ? 0 : inputs, pieces);
            } else if (Periodic.TYPE.equals(type)) {
                layer = new Periodic(inputs == null ? 0 : inputs, numbers);
            } else if (CategoryEmbedding.TYPE.equals(type)) {
                layer = new CategoryEmbedding(inputs == null ? 0 : inputs, features);
            } else if (type.startsWith(Parametric.PREFIX)) {
                List<Integer> shape = tensors.getOrDefault("alpha" + affine, List.of(0));
                layer = new Parametric(
                        affine, Activation.named(type.substring(Parametric.PREFIX.length())), shape.get(0));
            } else {
                layer = Activation.named(type);
            }
            if (!of(layer).equals(this)) {
                throw new IllegalArgumentException("the tensors of a layer of type " + type + " are " + tensors
                        + ": expected W" + (affine + 1) + " [units, inputs] and b" + (affine + 1)
                        + " [units] of an affine layer, w0, b0, V0 and a0 of a periodic one, C0 of one of categories, alpha"
                        + affine
                        + " of a parametric activation, and none of another");
            }
            return layer;
        }
    }

    /** The conversion of a network that is written. */
    static final class Writer extends StdConverter<Network, NetworkJson> {
        @Override
        public NetworkJson convert(Network network) {
            return new NetworkJson(
                    network.layers().stream().map(LayerJson::of).toList(),
                    network.loss(),
                    network.members() == 1 ? null : Integer.valueOf(network.members()),
                    network.quantiles().isNone() ? null : network.quantiles().levels());
        }
    }

    /** The conversion of a network that was read. */
    static final class Reader extends StdConverter<NetworkJson, Network> {
        @Override
        public Network convert(NetworkJson read) {
            List<Layer> layers = new ArrayList<>();
            int affine = 0;
            for (LayerJson layer : read.layers) {
                layers.add(layer.layer(affine));
                affine += Affine.TYPE.equals(layer.type) ? 1 : 0;
            }
            return new Network(
                    layers,
                    read.loss,
                    read.members == null ? 1 : read.members,
                    read.quantiles == null ? Quantiles.NONE : new Quantiles(read.quantiles));
        }
    }
}
