package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import java.io.Serializable;
import java.util.List;

/**
 * The piecewise linear encoding of numbers (Gorishniy, Rubachev and Babenko 2022): beside a number x among the inputs, the part of
 * each piece between the knots k_0 &lt; ... &lt; k_T that lies below x,
 *
 * <pre>
 *   p_t = min(1, max(0, (x - k_(t-1)) / (k_t - k_(t-1))))      t = 1 .. T
 * </pre>
 *
 * From these the next layer can make a function of x that bends or rises steeply at the knots; from x alone a network learns such
 * a function slowly. The layer has no parameters.
 *
 * <p>For inputs X (n, m) the output is X with P below it, the pieces of one number after those of another.
 *
 * @param inputs n
 * @param numbers those that are encoded, ascending by input
 */
public record Piecewise(int inputs, List<Pieces> numbers) implements InputLayer {
    /** The {@link #type} of every such layer. */
    public static final String TYPE = "piecewise";

    /**
     * The pieces of a number.
     *
     * @param input its place among the inputs
     * @param knots k_0 .. k_T, ascending, at least two
     */
    public record Pieces(int input, List<Double> knots) implements Serializable {
        public Pieces {
            knots = List.copyOf(knots);
            for (int t = 1; t < knots.size(); t++) {
                if (!(knots.get(t) - knots.get(t - 1) > 0) || Double.isInfinite(knots.get(t) - knots.get(t - 1))) {
                    throw new IllegalArgumentException("knots " + knots.get(t - 1) + " and " + knots.get(t)
                            + " of input " + input + ": expected ascending numbers");
                }
            }
            if (knots.size() < 2) {
                throw new IllegalArgumentException("knots " + knots + " of input " + input + ": expected at least two");
            }
        }

        /** Returns T. */
        public int count() {
            return knots.size() - 1;
        }
    }

    public Piecewise {
        numbers = List.copyOf(numbers);
        int previous = -1;
        for (Pieces pieces : numbers) {
            if (pieces.input <= previous || pieces.input >= inputs) {
                throw new IllegalArgumentException("input " + pieces.input
                        + " to be encoded by pieces: expected one above " + previous + " and below " + inputs);
            }
            previous = pieces.input;
        }
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("no inputs to be encoded by pieces: expected at least one");
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of();
    }

    @Override
    public int units(int n) {
        if (n != inputs) {
            throw new IllegalArgumentException("the encoding by pieces has " + inputs + " inputs, expected " + n);
        }
        return inputs + pieces();
    }

    /** Returns the number of all pieces. */
    public int pieces() {
        return numbers.stream().mapToInt(Pieces::count).sum();
    }

    @Override
    public int needed(int from) {
        return inputs + pieces(); // it has no parameters, and nobody needs the derivatives of its inputs
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {
        // nothing to start
    }

    @Override
    public Work work(Precision precision, int n, int rows, int from) {
        return new Encoding(precision, rows);
    }

    /** The layer at work. */
    private final class Encoding implements Work {
        private final int T = pieces();
        private final double[][] knots = numbers.stream()
                .map(pieces -> pieces.knots.stream().mapToDouble(knot -> knot).toArray())
                .toArray(double[][]::new);
        private final int rows; // the most columns of a block
        private final Matrix allX; // (1, m)
        private final Matrix allP; // (pieces, m)
        private final double[] x;
        private final double[] p; // column after column

        /** (dense rows of X, and P; rows): made when first needed, since a wide X may have few dense rows. */
        private Matrix allOutputs;

        private AnyMatrix ofBlock; // X of the last block
        private Matrix numbersOfBlock; // a matrix that has the numbers of the last block among its rows

        Encoding(Precision precision, int rows) {
            this.rows = rows;
            allX = precision.zeros(1, rows);
            allP = precision.zeros(T, rows);
            x = new double[rows];
            p = new double[allP.size()];
        }

        @Override
        public AnyMatrix forward(List<Matrix> parameters, AnyMatrix X) {
            ofBlock = X;
            MixedMatrix mixed = X instanceof MixedMatrix some ? some : null;
            numbersOfBlock = mixed == null ? (Matrix) X : mixed.dense();
            int before = numbersOfBlock.rows();
            int height = before + T;
            if (allOutputs == null || allOutputs.rows() != height) {
                allOutputs = X.precision().zeros(height, rows);
            }
            int first = 0; // the row of the number's first piece
            for (int i = 0; i < knots.length; i++) {
                double[] k = knots[i];
                takeRow(numbers.get(i));
                for (int j = 0; j < X.cols(); j++) {
                    for (int t = 1; t < k.length; t++) {
                        double part = (x[j] - k[t - 1]) / (k[t] - k[t - 1]);
                        p[j * T + first + t - 1] = Math.min(1, Math.max(0, part));
                    }
                }
                first += k.length - 1;
            }
            Matrix P = allP.firstColumns(X.cols());
            P.copyFrom(0, P.size(), p);
            Matrix output = allOutputs.firstColumns(X.cols());
            output.setRows(0, numbersOfBlock, 0, before);
            output.setRows(before, P, 0, T);
            return mixed == null ? output : mixed.withDense(output);
        }

        /** Takes x (m) of a number from the last block. */
        private void takeRow(Pieces pieces) {
            Matrix row = allX.firstColumns(numbersOfBlock.cols());
            row.setRows(0, numbersOfBlock, row(pieces), 1);
            row.copyInto(0, row.size(), x);
        }

        /** Returns the row of a number among those of the last block's numbers. */
        private int row(Pieces pieces) {
            return ofBlock instanceof MixedMatrix mixed ? mixed.denseRow(pieces.input) : pieces.input;
        }

        @Override
        public Matrix backward(List<Matrix> parameters, Matrix d, List<Matrix> gradient) {
            return d;
        }

        @Override
        public AnyMatrix derivatives(List<Matrix> parameters, AnyMatrix d) {
            Matrix dOutput = d instanceof MixedMatrix mixed ? mixed.dense() : (Matrix) d;
            int before = numbersOfBlock.rows();
            Matrix dX = d.precision().zeros(before, d.cols());
            dX.setRows(0, dOutput, 0, before); // what the output repeats
            int first = before;
            for (int i = 0; i < knots.length; i++) {
                double[] k = knots[i];
                int row = row(numbers.get(i));
                takeRow(numbers.get(i));
                for (int j = 0; j < d.cols(); j++) {
                    for (int t = 1; t < k.length; t++) {
                        if (x[j] >= k[t - 1]
                                && x[j] < k[t]) { // dx := dx + dp / (k_t - k_(t-1)) for the piece that x lies in
                            double dp = dOutput.get(first + t - 1, j);
                            dX.set(row, j, dX.get(row, j) + dp / (k[t] - k[t - 1]));
                        }
                    }
                }
                first += k.length - 1;
            }
            return ofBlock instanceof MixedMatrix mixed ? mixed.withValues(dX, d::get) : dX;
        }
    }
}
