package io.firesteel.check;

import io.firesteel.data.TrainingSet;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.model.InputLayout;
import io.firesteel.nn.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The features of some rows, column by column, as the network sees them.
 *
 * @param names of the features
 * @param isCategory whether each is a category
 * @param values of each feature: scaled numbers, or indices of categories, NaN for none of them
 * @param targets of the rows: class numbers, or scaled numbers
 */
record SampledColumns(List<String> names, boolean[] isCategory, double[][] values, double[] targets) {
    /** The number of rows that columns are judged by at most. */
    private static final int MOST_ROWS = 20_000;

    /** Fewer rows than these tell nothing, however many features they have. */
    private static final int FEWEST_ROWS = 200;

    /** The number of values that the driver holds at most, unless these are of the fewest rows. */
    private static final int MOST_VALUES = 1 << 24;

    /** The correlation above which two columns carry the same information. */
    private static final double SAME = 0.999_999;

    /** The greatest difference that rounding leaves between the products of two such columns with one vector. */
    private static final double NEAR = 1e-5;

    /** Returns those of rows at equal distances among the rows to train on, the same on any cluster. */
    static SampledColumns of(TrainingSet data) {
        List<String> names = data.columns().features();
        InputLayout layout = data.columns().encoding().layout(names);
        int most = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, MOST_VALUES / Math.max(1, names.size())));
        List<Examples> parts = data.training().sample(most);
        int rows = parts.stream().mapToInt(Examples::size).sum();
        double[][] values = new double[names.size()][rows];
        double[] targets = new double[rows];
        int row = 0;
        for (Examples part : parts) {
            for (int j = 0; j < part.size(); j++) {
                double[] features = features(layout, part.x(), j);
                for (int i = 0; i < features.length; i++) {
                    values[i][row] = features[i];
                }
                targets[row++] = part.y().get(0, j);
            }
        }
        boolean[] isCategory = new boolean[names.size()];
        for (int i = 0; i < isCategory.length; i++) {
            isCategory[i] = layout.isCategory(i);
        }
        return new SampledColumns(names, isCategory, values, targets);
    }

    /** Returns the features of row j, a column of X. */
    static double[] features(InputLayout layout, AnyMatrix x, int j) {
        double[] features = new double[layout.features()];
        int first = 0;
        for (int i = 0; i < features.length; i++) {
            int inputs = layout.inputs(i);
            if (!layout.isCategory(i)) {
                features[i] = x.get(first, j);
            } else {
                int entry = x instanceof MixedMatrix mixed ? mixed.firstEntry(j, first, first + inputs) : -1;
                features[i] = entry < 0 ? Double.NaN : entry - first;
            }
            first += inputs;
        }
        return features;
    }

    int rows() {
        return targets.length;
    }

    /** Returns whether a feature has one value in all rows of the sample. */
    boolean isConstant(int i) {
        double first = values[i][0];
        return Arrays.stream(values[i]).allMatch(value -> Double.compare(value, first) == 0);
    }

    /** Returns the pairs of numbers whose correlation is 1 or -1 but for rounding; a feature is in one pair at most. */
    List<int[]> duplicates() {
        int[] numbers = IntStream.range(0, names.size())
                .filter(i -> !isCategory[i] && !isConstant(i))
                .toArray();
        double[][] standardized =
                Arrays.stream(numbers).mapToObj(i -> standardized(values[i])).toArray(double[][]::new);
        // Columns with a correlation of 1 or -1 have the same product with any vector, but for its sign: only such are
        // compared.
        double[] direction = new double[rows()];
        Arrays.setAll(direction, j -> SplitMix64.uniform(1, j));
        double[] products = Arrays.stream(standardized)
                .mapToDouble(column -> Math.abs(dot(column, direction)))
                .toArray();
        Integer[] byProduct = IntStream.range(0, numbers.length).boxed().toArray(Integer[]::new);
        Arrays.sort(byProduct, Comparator.comparingDouble(i -> products[i]));
        List<int[]> pairs = new ArrayList<>();
        boolean[] isTaken = new boolean[numbers.length];
        for (int p = 0; p < byProduct.length; p++) {
            int a = byProduct[p];
            for (int q = p + 1;
                    q < byProduct.length && products[byProduct[q]] - products[a] < NEAR && !isTaken[a];
                    q++) {
                int b = byProduct[q];
                if (!isTaken[b] && Math.abs(dot(standardized[a], standardized[b])) > SAME) {
                    isTaken[b] = true;
                    pairs.add(new int[] {numbers[Math.min(a, b)], numbers[Math.max(a, b)]});
                }
            }
        }
        pairs.sort(Comparator.comparingInt(pair -> pair[1]));
        return pairs;
    }

    /** Returns values of mean 0 and length 1. */
    private static double[] standardized(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double[] centred = Arrays.stream(values).map(value -> value - mean).toArray();
        double length = Math.sqrt(dot(centred, centred));
        return Arrays.stream(centred).map(value -> value / length).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    /** Returns the root of the mean square of a feature. */
    double size(int i) {
        return Math.sqrt(dot(values[i], values[i]) / rows());
    }

    /** Returns how much of the targets feature i alone tells, from 0 or less to 1: see {@link LoneColumn}. */
    double told(int i, int classes) {
        return new LoneColumn(values[i], isCategory[i], targets).told(classes);
    }
}
