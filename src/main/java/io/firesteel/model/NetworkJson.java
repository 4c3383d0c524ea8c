package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Affine;
import io.firesteel.nn.Layer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
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
 */
record NetworkJson(List<LayerJson> layers, Loss loss) {
    /** A layer with the names and shapes of its tensors in the file of the weights. */
    record LayerJson(
            String type,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<Integer>> tensors) {
        LayerJson {
            tensors = tensors == null ? Map.of() : tensors;
        }

        static LayerJson of(Layer layer) {
            Map<String, List<Integer>> shapes = new LinkedHashMap<>();
            layer.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
            return new LayerJson(layer.type(), shapes);
        }

        /** Returns the layer behind {@code affine} affine ones. Fails unless its tensors are those of its type. */
        Layer layer(int affine) {
            Layer layer;
            if (Affine.TYPE.equals(type)) {
                int l = affine + 1;
                List<Integer> shape = tensors.getOrDefault("W" + l, List.of());
                layer = shape.size() == 2 ? new Affine(l, shape.get(1), shape.get(0)) : new Affine(l, 0, 0);
            } else {
                layer = Activation.named(type);
            }
            if (!of(layer).equals(this)) {
                throw new IllegalArgumentException("the tensors of a layer of type " + type + " are " + tensors
                        + ": expected W" + (affine + 1) + " [units, inputs] and b" + (affine + 1)
                        + " [units] of an affine layer, and none of an activation");
            }
            return layer;
        }
    }

    /** Converts a network that is written. */
    static final class Writer extends StdConverter<Network, NetworkJson> {
        @Override
        public NetworkJson convert(Network network) {
            return new NetworkJson(network.layers().stream().map(LayerJson::of).toList(), network.loss());
        }
    }

    /** Converts a network that was read. */
    static final class Reader extends StdConverter<NetworkJson, Network> {
        @Override
        public Network convert(NetworkJson read) {
            List<Layer> layers = new ArrayList<>();
            int affine = 0;
            for (LayerJson layer : read.layers) {
                layers.add(layer.layer(affine));
                affine += Affine.TYPE.equals(layer.type) ? 1 : 0;
            }
            return new Network(layers, read.loss);
        }
    }
}
