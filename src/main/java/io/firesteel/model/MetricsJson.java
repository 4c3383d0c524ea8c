package io.firesteel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The metrics of a model as one JSON object, which {@code evaluate --json} prints and Python has as a dictionary. */
public final class MetricsJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MetricsJson() {}

    /** Returns the metrics of a model, with its task and classes. */
    public static ObjectNode of(Metrics metrics, ModelDescription model) {
        ObjectNode object = MAPPER.createObjectNode();
        object.put("task", model.task().toString());
        object.put("rows", metrics.rows());
        metrics.numbers().forEach(object::put);
        object.setAll(tables(metrics));
        object.putPOJO("classes", model.targets().classes());
        if (model.targets().threshold() != null) {
            object.put("threshold", model.targets().threshold());
        }
        return object;
    }

    /** Returns the tables among metrics. Rows that were counted are whole numbers, unless they have weights. */
    private static ObjectNode tables(Metrics metrics) {
        ObjectNode object = MAPPER.valueToTree(metrics.tables());
        for (JsonNode row : object.path("confusion")) {
            ArrayNode counts = (ArrayNode) row;
            for (int i = 0; i < counts.size(); i++) {
                counts.set(i, count(counts.get(i)));
            }
        }
        for (JsonNode table : object) {
            for (JsonNode entry : table) {
                if (entry instanceof ObjectNode one && one.has("support")) {
                    one.set("support", count(one.get("support")));
                }
            }
        }
        return object;
    }

    private static JsonNode count(JsonNode number) {
        double count = number.asDouble();
        return count == Math.rint(count) ? MAPPER.getNodeFactory().numberNode((long) count) : number;
    }
}
