package io.firesteel.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.firesteel.model.Compared;
import io.firesteel.model.Encoding;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.InputLayout;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Models;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import io.firesteel.nn.CategoryEmbedding;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Piecewise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models, as onnxruntime runs them, against {@link TrainedModel}. */
class OnnxExportTest {
    /** In parts of a score, or of 1 where it is smaller. Seen: 4e-15. */
    private static final double TOLERANCE = 1e-12;

    private static final double NAN = Double.NaN;

    private final Random random = new Random(7);

    // Models.

    private TrainedModel model(Task task, Network network, Scaling inputs, Scaling targets) {
        int classes = task == Task.CLASSIFICATION ? Math.max(2, network.outputs()) : 0;
        List<String> names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
        return withWeights(Models.model(task, network, inputs, names, targets));
    }

    /** The model with weights that make units of every layer neither saturated nor alike. */
    private TrainedModel withWeights(TrainedModel model) {
        double[] theta = model.theta();
        double size = Math.sqrt(3.0 / model.network().inputs());
        return Models.with(
                model,
                Arrays.stream(theta).map(w -> size * random.nextGaussian()).toArray());
    }

    private Scaling scaling(int columns) {
        return new Scaling(
                random.doubles(columns, -3, 3).toArray(),
                random.doubles(columns, 0.2, 5).toArray());
    }

    private double[][] rows(int rows, int columns) {
        return IntStream.range(0, rows)
                .mapToObj(i -> random.doubles(columns, -4, 4).toArray())
                .toArray(double[][]::new);
    }

    private static TrainedModel numbers(Task task, int outputs, Loss loss, Activation activation) {
        OnnxExportTest test = new OnnxExportTest();
        Network network = Networks.of(List.of(5, 7, outputs), activation, loss);
        Scaling targets = task == Task.REGRESSION ? test.scaling(network.targets()) : Scaling.none(outputs);
        return test.model(task, network, test.scaling(5), targets);
    }

    // Comparisons.

    private void assertSame(TrainedModel model, double[][] rows) throws OrtException {
        assertSame(model, Map.of("features", rows), model.scorer(rows.length).score(rows));
    }

    /** The scores are these and the predictions what follows from them; NaN where they are null. */
    private static void assertSame(TrainedModel model, Map<String, ?> columns, double[][] expected)
            throws OrtException {
        try (Onnx onnx = Onnx.of(model)) {
            Onnx.Result result = onnx.run(columns);
            assertEquals(expected.length, result.scores().length);
            for (int i = 0; i < expected.length; i++) {
                if (expected[i] == null) {
                    assertTrue(Arrays.stream(result.scores()[i]).allMatch(Double::isNaN), "row " + i + " is refused");
                } else {
                    assertClose(expected[i], result.scores()[i], "row " + i);
                }
                assertEquals(prediction(model.description(), expected[i]), prediction(result, i), "row " + i);
                if (!model.network().quantiles().isNone() && expected[i] != null) {
                    assertClose(model.predictions(expected[i]), ((double[][]) result.predictions())[i], "row " + i);
                }
            }
        }
    }

    private static void assertClose(double[] expected, double[] found, String what) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], TOLERANCE * Math.max(1, Math.abs(expected[i])), what);
        }
    }

    /** What {@code predict} writes. */
    private static String prediction(ModelDescription model, double[] scores) {
        return switch (model.task()) {
            case CLASSIFICATION ->
                scores == null
                        ? ""
                        : model.targets().classes().get(model.targets().predicted(scores));
            case MULTILABEL ->
                IntStream.range(0, model.targets().labels().size())
                        .mapToObj(i -> scores == null ? -1 : scores[i] > 0.5 ? 1 : 0)
                        .toList()
                        .toString();
            case REGRESSION -> "the scores";
        };
    }

    private static String prediction(Onnx.Result result, int row) {
        if (result.predictions() instanceof String[] classes) {
            return classes[row];
        }
        return result.predictions() instanceof long[][] labels ? Arrays.toString(labels[row]) : "the scores";
    }

    // Networks.

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyActivation(Activation activation) throws OrtException {
        Network network = new Network(List.of(4, 6, 5, 3), List.of(activation, activation), Loss.SOFTMAX_CROSS_ENTROPY);
        TrainedModel model = model(Task.CLASSIFICATION, network, scaling(4), Scaling.none(3));
        assertSame(model, rows(300, 4));
        // One unit that does nothing but the activation, at 0 and where it saturates or its parts overflow.
        Network one = Network.of(List.of(1, 1, 1), activation, Loss.SQUARED_ERROR);
        TrainedModel unit = Models.with(
                Models.model(Task.REGRESSION, one, Scaling.none(1), List.of(), Scaling.none(1)), 1, 0, 1, 0);
        double[] sizes = {0, 1e-9, 0.3, 2, 40, 800, 1e149};
        assertSame(
                unit,
                DoubleStream.of(sizes)
                        .flatMap(size -> DoubleStream.of(size, -size))
                        .mapToObj(x -> new double[] {x})
                        .toArray(double[][]::new));
    }

    static Stream<Arguments> everyTask_withEveryLoss() {
        return Stream.of(Task.values())
                .flatMap(task -> IntStream.of(1, 2, 4).boxed().flatMap(outputs -> task.losses(outputs).stream()
                        .map(loss -> Arguments.of(task, outputs, loss))));
    }

    @ParameterizedTest
    @MethodSource
    void everyTask_withEveryLoss(Task task, int outputs, Loss loss) throws OrtException {
        assertSame(numbers(task, outputs, loss, Activation.TANH), rows(200, 5));
        Network linear = Networks.of(List.of(5, outputs), List.of(), loss);
        Scaling targets = task == Task.REGRESSION ? scaling(linear.targets()) : Scaling.none(outputs);
        assertSame(model(task, linear, Scaling.none(5), targets), rows(200, 5));
    }

    @ParameterizedTest
    @MethodSource("everyTask_withEveryLoss")
    void members_ofEveryTaskAndLoss(Task task, int outputs, Loss loss) throws OrtException {
        Network network = Networks.of(List.of(5, 7, outputs), Activation.TANH, loss)
                .withInputs(List.of(0, 1, 2, 3, 4), List.of(), true)
                .withParametricActivations()
                .withMembers(4);
        Scaling targets = task == Task.REGRESSION ? scaling(network.targets()) : Scaling.none(outputs);
        assertSame(model(task, network, scaling(5), targets), rows(200, 5));
    }

    /** Embedded numbers, factors of inputs, activations with parameters, and a clip that far values reach. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void layersOfTables(Activation activation) throws OrtException {
        Network network = Network.of(List.of(5, 6, 4, 3), activation, Loss.SOFTMAX_CROSS_ENTROPY)
                .withInputs(List.of(0, 1, 2, 3, 4), List.of(), true)
                .withPieces(List.of(
                        new Piecewise.Pieces(1, List.of(-1.5, 0.0, 0.2, 2.5)),
                        new Piecewise.Pieces(3, List.of(-0.1, 0.001))))
                .withParametricActivations();
        Scaling scaling = scaling(5);
        TrainedModel model = model(
                Task.CLASSIFICATION, network, new Scaling(scaling.mean(), scaling.deviation(), 3), Scaling.none(3));
        assertSame(model, rows(100, 5));
        double[][] far = {{1e9, -1e30, 1e200, -Double.MAX_VALUE, 0}, {Double.NEGATIVE_INFINITY, 0, 0, 0, 0}};
        assertSame(model, Map.of("features", far), new double[][] {model.score(far[0]), null});
    }

    /** The most categories that stay one-hot: all features', those of some, and none. */
    @ParameterizedTest
    @ValueSource(ints = {100, 3, 0})
    void layersOfTables_withCategoriesAndIndicators(int mostOneHot) throws OrtException {
        TrainedModel plain = table(COLUMNS, Missing.MEAN, Unseen.IGNORE, true);
        InputLayout layout = plain.description().inputs().layout();
        List<CategoryEmbedding.Feature> embedded = layout.categories().stream()
                .filter(feature -> feature.count() > mostOneHot)
                .toList();
        Network network = plain.network()
                .withInputs(layout.numberInputs(), embedded, true)
                .withPieces(List.of(new Piecewise.Pieces(layout.numberInputs().get(0), List.of(-1.0, 0.0, 0.5))))
                .withParametricActivations();
        Scaling given = plain.description().inputs().scaling();
        TrainedModel model = model(Task.CLASSIFICATION, network, Scaling.none(layout.inputs()), Scaling.none(3));
        TrainedModel encoded = new TrainedModel(
                Models.encoded(
                        model.description(),
                        COLUMNS,
                        plain.description().inputs().encoding(),
                        new Scaling(given.mean(), given.deviation(), 3)),
                model.theta());
        List<Map<String, Object>> rows = rowsOf(COLUMNS, 200);
        assertSame(
                encoded,
                inputs(COLUMNS, rows),
                rows.stream().map(row -> scores(encoded, row)).toArray(double[][]::new));
    }

    @Test
    void twoClasses_withAThreshold() throws OrtException {
        for (int outputs = 1; outputs <= 2; outputs++) {
            Loss loss = outputs == 1 ? Loss.SIGMOID_CROSS_ENTROPY : Loss.SOFTMAX_CROSS_ENTROPY;
            Network network = Network.of(List.of(3, 4, outputs), Activation.TANH, loss);
            TrainedModel plain = model(Task.CLASSIFICATION, network, scaling(3), Scaling.none(outputs));
            double[][] rows = rows(100, 3);
            double median = Arrays.stream(plain.scorer(100).score(rows))
                    .mapToDouble(scores -> scores[1])
                    .sorted()
                    .toArray()[50];
            TrainedModel model = plain.withThreshold(median);
            assertEquals(
                    49,
                    Arrays.stream(rows)
                            .filter(row -> model.description().targets().predicted(model.score(row)) == 1)
                            .count());
            assertSame(plain.withThreshold(median + 1e-9), rows);
        }
    }

    @Test
    void twoClasses_withASoftmax() throws OrtException {
        Network network = Network.of(List.of(3, 4, 2), Activation.RELU, Loss.SOFTMAX_CROSS_ENTROPY);
        assertSame(model(Task.CLASSIFICATION, network, scaling(3), Scaling.none(2)), rows(100, 3));
    }

    @Test
    void severalLayers_withAnActivationEach() throws OrtException {
        List<Integer> layers = List.of(3, 8, 7, 6, 5, 4, 3, 2, 3);
        Network network = new Network(layers, List.of(Activation.values()), Loss.SOFTMAX_CROSS_ENTROPY);
        assertSame(model(Task.CLASSIFICATION, network, scaling(3), Scaling.none(3)), rows(100, 3));
    }

    @Test
    void scaling_ofEveryKind() throws OrtException {
        Network network = Network.of(List.of(3, 4, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        Scaling scaling = scaling(3);
        Scaling centers = new Scaling(scaling.mean(), Scaling.none(3).deviation());
        for (Scaling inputs : List.of(Scaling.none(3), scaling, scaling.withoutMean(), centers)) {
            assertSame(model(Task.CLASSIFICATION, network, inputs, Scaling.none(1)), rows(50, 3));
        }
    }

    /** Of probabilities someone may take the logarithm: they are right in all their digits, not only beside 1. */
    @Test
    void probabilities_thatAreTiny() throws OrtException {
        double[][] rows = {{-3}, {-30}, {-300}, {-700}, {20}};
        Network one = new Network(List.of(1, 1), List.of(), Loss.SIGMOID_CROSS_ENTROPY);
        Network two = new Network(List.of(1, 2), List.of(), Loss.SOFTMAX_CROSS_ENTROPY);
        for (TrainedModel model : List.of(
                Models.with(
                        Models.model(Task.CLASSIFICATION, one, Scaling.none(1), List.of("a", "b"), Scaling.none(1)),
                        1,
                        0),
                Models.with(Models.model(Task.MULTILABEL, one, Scaling.none(1), List.of(), Scaling.none(1)), 1, 0),
                Models.with(
                        Models.model(Task.CLASSIFICATION, two, Scaling.none(1), List.of("a", "b"), Scaling.none(2)),
                        0,
                        1,
                        0,
                        0))) {
            try (Onnx onnx = Onnx.of(model)) {
                double[][] found = onnx.run(Map.of("features", rows)).scores();
                for (int i = 0; i < rows.length; i++) {
                    double p = 1 / (1 + Math.exp(-rows[i][0]));
                    assertEquals(1, found[i][found[i].length - 1] / p, 1e-13, "at " + rows[i][0]);
                }
            }
        }
    }

    @Test
    void rows_oneAndThousands() throws OrtException {
        TrainedModel model = numbers(Task.CLASSIFICATION, 4, Loss.SOFTMAX_CROSS_ENTROPY, Activation.GELU);
        assertSame(model, rows(1, 5));
        assertSame(model, rows(20_000, 5));
    }

    /** With weights of 0 all classes are equal, and the first is predicted; a label at 1/2 is not. */
    @Test
    void ties_areBrokenAsTheModelDoes() throws OrtException {
        for (TrainedModel model : List.of(Models.twoClasses(), Models.threeClasses(), Models.threeLabels())) {
            double[] zero = new double[model.theta().length];
            assertSame(Models.with(model, zero), rows(3, 2));
        }
    }

    /** What is no finite number is refused, also where relu would make a number of it, and what makes scores infinite. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void numbers_missingOrInfinite(Activation activation) throws OrtException {
        double[][] rows = {
            {1, 2, 3, 4, 5},
            {1, NAN, 3, 4, 5},
            {Double.NEGATIVE_INFINITY, 2, 3, 4, 5},
            {1, 2, 3, 4, 6},
            {1, 2, 3, Double.MAX_VALUE, 6}
        };
        for (TrainedModel model : List.of(
                numbers(Task.CLASSIFICATION, 1, Loss.SIGMOID_CROSS_ENTROPY, activation),
                numbers(Task.CLASSIFICATION, 3, Loss.SOFTMAX_CROSS_ENTROPY, activation),
                numbers(Task.REGRESSION, 2, Loss.POISSON, activation),
                numbers(Task.MULTILABEL, 2, Loss.SIGMOID_CROSS_ENTROPY, activation))) {
            double[][] expected = {model.score(rows[0]), null, null, model.score(rows[3]), scoresOrNull(model, rows[4])
            };
            assertSame(model, Map.of("features", rows), expected);
        }
    }

    private static double[] scoresOrNull(TrainedModel model, double[] row) {
        try {
            return model.score(row);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    // Columns.

    /** Columns of every kind, so that numbers are together, apart, and none. */
    private static final Map<String, List<String>> CATEGORIES = Map.of(
            "color", List.of("blue", "green", "red"),
            "size", List.of("1", "2", "10", "2.5", "1.0E20"),
            "sold", List.of("false", "true"),
            "code", List.of("1", "1.0", "A1"),
            "one", List.of("only"));

    private static final List<String> COLUMNS = List.of("a", "color", "b", "c", "size", "sold", "d", "code", "one");

    private TrainedModel table(List<String> columns, Missing missing, Unseen unseen) {
        return table(columns, missing, unseen, false);
    }

    private TrainedModel table(List<String> columns, Missing missing, Unseen unseen, boolean indicated) {
        Map<String, List<String>> categories = new LinkedHashMap<>();
        Map<String, Double> means = new LinkedHashMap<>();
        for (String column : columns) {
            if (CATEGORIES.containsKey(column)) {
                categories.put(column, CATEGORIES.get(column));
            } else if (missing == Missing.MEAN) {
                means.put(column, random.nextGaussian());
            }
        }
        Encoding plain = new Encoding(missing, means, unseen, categories);
        Encoding encoding = indicated ? plain.withIndicators(List.of("a", "c", "d")) : plain;
        InputLayout layout = encoding.layout(columns);
        Network network = Network.of(List.of(layout.inputs(), 6, 3), Activation.RELU, Loss.SOFTMAX_CROSS_ENTROPY);
        Scaling scaling = layout.scaling(scaling(columns.size()));
        TrainedModel model = model(Task.CLASSIFICATION, network, Scaling.none(layout.inputs()), Scaling.none(3));
        return new TrainedModel(Models.encoded(model.description(), columns, encoding, scaling), model.theta());
    }

    /** A value as a table may have it: mostly one that is known, else one that is missing, or unseen. */
    private Object value(String column) {
        List<String> categories = CATEGORIES.get(column);
        int kind = random.nextInt(20);
        boolean number = column.equals("size");
        if (categories == null) {
            return kind == 0 ? NAN : kind == 1 ? Double.POSITIVE_INFINITY : random.nextGaussian();
        }
        if (kind == 0) {
            return number ? (Object) NAN : "";
        }
        if (kind == 1) {
            return number ? (Object) 1.5 : "none of these";
        }
        if (kind == 2 && number) {
            return Double.NEGATIVE_INFINITY;
        }
        String category = categories.get(random.nextInt(categories.size()));
        return number ? (Object) Double.valueOf(category) : category;
    }

    private List<Map<String, Object>> rowsOf(List<String> columns, int count) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> row = new HashMap<>();
            columns.forEach(column -> row.put(column, value(column)));
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Object> inputs(List<String> columns, List<Map<String, Object>> rows) {
        List<String> numbers = columns.stream()
                .filter(column -> !CATEGORIES.containsKey(column))
                .toList();
        Map<String, Object> inputs = new HashMap<>();
        if (!numbers.isEmpty()) {
            inputs.put("features", numbers(numbers, rows));
        }
        for (String column : columns) {
            if (column.equals("size")) {
                inputs.put(column, numbers(List.of(column), rows));
            } else if (CATEGORIES.containsKey(column)) {
                inputs.put(column, rows.stream().map(row -> row.get(column)).toArray(String[]::new));
            }
        }
        return inputs;
    }

    private static double[][] numbers(List<String> columns, List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> columns.stream()
                        .mapToDouble(column -> (Double) row.get(column))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** As {@link TrainedModel#scoreRow}; null where it refuses the row. */
    private static double[] scores(TrainedModel model, Map<String, Object> row) {
        try {
            return model.scoreRow(row);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "ERROR, IGNORE", "MEAN, ERROR", "MEAN, IGNORE"})
    void columns_ofEveryKind(Missing missing, Unseen unseen) throws OrtException {
        for (List<String> columns : List.of(
                COLUMNS,
                List.of("a", "b", "color"),
                List.of("color", "a"),
                List.of("a", "b"),
                List.of("size"),
                List.of("code"),
                List.of("sold", "one"))) {
            TrainedModel model = table(columns, missing, unseen);
            List<Map<String, Object>> rows = rowsOf(columns, 300);
            double[][] expected = rows.stream().map(row -> scores(model, row)).toArray(double[][]::new);
            long refused =
                    Arrays.stream(expected).filter(scores -> scores == null).count();
            boolean some = missing == Missing.ERROR
                    || columns.contains("a")
                    || columns.contains("size")
                    || unseen == Unseen.ERROR;
            assertTrue(some ? refused > 3 && refused < 250 : refused == 0, refused + " rows refused");
            assertSame(model, inputs(columns, rows), expected);
        }
    }

    /** Nan in whatever case is a missing value for {@code --missing mean}, and else a category like others. */
    @Test
    void texts_thatAreNan() throws OrtException {
        String[] values = {"nan", "NaN", "NAN", "", "red", "Nancy"};
        TrainedModel model = table(List.of("color"), Missing.MEAN, Unseen.ERROR);
        double[][] expected = Arrays.stream(values)
                .map(value -> scores(model, Map.of("color", value)))
                .toArray(double[][]::new);
        assertEquals(5, Arrays.stream(expected).filter(scores -> scores != null).count());
        assertSame(model, Map.of("color", values), expected);

        TrainedModel strict = table(List.of("color"), Missing.ERROR, Unseen.IGNORE);
        expected = Arrays.stream(values)
                .map(value -> scores(strict, Map.of("color", value)))
                .toArray(double[][]::new);
        assertEquals(5, Arrays.stream(expected).filter(scores -> scores != null).count());
        assertSame(strict, Map.of("color", values), expected);
    }

    /** A column of the categories, so compared; texts that look like numbers are texts. */
    private TrainedModel compared(Compared compared, String... categories) {
        Encoding encoding = new Encoding(
                Missing.ERROR,
                Map.of(),
                Unseen.ERROR,
                Map.of("c", List.of(categories)),
                Map.of("c", compared),
                Map.of(),
                List.of());
        Network network = Network.of(List.of(categories.length, 2, 1), Activation.ELU, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel base = model(Task.CLASSIFICATION, network, Scaling.none(categories.length), Scaling.none(1));
        return new TrainedModel(
                Models.encoded(base.description(), List.of("c"), encoding, Scaling.none(1)), base.theta());
    }

    @Test
    void categories_thatLookLikeNumbers() throws OrtException {
        TrainedModel texts = compared(Compared.TEXT, "007", "7", "100", "1E2");
        double[][] expected = {
            scores(texts, Map.of("c", "007")), scores(texts, Map.of("c", "7")), null, scores(texts, Map.of("c", "1E2"))
        };
        assertNotEquals(expected[0][0], expected[1][0]);
        assertSame(texts, Map.of("c", new String[] {"007", "7", "7.0", "1E2"}), expected);

        TrainedModel whole = compared(Compared.EXACT, "9007199254740992", "9007199254740993");
        expected = new double[][] {scores(whole, Map.of("c", 9007199254740993L)), null};
        assertSame(whole, Map.of("c", new String[] {"9007199254740993", "9007199254740994"}), expected);

        TrainedModel singles = compared(Compared.FLOAT, "0.1", "2");
        expected = new double[][] {scores(singles, Map.of("c", 0.1f)), scores(singles, Map.of("c", "0.1")), null};
        assertSame(singles, Map.of("c", new double[][] {{0.1f}, {0.1}, {0.2}}), expected);
    }

    @Test
    void columns_namedAsOtherValuesOfTheGraph() throws OrtException {
        List<String> names = List.of("features", "x", "prediction", "X", "W1", "probabilities", "N", "W1 index", "");
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (String name : names) {
            if (!name.equals("x")) {
                categories.put(name, List.of("no", "yes"));
            }
        }
        Encoding encoding = new Encoding(Missing.ERROR, Map.of(), Unseen.ERROR, categories);
        Network network = Network.of(List.of(17, 2, 1), Activation.ELU, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel base = model(Task.CLASSIFICATION, network, Scaling.none(17), Scaling.none(1));
        TrainedModel model = new TrainedModel(
                Models.encoded(base.description(), names, encoding, Scaling.none(names.size())), base.theta());
        Map<String, Object> columns = new HashMap<>();
        Map<String, Object> row = new HashMap<>(Map.of("x", 3.0));
        columns.put("features", new double[][] {{3}});
        Map<String, String> others = Map.of(
                "features", "features_", "prediction", "prediction_", "probabilities", "probabilities_", "", "_");
        for (String name : categories.keySet()) {
            columns.put(others.getOrDefault(name, name), new String[] {"yes"});
            row.put(name, "yes");
        }
        assertSame(model, columns, new double[][] {model.scoreRow(row)});
    }

    // The file.

    @Test
    void file_isTheSameForTheSameModel() {
        byte[] once = Onnx.bytes(numbers(Task.REGRESSION, 2, Loss.HUBER, Activation.GELU));
        assertArrayEquals(once, Onnx.bytes(numbers(Task.REGRESSION, 2, Loss.HUBER, Activation.GELU)));
        assertNotEquals(once.length, Onnx.bytes(numbers(Task.REGRESSION, 3, Loss.HUBER, Activation.GELU)).length);
        TrainedModel table = new OnnxExportTest().table(COLUMNS, Missing.MEAN, Unseen.ERROR);
        TrainedModel again = new OnnxExportTest().table(COLUMNS, Missing.MEAN, Unseen.ERROR);
        assertArrayEquals(Onnx.bytes(table), Onnx.bytes(again));
    }

    @Test
    void file_saysWhatItTakesAndGives() throws OrtException {
        OnnxExport table = OnnxExport.of(table(COLUMNS, Missing.MEAN, Unseen.ERROR), "1");
        List<String> inputs = List.of(
                "features double [N, 4]",
                "color string [N, 1]",
                "size double [N, 1]",
                "sold string [N, 1]",
                "code string [N, 1]",
                "one string [N, 1]");
        assertEquals(inputs, table.inputs());
        assertEquals(List.of("probabilities double [N, 3]", "prediction string [N]"), table.outputs());
        for (TrainedModel model : List.of(
                table(COLUMNS, Missing.MEAN, Unseen.ERROR),
                Models.twoClasses(),
                Models.threeLabels(),
                Models.regression(Scaling.none(4)))) {
            OnnxExport export = OnnxExport.of(model, "1");
            List<String> ports = new ArrayList<>(export.inputs());
            ports.addAll(export.outputs());
            try (Onnx onnx = Onnx.of(model)) {
                assertEquals(ports, onnx.ports());
            }
        }
        assertEquals(
                List.of("prediction double [N, 4]"),
                OnnxExport.of(Models.regression(Scaling.none(4)), "1").outputs());
        assertEquals(
                List.of("probabilities double [N, 3]", "prediction int64 [N, 3]"),
                OnnxExport.of(Models.threeLabels(), "1").outputs());
    }

    @Test
    void file_saysWhereItIsFrom() throws OrtException {
        try (Onnx onnx = Onnx.of(Models.threeClasses())) {
            assertEquals("Firesteel", onnx.metadata().getProducerName());
            assertEquals("io.firesteel", onnx.metadata().getDomain());
            assertTrue(onnx.metadata().getDescription().contains("classification of y"));
            Map<String, String> properties = onnx.metadata().getCustomMetadata();
            assertEquals("classification", properties.get("task"));
            assertEquals("[\"x0\",\"x1\"]", properties.get("features"));
            assertEquals("[\"a\",\"b\",\"c\"]", properties.get("classes"));
            assertEquals("[2,4,3,3]", properties.get("layers"));
            assertEquals("tanh,relu", properties.get("activation"));
            assertEquals("softmax-cross-entropy", properties.get("loss"));
            assertEquals("42", properties.get("seed"));
        }
    }

    @Test
    void inputs_ofAnotherShapeOrName_areRefused() throws OrtException {
        try (Onnx onnx = Onnx.of(Models.twoClasses())) {
            onnx.run(Map.of("features", new double[][] {{1, 2}}));
            assertThrows(OrtException.class, () -> onnx.run(Map.of("features", new double[][] {{1, 2, 3}})));
            assertThrows(OrtException.class, () -> onnx.run(Map.of("x", new double[][] {{1, 2}})));
            assertThrows(OrtException.class, () -> onnx.run(Map.of("features", new String[] {"1"})));
        }
    }

    @Test
    void file_tooLong() {
        OnnxExport.expectFits(Integer.MAX_VALUE);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OnnxExport.expectFits(1L << 31));
        assertTrue(e.getMessage().contains("2147483648 bytes"), e.getMessage());
    }
}
