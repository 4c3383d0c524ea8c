package io.firesteel.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The description of a model with all keys on one level, as formats 1 and 2 had it, and as {@code inspect --json} still
 * shows it.
 */
final class FlatDescription {
    /** Where today's description has the value of each key; the layers are converted. */
    private static final Map<String, String> PLACES = new LinkedHashMap<>();

    static {
        PLACES.put("task", "/task");
        PLACES.put("loss", "/network/loss");
        for (String key : List.of("features", "ignored", "encoding")) {
            PLACES.put(key, "/inputs/" + key);
        }
        PLACES.put("inputs", "/inputs/scaling");
        PLACES.put("labels", "/targets/labels");
        PLACES.put("classes", "/targets/classes");
        PLACES.put("classesCompared", "/targets/compared");
        PLACES.put("targets", "/targets/scaling");
        PLACES.put("threshold", "/targets/threshold");
        for (String key : List.of("seed", "rows", "validationRows", "blockRows", "precision")) {
            PLACES.put(key, "/provenance/" + key);
        }
        PLACES.put("blas", "/provenance/software/blas");
        PLACES.put("firesteelVersion", "/provenance/software/firesteel");
        PLACES.put("sparkVersion", "/provenance/software/spark");
        PLACES.put("javaVersion", "/provenance/software/java");
        for (String key : List.of("settings", "history", "validation")) {
            PLACES.put(key, "/provenance/" + key);
        }
        PLACES.put("weightsSha256", "/weightsSha256");
    }

    private FlatDescription() {}

    /** Returns today's description of a network's model on one level. */
    static ObjectNode of(ObjectNode today, Network network) {
        ObjectNode flat = today.objectNode();
        network.units().forEach(flat.putArray("layers")::add);
        flat.put("activation", network.activationNames());
        if (network.members() > 1) {
            flat.put("members", network.members());
        }
        if (!network.quantiles().isNone()) {
            network.quantiles().levels().forEach(flat.putArray("quantiles")::add);
        }
        PLACES.forEach((key, place) -> {
            if (!today.at(place).isMissingNode()) {
                flat.set(key, today.at(place));
            }
        });
        return flat;
    }

    /**
     * Returns the description of format 1 or 2 as today's format has it.
     *
     * @throws JsonProcessingException when a value is of another type than it should be
     * @throws IllegalArgumentException when values do not fit each other
     */
    static ObjectNode upgraded(ObjectNode flat, JsonMapper json) throws JsonProcessingException {
        ObjectNode today = json.createObjectNode();
        PLACES.forEach((key, place) -> {
            if (flat.has(key)) {
                int name = place.lastIndexOf('/');
                ObjectNode parent = name == 0 ? today : today.withObject(place.substring(0, name));
                parent.set(place.substring(name + 1), flat.get(key));
            }
        });
        if (flat.hasNonNull("layers") && flat.hasNonNull("activation") && flat.hasNonNull("loss")) {
            Network network = network(
                    List.of(json.treeToValue(flat.get("layers"), Integer[].class)),
                    flat.get("activation").asText(),
                    json.treeToValue(flat.get("loss"), Loss.class));
            today.set("network", json.valueToTree(new NetworkJson.Writer().convert(network)));
        }
        if (flat.hasNonNull("inputs") && flat.hasNonNull("features") && flat.hasNonNull("encoding")) {
            Encoding encoding = json.treeToValue(flat.get("encoding"), Encoding.class);
            InputLayout layout = encoding.layout(List.of(json.treeToValue(flat.get("features"), String[].class)));
            Scaling scaling = ofFeatures(json.treeToValue(flat.get("inputs"), Scaling.class), layout);
            today.withObject("/inputs").set("scaling", json.valueToTree(scaling));
        }
        JsonNode history = flat.path("history");
        if (flat.path("validation") instanceof ObjectNode validation && !validation.hasNonNull("keptStep")) {
            validation.set("keptStep", history.path(history.size() - 1).get("step"));
        }
        return today;
    }

    private static Network network(List<Integer> units, String names, Loss loss) {
        List<Activation> activations = Arrays.stream(names.split(","))
                .filter(name -> !name.isBlank())
                .map(name -> Activation.named(name.trim()))
                .toList();
        return activations.size() == 1 && units.size() > 2
                ? Network.of(units, activations.get(0), loss)
                : new Network(units, activations, loss);
    }

    /** Returns the scaling of features where that of inputs is given, which had 0 and 1 for those of categories. */
    private static Scaling ofFeatures(Scaling inputs, InputLayout layout) {
        if (inputs.mean().length != layout.inputs()) {
            throw new IllegalArgumentException(inputs.mean().length + " input scalings, expected " + layout.inputs());
        }
        Scaling features = Scaling.none(layout.features());
        int input = 0;
        for (int i = 0; i < layout.features(); i++) {
            if (!layout.isCategory(i)) {
                features.mean()[i] = inputs.mean()[input];
                features.deviation()[i] = inputs.deviation()[input];
            }
            input += layout.inputs(i);
        }
        return features;
    }
}
