package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SparseMatrix;
import java.io.Serializable;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The embedding of categories: in place of the inputs of a feature, one for each of its K categories, there are eight numbers that
 * the network learns for each category,
 *
 * <pre>
 *   e = C x    C (8, K), x (K) with a 1 for the category, e (8)
 * </pre>
 *
 * so that e is a column of C, and 0 where the category is missing or unseen (entity embeddings, Guo and Berkhahn 2016; the size and
 * the start are those of RealMLP, Holzmueller, Grinsztajn and Steinwart 2024). A feature of many categories has far fewer
 * parameters so than in the first affine layer.
 *
 * <p>For inputs X (n, m) the output is X without the rows of these features, and below it eight rows for each feature. X is a
 * {@link MixedMatrix} whose dense rows are none of theirs.
 *
 * @param inputs n
 * @param features those with embedded categories, ascending
 */
public record CategoryEmbedding(int inputs, List<Feature> features) implements InputLayer {
    /** The {@link #type} of every such layer. */
    public static final String TYPE = "categories";

    /** The number of numbers for each category. */
    public static final int WIDTH = 8;

    /** What the learning rate is multiplied by: 1 of the source's, whose usual weights have 1 / 16. */
    private static final double RATE = 16;

    /**
     * A feature with embedded categories.
     *
     * @param first the input of its first category
     * @param count K, the number of its categories
     */
    public record Feature(int first, int count) implements Serializable {
        /** Returns the input after that of its last category. */
        public int end() {
            return first + count;
        }
    }

    public CategoryEmbedding {
        features = List.copyOf(features);
        int previous = 0;
        for (Feature feature : features) {
            if (feature.first < previous || feature.count < 1 || feature.count > inputs - feature.first) {
                throw new IllegalArgumentException("a feature of inputs " + feature.first + " to " + (feature.end() - 1)
                        + " to be embedded: expected inputs from " + previous + " to " + (inputs - 1));
            }
            previous = feature.end();
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException("no categories to be embedded: expected at least one feature");
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    /** Returns the number of categories of all features. */
    private int categories() {
        return features.stream().mapToInt(Feature::count).sum();
    }

    /** Returns the number of inputs that belong to no embedded category, which stay. */
    private int staying() {
        return inputs - categories();
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(new Tensor("C0", WIDTH, categories(), false, true, RATE));
    }

    /** Returns C (8, K) of each feature: views of the columns of C0, which has those of all features. */
    public List<Matrix> ofFeatures(Matrix all) {
        Matrix[] C = new Matrix[features.size()];
        int start = 0;
        for (int f = 0; f < C.length; f++) {
            int count = features.get(f).count;
            C[f] = all.view(start, WIDTH, count);
            start += WIDTH * count;
        }
        return List.of(C);
    }

    @Override
    public int units(int n) {
        if (n != inputs) {
            throw new IllegalArgumentException("the embedding of categories has " + inputs + " inputs, expected " + n);
        }
        return staying() + WIDTH * features.size();
    }

    @Override
    public int needed(int from) {
        return from - categories(); // the features come first among the inputs
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {
        Matrix C = parameters.get(0);
        for (int j = 0; j < C.cols(); j++) {
            for (int i = 0; i < WIDTH; i++) {
                C.set(i, j, draw.normal());
            }
        }
    }

    /** Returns the place of each input among those that stay, -1 for one of an embedded category. */
    private int[] places() {
        int[] places = new int[inputs];
        for (Feature feature : features) {
            Arrays.fill(places, feature.first, feature.end(), -1);
        }
        int stayed = 0;
        for (int i = 0; i < inputs; i++) {
            places[i] = places[i] < 0 ? -1 : stayed++;
        }
        return places;
    }

    @Override
    public Work work(Precision precision, int n, int rows, int from) {
        return new Lookup(precision, rows, inputs - from);
    }

    /** The layer at work, feature after feature. */
    private final class Lookup implements Work {
        private final int[] places = places();

        /** The views of the parameters and gradients that were met: a task has few of them, for all its blocks. */
        private final IdentityHashMap<List<Matrix>, List<Matrix>> views = new IdentityHashMap<>();

        private MixedMatrix ofBlock; // X of the last block

        private final SparseMatrix[] categories = new SparseMatrix[features.size()]; // (K, m) each, of the last block
        private final int passed; // rows of the input whose derivatives are returned
        private final int rows; // the most columns of a block

        /** (dense rows of X, and E; rows): made when first needed, since a wide X may have few dense rows. */
        private Matrix allOutputs;

        private final Matrix allE; // (8, m)
        private final Matrix zero; // (8, 1)
        private final Matrix allDX; // (passed, m)

        Lookup(Precision precision, int rows, int passed) {
            this.passed = passed;
            this.rows = rows;
            allE = precision.zeros(WIDTH, rows);
            zero = precision.zeros(WIDTH, 1);
            allDX = precision.zeros(passed, rows);
        }

        @Override
        public AnyMatrix forward(List<Matrix> parameters, AnyMatrix X) {
            MixedMatrix mixed = (MixedMatrix) X;
            ofBlock = mixed;
            int before = mixed.dense().rows();
            int height = before + WIDTH * features.size();
            if (allOutputs == null || allOutputs.rows() != height) {
                allOutputs = X.precision().zeros(height, rows);
            }
            Matrix output = allOutputs.firstColumns(X.cols());
            output.setRows(0, mixed.dense(), 0, before);
            Matrix E = allE.firstColumns(X.cols());
            for (int f = 0; f < categories.length; f++) {
                Feature feature = features.get(f);
                categories[f] = mixed.sparseRows(feature.first, feature.end());
                E.setColumns(zero);
                E.addProduct(ofFeatures(parameters).get(f), categories[f]); // e = C x
                output.setRows(before + WIDTH * f, E, 0, WIDTH);
            }
            return mixed.withDense(output, places, staying());
        }

        /** Returns C (8, K) of each feature. */
        private List<Matrix> ofFeatures(List<Matrix> all) {
            return views.computeIfAbsent(all, met -> CategoryEmbedding.this.ofFeatures(met.get(0)));
        }

        @Override
        public Matrix backward(List<Matrix> parameters, Matrix d, List<Matrix> gradient) {
            Matrix dE = allE.firstColumns(d.cols());
            for (int f = 0; f < categories.length; f++) {
                dE.setRows(0, d, passed + WIDTH * f, WIDTH);
                ofFeatures(gradient).get(f).setProductTransposed(dE, categories[f]); // dC = de x^T
            }
            Matrix dX = allDX.firstColumns(d.cols());
            dX.setRows(0, d, 0, passed);
            return dX;
        }

        @Override
        public AnyMatrix derivatives(List<Matrix> parameters, AnyMatrix d) {
            List<Matrix> all = ofFeatures(parameters);
            Matrix dOutput = d instanceof MixedMatrix mixed ? mixed.dense() : (Matrix) d;
            int before = ofBlock.dense().rows();
            Matrix dX = d.precision().zeros(before, d.cols());
            dX.setRows(0, dOutput, 0, before);
            int[] of = featureOfInputs();
            return ofBlock.withValues(dX, (i, j) -> {
                if (places[i] >= 0) {
                    return d.get(places[i], j);
                }
                double sum = 0; // dx = C^T de at the category
                for (int e = 0; e < WIDTH; e++) {
                    sum += all.get(of[i]).get(e, i - features.get(of[i]).first)
                            * dOutput.get(before + WIDTH * of[i] + e, j);
                }
                return sum;
            });
        }

        /** Returns the feature, counted from 0, of each input that belongs to an embedded category. */
        private int[] featureOfInputs() {
            int[] of = new int[inputs];
            for (int f = 0; f < features.size(); f++) {
                Arrays.fill(of, features.get(f).first, features.get(f).end(), f);
            }
            return of;
        }
    }
}
