package io.firesteel.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Settings;
import io.firesteel.model.Metrics;

/**
 * What commands print for programs. A thing has the same key in all of them, which json.md in the documents lists; a metric has its
 * key of {@link Metrics#numbers}.
 */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns an object as text. */
    static String text(ObjectNode object) throws JsonProcessingException {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(object);
    }

    /** Puts what is trained: the task, the rows and the network, with the keys that {@code inspect} has for them. */
    static void putTrained(ObjectNode object, String path, Settings settings, TrainingSet data) {
        object.put("task", settings.task().toString());
        object.put("data", path);
        object.put("rows", data.training().rows());
        object.put(
                "validationRows",
                data.validation() == null ? 0 : data.validation().rows());
        object.putPOJO("features", data.columns().features());
        object.put("columns", data.columns().columnCount());
        object.putPOJO("labels", data.columns().labels());
        object.putPOJO("classes", data.classes());
        object.putPOJO("layers", data.network().units());
        object.put("activation", data.network().activationNames());
        object.put("loss", data.network().loss().toString());
        object.putPOJO("quantiles", data.network().quantiles().levels());
        object.put("parameters", data.network().parameterCount());
        object.put("precision", settings.precision().toString());
    }

    /** Returns the numbers among metrics, the number of rows and the loss first. */
    static ObjectNode numbers(Metrics metrics) {
        ObjectNode object = object().put("rows", metrics.rows()).put("loss", metrics.loss());
        metrics.numbers().forEach(object::put);
        return object;
    }
}
