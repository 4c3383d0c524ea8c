package io.firesteel.export;

import io.firesteel.export.OnnxGraph.Attribute;
import io.firesteel.export.OnnxGraph.Element;
import io.firesteel.model.Compared;
import io.firesteel.model.DatePart;
import io.firesteel.model.Decimals;
import io.firesteel.model.Encoding;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Labeling;
import io.firesteel.model.ModelDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The inputs of a model's graph, and the nodes that make X (N, n_0) of them: {@code features}, the columns that are numbers
 * side by side, and for each column of categories and of dates one of its own.
 *
 * <p>A graph cannot refuse a row. Where the model refuses a value, X has NaN.
 */
final class InputNodes {
    /** The input of the columns that are numbers. */
    static final String NUMBERS = "features";

    /** Nan in any case, which counts as an empty text does where missing values are allowed. */
    private static final List<String> NANS = List.of("nan", "naN", "nAn", "nAN", "Nan", "NaN", "NAn", "NAN");

    private static final int REFUSED = -1;

    private final OnnxGraph graph;
    private final Map<String, Integer> places = new HashMap<>(); // of the features
    private final List<String> columns;
    private final InputLayout layout;
    private final Encoding encoding;

    InputNodes(OnnxGraph graph, ModelDescription model) {
        this.graph = graph;
        model.inputs().features().forEach(name -> places.put(name, places.size()));
        columns = model.inputs().columns();
        layout = model.inputs().layout();
        encoding = model.inputs().encoding();
    }

    /** Adds them all; returns X, not yet standardised. */
    String add() {
        List<String> inputs = new ArrayList<>(); // before all else, so that they have their names
        List<String> numbers = columns.stream().filter(this::isNumber).toList();
        if (!numbers.isEmpty()) {
            String description = "the columns " + String.join(", ", numbers) + ", in this order";
            inputs.add(graph.input(NUMBERS, Element.DOUBLE, numbers.size(), description));
        }
        for (String name : columns) {
            if (encoding.isCategory(name)) {
                Element type = areNumbers(name) ? Element.DOUBLE : Element.STRING;
                inputs.add(graph.input(name, type, 1, "the column " + name + ", a category"));
            } else if (!isNumber(name)) {
                inputs.add(graph.input(name, Element.INT64, 1, "the column " + name + DateNodes.UNIT));
            }
        }
        return sideBySide(inputs, numbers);
    }

    private boolean isNumber(String column) {
        return !encoding.isCategory(column) && !encoding.dates().containsKey(column);
    }

    /** Returns X: the columns' inputs of the network in order, of runs of numbers, of categories and of dates, one after another. */
    private String sideBySide(List<String> inputs, List<String> numbers) {
        String ofNumbers = numbers.isEmpty() ? null : numbers(inputs.get(0), numbers);
        List<String> parts = new ArrayList<>();
        int next = numbers.isEmpty() ? 0 : 1; // in inputs
        int input = 0; // the next in ofNumbers
        for (int i = 0; i < columns.size(); ) {
            String name = columns.get(i);
            if (isNumber(name)) {
                int start = input;
                for (; i < columns.size() && isNumber(columns.get(i)); i++) {
                    input += layout.inputs(places.get(columns.get(i)));
                }
                boolean areAll = start == 0
                        && columns.subList(i, columns.size()).stream().noneMatch(this::isNumber);
                parts.add(areAll ? ofNumbers : graph.columns(ofNumbers, start, input));
            } else {
                String column = inputs.get(next++);
                parts.add(encoding.isCategory(name) ? category(name, column) : date(name, column));
                i++;
            }
        }
        return parts.size() == 1 ? parts.get(0) : graph.add("Concat", "X", parts, Attribute.of("axis", 1));
    }

    /** Returns the inputs of the numbers. */
    private String numbers(String input, List<String> numbers) {
        String present = present(input, numbers);
        return hasIndicators(numbers) ? withIndicators(present, isNaN(input), true, numbers) : present;
    }

    private boolean hasIndicators(List<String> of) {
        return of.stream().anyMatch(name -> layout.hasIndicator(places.get(name)));
    }

    /**
     * Returns features (N, k), each with its indicator behind it if it has one.
     *
     * @param isMissing whether they are missing: (N, k) where this is told of each, else (N, 1)
     */
    private String withIndicators(String present, String isMissing, boolean each, List<String> of) {
        List<Long> chosen = new ArrayList<>();
        for (int k = 0; k < of.size(); k++) {
            chosen.add((long) k);
            if (layout.hasIndicator(places.get(of.get(k)))) {
                chosen.add((long) of.size() + (each ? k : 0));
            }
        }
        String indicators = graph.add(
                "Cast", present + " indicators", List.of(isMissing), Attribute.of("to", Element.DOUBLE.number));
        String all =
                graph.add("Concat", present + " and indicators", List.of(present, indicators), Attribute.of("axis", 1));
        long[] indices = chosen.stream().mapToLong(Long::longValue).toArray();
        String order = graph.constant(present + " order", indices, indices.length);
        return graph.add("Gather", present + " indicated", List.of(all, order), Attribute.of("axis", 1));
    }

    /** Returns the numbers, with their columns' means for those that are missing, where these are allowed. */
    private String present(String input, List<String> numbers) {
        if (encoding.missing() == Missing.ERROR) {
            return input;
        }
        double[] means = means(numbers);
        return graph.add(
                "Where", "present", List.of(isNaN(input), graph.constant("means", means, means.length), input));
    }

    /** Returns the numbers that stand for missing ones of these features; NaN where they are refused. */
    private double[] means(List<String> of) {
        return of.stream()
                .mapToDouble(name -> layout.number(places.get(name), Double.NaN))
                .toArray();
    }

    /** Returns the inputs of a column of dates. */
    private String date(String column, String input) {
        List<DatePart> parts = encoding.dates().get(column);
        List<String> features = DatePart.features(column, parts);
        DateNodes nodes = new DateNodes(graph, column, parts);
        String isMissing = nodes.isMissing(input);
        String present = nodes.add(input, isMissing, means(features));
        return hasIndicators(features) ? withIndicators(present, isMissing, false, features) : present;
    }

    /** Returns a column of K categories as (N, K): 1 for the one that it is and 0 for the others, all NaN where it is refused. */
    private String category(String column, String input) {
        List<String> values = encoding.categories().get(column);
        return areNumbers(column) ? ofNumbers(column, input, values) : ofTexts(column, input, values);
    }

    /** Returns whether a column's categories are compared as numbers, of which no two are the same double. */
    private boolean areNumbers(String column) {
        List<String> categories = encoding.categories().get(column);
        return encoding.compared(column) != Compared.TEXT
                && categories.stream().allMatch(Labeling::isNumber)
                && categories.stream().mapToDouble(Decimals::parse).distinct().count() == categories.size();
    }

    private String ofNumbers(String column, String input, List<String> values) {
        boolean single = encoding.compared(column) == Compared.FLOAT;
        double[] numbers = values.stream()
                .mapToDouble(Decimals::parse)
                .map(number -> single ? (float) number : number)
                .toArray();
        String value = single ? rounded(column, input) : input;
        String oneHot = oneHot(column, value, graph.constant(column + " categories", numbers, 1, numbers.length));
        if (encoding.unseen() == Unseen.IGNORE) {
            return orNaN(column, isNoNumber(column, input), oneHot);
        }
        String any = graph.add("ReduceMax", column + " any", List.of(oneHot), Attribute.ofInts("axes", List.of(1)));
        String half = graph.constant(column + " half", new double[] {0.5});
        String none = graph.add("Less", column + " none", List.of(any, half)); // unseen or missing
        if (encoding.missing() == Missing.MEAN) {
            String present = graph.add("Not", column + " present", List.of(isNaN(input)));
            none = graph.add("And", column + " unseen", List.of(none, present));
        }
        return orNaN(column, none, oneHot);
    }

    /** Returns a number rounded to single precision. */
    private String rounded(String column, String input) {
        String single = graph.add("Cast", column + " single", List.of(input), Attribute.of("to", Element.FLOAT.number));
        return graph.add("Cast", column + " rounded", List.of(single), Attribute.of("to", Element.DOUBLE.number));
    }

    /** Returns whether a number is infinite or, where it may not be missing, NaN. */
    private String isNoNumber(String column, String input) {
        String size = graph.add("Abs", column + " size", List.of(input));
        String infinity = graph.constant(column + " infinity", new double[] {Double.POSITIVE_INFINITY});
        String infinite = graph.add("Equal", column + " infinite", List.of(size, infinity));
        return encoding.missing() == Missing.MEAN
                ? infinite
                : graph.add("Or", column + " no number", List.of(infinite, isNaN(input)));
    }

    /**
     * Returns whether a number is NaN. Floats are asked, since onnxruntime up to 1.12 has no IsNaN of doubles; NaN stays NaN, and
     * nothing becomes it.
     */
    private String isNaN(String input) {
        String single = graph.add("Cast", input + " float", List.of(input), Attribute.of("to", Element.FLOAT.number));
        return graph.add("IsNaN", input + " missing", List.of(single));
    }

    /** Returns a text's index among the categories: K for one that is missing or unseen, and -1 where it is refused for this. */
    private String ofTexts(String column, String input, List<String> values) {
        int k = values.size();
        int missing = encoding.missing() == Missing.ERROR ? REFUSED : k;
        int unseen = encoding.unseen() == Unseen.ERROR ? REFUSED : k;
        List<String> keys = new ArrayList<>(values);
        keys.add("");
        if (encoding.missing() == Missing.MEAN) {
            keys.addAll(NANS);
        }
        String index = graph.addForTables(
                "LabelEncoder",
                column + " index",
                List.of(input),
                Attribute.ofTexts("keys_strings", keys),
                Attribute.ofInts(
                        "values_int64s",
                        IntStream.range(0, keys.size())
                                .mapToObj(i -> i < k ? i : missing)
                                .toList()),
                Attribute.of("default_int64", unseen));
        long[] indices = IntStream.range(0, k).asLongStream().toArray();
        String oneHot = oneHot(column, index, graph.constant(column + " indices", indices, 1, k));
        if (missing == k && unseen == k) {
            return oneHot;
        }
        String refused = graph.constant(column + " -1", new long[] {REFUSED});
        return orNaN(column, graph.add("Equal", column + " refused", List.of(index, refused)), oneHot);
    }

    /** Returns 1 where a value (N, 1) is the one of K categories (1, K), 0 elsewhere. */
    private String oneHot(String column, String value, String categories) {
        String equal = graph.add("Equal", column + " is", List.of(value, categories));
        return graph.add("Cast", column + " one-hot", List.of(equal), Attribute.of("to", Element.DOUBLE.number));
    }

    private String orNaN(String column, String refused, String oneHot) {
        String nan = graph.constant(column + " NaN", new double[] {Double.NaN});
        return graph.add("Where", column + " or NaN", List.of(refused, nan, oneHot));
    }
}
