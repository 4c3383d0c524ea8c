package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The periodic embedding of numbers: beside each number x among the inputs, three functions of it that the network learns,
 *
 * <pre>
 *   c = cos(2 pi (w x + b))    w, b, c (16)      e = V c + a    V (3, 16), a, e (3)
 * </pre>
 *
 * each number with parameters of its own. It is PBLD of Holzmueller, Grinsztajn and Steinwart 2024 (RealMLP), after Gorishniy,
 * Rubachev and Babenko 2022, but that the phase b is in turns. A network learns a function that rises and falls along one
 * feature far sooner from these than from x alone.
 *
 * <p>For inputs X (n, m), k of which are numbers, the output is X with E (3 k, m) below it, three rows for each number.
 *
 * @param inputs n
 * @param numbers which of the inputs are numbers, ascending; the others are categories
 */
public record Periodic(int inputs, List<Integer> numbers) implements InputLayer {
    /** The {@link #type} of every such layer. */
    public static final String TYPE = "periodic";

    /** The number of frequencies of each number. */
    public static final int FREQUENCIES = 16;

    /** The number of functions of each number, besides itself. */
    public static final int FUNCTIONS = 3;

    /** The standard deviation of the frequencies at the start, for numbers within about -3 and 3. */
    private static final double SIGMA = 0.1;

    /** What the learning rate is multiplied by: 0.1 / (1 / 16) of the source's, whose usual layer has the factor 1 / 16. */
    private static final double RATE = 1.6;

    public Periodic {
        numbers = List.copyOf(numbers);
        int previous = -1;
        for (int input : numbers) {
            if (input <= previous || input >= inputs) {
                throw new IllegalArgumentException("input " + input + " of " + numbers
                        + " to be embedded: expected one above " + previous + " and below " + inputs);
            }
            previous = input;
        }
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("no inputs to be embedded: expected at least one");
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Tensor> tensors() {
        int k = numbers.size();
        return List.of(
                new Tensor("w0", FREQUENCIES, k, false, true, RATE),
                new Tensor("b0", FREQUENCIES, k, false, false, RATE),
                new Tensor("V0", FUNCTIONS * FREQUENCIES, k, false, true, RATE),
                new Tensor("a0", FUNCTIONS, k, false, false, RATE));
    }

    @Override
    public int units(int n) {
        if (n != inputs) {
            throw new IllegalArgumentException("the embedding has " + inputs + " inputs, expected " + n);
        }
        return inputs + FUNCTIONS * numbers.size();
    }

    @Override
    public int needed(int from) {
        return inputs; // below which its output repeats its input, whose derivatives nobody needs
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {
        double range = 1 / Math.sqrt(FREQUENCIES);
        for (int i = 0; i < numbers.size(); i++) {
            for (int f = 0; f < FREQUENCIES; f++) {
                parameters.get(0).set(f, i, SIGMA * draw.normal());
                parameters.get(1).set(f, i, draw.uniform() / 2); // -pi to pi
            }
            for (int e = 0; e < FUNCTIONS * FREQUENCIES; e++) {
                parameters.get(2).set(e, i, range * draw.uniform());
            }
            for (int e = 0; e < FUNCTIONS; e++) {
                parameters.get(3).set(e, i, range * draw.uniform());
            }
        }
    }

    /** The parameters of one number, or their gradient: views. */
    private record OfNumber(Matrix w, Matrix b, Matrix V, Matrix a) {
        static OfNumber of(List<Matrix> all, int i) {
            return new OfNumber(
                    all.get(0).view(i * FREQUENCIES, FREQUENCIES, 1),
                    all.get(1).view(i * FREQUENCIES, FREQUENCIES, 1),
                    all.get(2).view(i * FUNCTIONS * FREQUENCIES, FUNCTIONS, FREQUENCIES),
                    all.get(3).view(i * FUNCTIONS, FUNCTIONS, 1));
        }
    }

    @Override
    public Work work(Precision precision, int n, int rows, int from) {
        return new Embedding(precision, rows);
    }

    /** The layer at work, number after number, so that little memory does. */
    private final class Embedding implements Work {
        /** The views of the parameters and gradients that were met: a task has few of them, for all its blocks. */
        private final IdentityHashMap<List<Matrix>, List<OfNumber>> views = new IdentityHashMap<>();

        private final int rows; // the most columns of a block

        /** (dense rows of X, and E; rows): made when first needed, since a wide X may have few dense rows. */
        private Matrix allOutputs;

        private final Matrix allX; // (1, m)
        private final Matrix allU; // (16, m)
        private final Matrix allC; // (16, m)
        private final Matrix allE; // (3, m)
        private AnyMatrix ofBlock; // X of the last block
        private Matrix numbersOfBlock; // a matrix that has the numbers of the last block among its rows
        private boolean areAll; // whether its rows are the numbers alone

        Embedding(Precision precision, int rows) {
            this.rows = rows;
            allX = precision.zeros(1, rows);
            allU = precision.zeros(FREQUENCIES, rows);
            allC = precision.zeros(FREQUENCIES, rows);
            allE = precision.zeros(FUNCTIONS, rows);
        }

        @Override
        public AnyMatrix forward(List<Matrix> parameters, AnyMatrix X) {
            List<OfNumber> ofNumbers = ofNumbers(parameters);
            MixedMatrix mixed = X instanceof MixedMatrix some ? some : null;
            ofBlock = X;
            numbersOfBlock = mixed == null ? (Matrix) X : mixed.dense();
            areAll = mixed != null;
            int before = numbersOfBlock.rows();
            int height = before + FUNCTIONS * numbers.size();
            if (allOutputs == null || allOutputs.rows() != height) {
                allOutputs = X.precision().zeros(height, rows);
            }
            Matrix output = allOutputs.firstColumns(X.cols());
            output.setRows(0, numbersOfBlock, 0, before);
            Matrix C = allC.firstColumns(X.cols());
            Matrix E = allE.firstColumns(X.cols());
            for (int i = 0; i < numbers.size(); i++) {
                OfNumber of = ofNumbers.get(i);
                setTurns(C, of, x(i));
                C.cosOfTurns(); // c = cos(2 pi (w x + b))
                E.setColumns(of.a);
                E.addProduct(of.V, C); // e = V c + a
                output.setRows(before + FUNCTIONS * i, E, 0, FUNCTIONS);
            }
            return mixed == null ? output : mixed.withDense(output);
        }

        private List<OfNumber> ofNumbers(List<Matrix> all) {
            return views.computeIfAbsent(all, met -> IntStream.range(0, numbers.size())
                    .mapToObj(i -> OfNumber.of(met, i))
                    .toList());
        }

        /** Returns the number i (1, m) of the last block's examples. */
        private Matrix x(int i) {
            Matrix x = allX.firstColumns(numbersOfBlock.cols());
            x.setRows(0, numbersOfBlock, areAll ? i : numbers.get(i), 1);
            return x;
        }

        /** Sets U to w x + b. */
        private void setTurns(Matrix U, OfNumber of, Matrix x) {
            U.setColumns(of.b);
            U.addProduct(of.w, x);
        }

        @Override
        public Matrix backward(List<Matrix> parameters, Matrix dE, List<Matrix> gradient) {
            List<OfNumber> ofNumbers = ofNumbers(parameters);
            List<OfNumber> sumsOfNumbers = ofNumbers(gradient);
            Matrix U = allU.firstColumns(dE.cols());
            Matrix C = allC.firstColumns(dE.cols());
            Matrix de = allE.firstColumns(dE.cols());
            for (int i = 0; i < numbers.size(); i++) {
                OfNumber of = ofNumbers.get(i);
                OfNumber sums = sumsOfNumbers.get(i);
                Matrix x = x(i);
                de.setRows(0, dE, FUNCTIONS * i, FUNCTIONS);
                setTurns(U, of, x);
                C.set(U);
                C.cosOfTurns();
                sums.V.setProductTransposed(de, C); // dV = de c^T
                sums.a.setSumOfColumns(de); // da = sum over columns of de
                C.setTransposedProduct(of.V, de); // dc = V^T de
                C.timesCosOfTurnsDerivative(U); // du = -2 pi sin(2 pi u) * dc
                sums.w.setProductTransposed(C, x); // dw = du x^T
                sums.b.setSumOfColumns(C); // db = sum over columns of du
            }
            return dE;
        }

        @Override
        public AnyMatrix derivatives(List<Matrix> parameters, AnyMatrix d) {
            List<OfNumber> ofNumbers = ofNumbers(parameters);
            Matrix dOutput = d instanceof MixedMatrix mixed ? mixed.dense() : (Matrix) d;
            int before = numbersOfBlock.rows();
            Matrix dX = d.precision().zeros(before, d.cols());
            dX.setRows(0, dOutput, 0, before); // what the output repeats
            Matrix U = allU.firstColumns(d.cols());
            Matrix C = allC.firstColumns(d.cols());
            Matrix de = allE.firstColumns(d.cols());
            Matrix dx = allX.firstColumns(d.cols());
            for (int i = 0; i < numbers.size(); i++) {
                OfNumber of = ofNumbers.get(i);
                de.setRows(0, dOutput, before + FUNCTIONS * i, FUNCTIONS);
                setTurns(U, of, x(i));
                C.setTransposedProduct(of.V, de); // dc = V^T de
                C.timesCosOfTurnsDerivative(U); // du = -2 pi sin(2 pi u) * dc
                int row = areAll ? i : numbers.get(i);
                dx.setRows(0, dX, row, 1);
                dx.addTransposedProduct(of.w, C); // dx := dx + w^T du
                dX.setRows(row, dx, 0, 1);
            }
            return ofBlock instanceof MixedMatrix mixed ? mixed.withValues(dX, d::get) : dX;
        }
    }
}
