package io.firesteel.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.base.Protobuf;
import io.firesteel.export.OnnxGraph.Attribute;
import io.firesteel.export.OnnxGraph.Element;
import io.firesteel.model.InputLayout;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelFormat;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Quantiles;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as an <a href="https://onnx.ai/onnx/intro">ONNX</a> file, which has all that the model does: it takes a table's
 * columns as they are, and gives what {@link TrainedModel#score} does, in double.
 *
 * <p>Inputs, for N rows:
 *
 * <ul>
 *   <li>{@code features} (N, k), double: the k columns that are numbers, in the order of {@link
 *       ModelDescription.Inputs#columns}; of a column of truth values 1 and 0; NaN where a value is missing;
 *   <li>for each column of categories one (N, 1) of its name: double where all categories are numbers and the training data
 *       held them as numbers, with NaN where one is missing; else texts, to be written as in training, with an empty one where
 *       one is missing;
 *   <li>for each column of dates one (N, 1) of its name, int64: microseconds since 1970-01-01T00:00 (UTC), and the least int64
 *       where one is missing, as {@code astype("datetime64[us]").astype("int64")} of numpy gives them. A name that is taken has
 *       an underscore more.
 * </ul>
 *
 * <p>Outputs:
 *
 * <ul>
 *   <li>of a classification {@code probabilities} (N, classes), double, and {@code prediction} (N), the name of the class
 *       with the greatest, the first of equal ones;
 *   <li>of a regression {@code prediction} (N, targets), double, in the targets' units;
 *   <li>of quantiles of a target {@code quantiles} (N, quantiles), double, ascending, and {@code prediction} (N, 1), the median;
 *   <li>of several labels {@code probabilities} (N, labels), double, and {@code prediction} (N, labels), int64: 1 where the
 *       probability is above 1/2, else 0.
 * </ul>
 *
 * <p>A graph cannot refuse a row. One that the model refuses, for a number that is infinite or is missing, for a category
 * that training did not have, has NaN for all scores, and the prediction "" or -1.
 *
 * <p>The file is of ONNX 1.8 (2020), since nothing newer is needed, and runtimes read what is older than they are: those seen
 * are onnxruntime 1.8 to 1.30 and ONNX's own reference evaluator. The same model makes the same bytes.
 */
public final class OnnxExport {
    private static final String PROBABILITIES = "probabilities";
    private static final String PREDICTION = "prediction";
    private static final String QUANTILES = "quantiles";

    // The versions that belong together in ONNX 1.8: https://github.com/onnx/onnx/blob/main/docs/Versioning.md
    private static final int IR_VERSION = 7;
    private static final int OPERATORS_VERSION = 13;
    private static final int TABLE_OPERATORS_VERSION = 2;

    /** Protocol buffers have no longer message. */
    private static final long LONGEST = Integer.MAX_VALUE;

    private final ModelDescription model;
    private final OnnxGraph graph = new OnnxGraph(List.of(PROBABILITIES, QUANTILES, PREDICTION));
    private final Protobuf file;

    private OnnxExport(TrainedModel trained, String version) {
        model = trained.description();
        String x = new InputNodes(graph, model).add();
        String scaled = standardized(x);
        String a = new NetworkNodes(graph, model.network(), trained.theta()).add(scaled);
        String scores = model.task() == Task.REGRESSION ? unscaled(a) : a;
        // Asked of the inputs, too, since behind a clip or a tanh an infinite number is one like others.
        boolean clips = model.inputs().scaling().clip() > 0;
        String inputs =
                clips ? areFinite("input", x) : areBelow("input", scaled, Math.nextUp(TrainedModel.LARGEST_INPUT));
        String accepted = graph.add("And", "accepted", List.of(inputs, areFinite("score", scores)));
        switch (model.task()) {
            case CLASSIFICATION -> classes(scores, accepted);
            case REGRESSION -> targets(scores, accepted);
            case MULTILABEL -> labels(scores, accepted);
        }
        file = file(trained, version);
    }

    /**
     * Creates the file of a model.
     *
     * @param version of the program, which the file names as its producer
     * @throws IllegalArgumentException when the model has too many parameters for one file
     */
    public static OnnxExport of(TrainedModel model, String version) {
        OnnxExport export = new OnnxExport(model, version);
        expectFits(export.file.length());
        return export;
    }

    static void expectFits(long bytes) {
        if (bytes > LONGEST) {
            throw new IllegalArgumentException(
                    "the model makes " + bytes + " bytes: an ONNX file has at most " + LONGEST);
        }
    }

    /** Returns the inputs, as {@code features double [N, 64]}. */
    public List<String> inputs() {
        return graph.inputs();
    }

    /** Returns the outputs, as {@code probabilities double [N, 10]}. */
    public List<String> outputs() {
        return graph.outputs();
    }

    /** Writes the file. */
    public void writeTo(OutputStream out) throws IOException {
        file.writeTo(out);
    }

    /** Returns (N, 1): whether all numbers of a row are finite. */
    private String areFinite(String what, String rows) {
        return areBelow(what, rows, Double.POSITIVE_INFINITY);
    }

    /** Returns (N, 1): whether the sizes of all numbers of a row are below a limit. */
    private String areBelow(String what, String rows, double limit) {
        String size = graph.add("Abs", what + "Size", List.of(rows));
        String below = graph.add("Less", what + "Below", List.of(size, scalar(what + "Limit", limit)));
        String numbers = graph.add("Cast", what + "Below01", List.of(below), Attribute.of("to", Element.DOUBLE.number));
        String all = graph.add("ReduceMin", what + "All", List.of(numbers), Attribute.ofInts("axes", List.of(1)));
        return graph.add("Greater", what + "Accepted", List.of(all, scalar(what + "Half", 0.5)));
    }

    /**
     * Returns (x - mean) / deviation, clipped where the model has it so, as far as this changes anything: sparse inputs are not
     * centred, others may not be scaled.
     */
    private String standardized(String x) {
        Scaling scaling = model.inputs().scaling();
        String result = x;
        if (!scaling.keepsZeros()) {
            result = graph.add("Sub", "centered", List.of(result, row("mean", ofInputs(scaling.mean(), 0))));
        }
        if (Arrays.stream(scaling.deviation()).anyMatch(deviation -> deviation != 1)) {
            result = graph.add(
                    "Div", "standardized", List.of(result, row("deviation", ofInputs(scaling.deviation(), 1))));
        }
        return scaling.clip() == 0 ? result : clipped(x, result, scaling.clip());
    }

    /**
     * Returns u / sqrt(1 + (u / c)^2) of numbers, and categories and indicators as they are. Where u / c is so large that its square might be
     * infinite, the largest size that makes the same is taken for it.
     */
    private String clipped(String x, String u, double c) {
        double most = Scaling.SATURATED * c;
        String capped = graph.add("Min", "capped", List.of(u, scalar("uMost", most)));
        String limited = graph.add("Max", "limited", List.of(capped, scalar("uLeast", -most)));
        String ratio = graph.add("Div", "uRatio", List.of(limited, scalar("clip", c)));
        String square = graph.add("Mul", "uSquare", List.of(ratio, ratio));
        String sum = graph.add("Add", "uSum", List.of(square, scalar("uOne", 1)));
        String clipped = graph.add("Div", "clipped", List.of(limited, graph.add("Sqrt", "uRoot", List.of(sum))));
        double[] asTheyAre = ofInputs(new double[model.inputs().features().size()], 1);
        if (Arrays.stream(asTheyAre).allMatch(flag -> flag == 0)) {
            return clipped;
        }
        String isCategory =
                graph.add("Greater", "isCategory", List.of(row("categories01", asTheyAre), scalar("uHalf", 0.5)));
        return graph.add("Where", "scaled", List.of(isCategory, x, clipped));
    }

    /**
     * Returns one number for each input where one for each feature is given: {@code asItIs} for those of a category and for
     * indicators.
     */
    private double[] ofInputs(double[] ofFeatures, double asItIs) {
        InputLayout layout = model.inputs().layout();
        double[] ofInputs = new double[layout.inputs()];
        int input = 0;
        for (int i = 0; i < ofFeatures.length; i++) {
            for (int k = 0; k < layout.inputs(i); k++) {
                ofInputs[input++] = k > 0 || layout.isCategory(i) ? asItIs : ofFeatures[i];
            }
        }
        return ofInputs;
    }

    private void classes(String a, String accepted) {
        String p = a;
        if (model.network().outputs() == 1) { // P of the second class
            String first = graph.add("Sub", "P", List.of(scalar("one", 1), a));
            p = graph.add("Concat", "Ps", List.of(first, a), Attribute.of("axis", 1));
        }
        int count = model.targets().classes().size();
        graph.output(
                PROBABILITIES,
                Element.DOUBLE,
                count,
                "of each class: " + names(model.targets().classes()),
                orNaN(p, accepted));
        String best = predicted(p);
        String name = graph.add(
                "Gather",
                "class",
                List.of(graph.constant("classes", model.targets().classes(), count), best));
        String accepts = graph.add("Squeeze", "accepts", List.of(accepted, graph.constant("last", new long[] {1}, 1)));
        String none = graph.constant("none", List.of(""));
        String prediction = graph.add("Where", "classOrNone", List.of(accepts, name, none));
        Double threshold = model.targets().threshold();
        String what = threshold == null
                ? "the class that is most probable"
                : model.targets().classes().get(1) + " where its probability is above " + threshold;
        graph.output(PREDICTION, Element.STRING, 0, what, prediction);
    }

    /** Returns the index of the class that is predicted, of probabilities (N, classes). */
    private String predicted(String p) {
        Double threshold = model.targets().threshold();
        if (threshold == null) { // first of equal ones
            return graph.add("ArgMax", "best", List.of(p), Attribute.of("axis", 1), Attribute.of("keepdims", 0));
        }
        String one = graph.constant("second", new long[] {1}); // a scalar: Gather leaves its axis out
        String second = graph.add("Gather", "P of the second", List.of(p, one), Attribute.of("axis", 1));
        String above = graph.add("Greater", "above", List.of(second, scalar("threshold", threshold)));
        return graph.add("Cast", "best", List.of(above), Attribute.of("to", Element.INT64.number));
    }

    /** Returns mean + scaled deviation. */
    private String unscaled(String a) {
        Scaling scaling = model.targets().scaling();
        String product = graph.add("Mul", "scaled", List.of(a, row("targetDeviation", scaling.deviation())));
        return graph.add("Add", "targets", List.of(product, row("targetMean", scaling.mean())));
    }

    private void targets(String raw, String accepted) {
        Quantiles quantiles = model.network().quantiles();
        int count = model.targets().labels().size();
        String scores = orNaN(raw, accepted);
        if (!quantiles.isNone()) {
            graph.output(QUANTILES, Element.DOUBLE, quantiles.size(), names(quantiles.names()), scores);
        }
        graph.output(
                PREDICTION,
                Element.DOUBLE,
                count,
                "of each target: " + names(model.targets().labels()),
                quantiles.isNone() ? scores : median(quantiles.median(), scores));
    }

    /** Returns (N, 1): the median among quantiles. */
    private String median(Quantiles.Place place, String quantiles) {
        String lower = graph.columns(quantiles, place.lower(), place.lower() + 1);
        if (place.lower() == place.upper()) {
            return lower;
        }
        String upper = graph.columns(quantiles, place.upper(), place.upper() + 1);
        String distance = graph.add("Sub", "distance", List.of(upper, lower));
        String part = graph.add("Mul", "partOfDistance", List.of(scalar("part", place.part()), distance));
        return graph.add("Add", "median", List.of(lower, part));
    }

    private void labels(String a, String accepted) {
        int count = model.targets().labels().size();
        String description = "of each label: " + names(model.targets().labels());
        graph.output(PROBABILITIES, Element.DOUBLE, count, description, orNaN(a, accepted));
        String above = graph.add("Greater", "above", List.of(a, scalar("threshold", 0.5)));
        String yes = graph.add("Cast", "yes", List.of(above), Attribute.of("to", Element.INT64.number));
        String none = graph.constant("none", new long[] {-1});
        String prediction = graph.add("Where", "yesOrNone", List.of(accepted, yes, none));
        graph.output(PREDICTION, Element.INT64, count, description, prediction);
    }

    private String orNaN(String scores, String accepted) {
        return graph.add("Where", "scores", List.of(accepted, scores, scalar("NaN", Double.NaN)));
    }

    private String scalar(String name, double value) {
        return graph.constant(name, new double[] {value});
    }

    private String row(String name, double[] values) {
        return graph.constant(name, values, values.length);
    }

    private static String names(List<String> names) {
        return String.join(", ", names);
    }

    /** Returns the ModelProto. */
    private Protobuf file(TrainedModel trained, String version) {
        Protobuf proto = new Protobuf()
                .add(1, IR_VERSION)
                .add(2, "Firesteel")
                .add(3, version)
                .add(4, "io.firesteel")
                .add(
                        6,
                        "A feed-forward neural network for the " + model.task() + " of "
                                + names(model.targets().labels()))
                .add(7, graph.toProtobuf("firesteel"))
                .add(8, new Protobuf().add(1, "").add(2, OPERATORS_VERSION))
                .add(8, new Protobuf().add(1, OnnxGraph.TABLES).add(2, TABLE_OPERATORS_VERSION));
        metadata(trained)
                .forEach(
                        (key, value) -> proto.add(14, new Protobuf().add(1, key).add(2, value)));
        return proto;
    }

    /** Returns what model.json says, as far as users of the file need it; lists are JSON. */
    private Map<String, String> metadata(TrainedModel trained) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("task", model.task().toString());
        metadata.put("layers", json(model.network().units()));
        metadata.put("activation", model.network().activationNames());
        metadata.put("loss", model.network().loss().toString());
        if (!model.network().quantiles().isNone()) {
            metadata.put("quantiles", json(model.network().quantiles().levels()));
        }
        metadata.put("features", json(model.inputs().features()));
        metadata.put("labels", json(model.targets().labels()));
        metadata.put("classes", json(model.targets().classes()));
        metadata.put("missing", model.inputs().encoding().missing().toString());
        metadata.put("unseen", model.inputs().encoding().unseen().toString());
        metadata.put("seed", Long.toString(model.provenance().seed()));
        metadata.put("rows", Long.toString(model.provenance().rows()));
        metadata.put("trainedWith", "Firesteel " + model.provenance().software().firesteel());
        metadata.put("weightsSha256", ModelFormat.weightsSha256(trained));
        return metadata;
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError("lists of texts and numbers can be written", e);
        }
    }
}
