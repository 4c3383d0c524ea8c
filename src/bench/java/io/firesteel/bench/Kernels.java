package io.firesteel.bench;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Parameters;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of a block's step, each alone, on blocks of 512 rows: microseconds on one thread. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Kernels {
    private static final int B = 512;

    /** The three products of a layer, of the shapes of the benchmark's networks. */
    @State(Scope.Thread)
    public static class Layer {
        @Param({"784-256", "256-10", "28-100", "100-100", "100-2"})
        public String layer;

        @Param({"SINGLE", "DOUBLE"})
        public Precision precision;

        Matrix W; // (n, n')
        Matrix A; // (n', B)
        Matrix Z; // (n, B)
        Matrix dA; // (n', B)
        Matrix dW; // (n, n')

        /** Makes the matrices. */
        @Setup
        public void make() {
            Problem shape = Problem.of(layer, B);
            W = filled(precision, shape.classes(), shape.features());
            A = filled(precision, shape.features(), B);
            Z = filled(precision, shape.classes(), B);
            dA = filled(precision, shape.features(), B);
            dW = filled(precision, shape.classes(), shape.features());
        }
    }

    /** The elementwise work. */
    @State(Scope.Thread)
    public static class Sweep {
        @Param({"SINGLE", "DOUBLE"})
        public Precision precision;

        Matrix hidden; // (256, B)
        Matrix derivative; // (256, B)
        Matrix column; // (256, 1)
        Matrix outputs; // (10, B)
        Examples examples;

        /** Makes the matrices. */
        @Setup
        public void make() {
            hidden = filled(precision, 256, B);
            derivative = filled(precision, 256, B);
            column = filled(precision, 256, 1);
            outputs = filled(precision, 10, B);
            examples = Problem.of("784-10", B).block(0, precision).examples();
        }
    }

    /** A block and a network. */
    @State(Scope.Thread)
    public static class Step {
        @Param({"784-256-10", "28-100-100-2", "30-16-2"})
        public String layers;

        @Param({"SINGLE", "DOUBLE"})
        public Precision precision;

        Backprop backprop;
        Parameters gradient;
        Examples examples;

        /** Makes them. */
        @Setup
        public void make() {
            Problem problem = Problem.of(layers, B);
            Parameters theta = new Parameters(problem.network(), precision);
            theta.theta().setAll(problem.start());
            backprop = new Backprop(problem.network(), theta, B);
            gradient = new Parameters(problem.network(), precision);
            examples = problem.block(0, precision).examples();
        }
    }

    private static Matrix filled(Precision precision, int rows, int cols) {
        Matrix matrix = precision.zeros(rows, cols);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                matrix.set(i, j, ((31 * i + 17 * j) % 29 - 14) / 100.0);
            }
        }
        return matrix;
    }

    /** Z := Z + W A; Z grows, slowly. */
    @Benchmark
    public Matrix forward(Layer s) {
        s.Z.addProduct(s.W, s.A);
        return s.Z;
    }

    /** dW := dZ A^T. */
    @Benchmark
    public Matrix gradient(Layer s) {
        s.dW.setProductTransposed(s.Z, s.A);
        return s.dW;
    }

    /** dA := W^T dZ. */
    @Benchmark
    public Matrix backward(Layer s) {
        s.dA.setTransposedProduct(s.W, s.Z);
        return s.dA;
    }

    @Benchmark
    public Matrix bias256(Sweep s) {
        s.hidden.setColumns(s.column);
        return s.hidden;
    }

    @Benchmark
    public Matrix sigmoid256(Sweep s) {
        s.hidden.sigmoid();
        return s.hidden;
    }

    @Benchmark
    public Matrix tanh256(Sweep s) {
        s.hidden.tanh();
        return s.hidden;
    }

    @Benchmark
    public Matrix sigmoidDerivative256(Sweep s) {
        s.derivative.timesSigmoidDerivative(s.hidden);
        return s.derivative;
    }

    @Benchmark
    public Matrix sumOfColumns256(Sweep s) {
        s.column.setSumOfColumns(s.hidden);
        return s.column;
    }

    /** Softmax, loss and dZ[L]. */
    @Benchmark
    public double softmaxLossDelta10(Sweep s) {
        return Loss.SOFTMAX_CROSS_ENTROPY.delta(s.outputs, s.examples);
    }

    /** One block, forward and backward. */
    @Benchmark
    public double block(Step s) {
        return s.backprop.lossAndGradient(s.examples, s.gradient);
    }
}
