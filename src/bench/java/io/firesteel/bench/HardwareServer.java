package io.firesteel.bench;

import io.firesteel.compute.Block;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.PartialSums;
import io.firesteel.compute.Point;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process that computes one network's step without Spark, on one thread or more, and its bare products.
 *
 * <p>Its arguments are the layers, the precision, the rows and the greatest number of threads. The answer to a number of
 * threads is: GFLOP/s of OpenBLAS on the step's product shapes over the blocks, the same with one block that stays in
 * cache, GFLOP/s of the products inside the step, GFLOP/s of the whole step, and bytes that a step allocates.
 */
final class HardwareServer {
    private final Problem problem;
    private final List<Worker> alone = new ArrayList<>();
    private final List<Worker> together = new ArrayList<>();
    private final ExecutorService threads;

    private HardwareServer(Problem problem, Precision precision, int threads) {
        this.problem = problem;
        this.threads = Executors.newFixedThreadPool(threads);
        List<Block> blocks = problem.blocks(precision);
        alone.add(new Worker(problem, precision, blocks, blocks.size()));
        for (int i = 0; i < threads; i++) {
            int from = blocks.size() * i / threads;
            int to = blocks.size() * (i + 1) / threads;
            together.add(new Worker(problem, precision, blocks.subList(from, to), blocks.size()));
        }
    }

    public static void main(String[] a) throws Exception {
        Precision precision = Precision.valueOf(a[1].toUpperCase(Locale.ROOT));
        HardwareServer server =
                new HardwareServer(Problem.of(a[0], Integer.parseInt(a[2])), precision, Integer.parseInt(a[3]));
        Child.serve(request -> server.round(request[0].equals("1") ? server.alone : server.together));
        server.threads.shutdown();
    }

    private double[] round(List<Worker> workers) throws Exception {
        double flops = problem.flops(problem.rows());
        Timed bare = all(workers, Worker::products);
        Timed inCache = all(workers, Worker::productsInCache);
        Timed step = all(workers, Worker::step);
        return new double[] {
            flops / bare.nanos, flops / inCache.nanos, flops / step.productNanos, flops / step.nanos, step.bytes
        };
    }

    /** What the slowest of some threads took, in all and in products, and the bytes that all of them allocated. */
    private record Timed(long nanos, long productNanos, long bytes) {}

    private Timed all(List<Worker> workers, java.util.function.Consumer<Worker> work) throws Exception {
        List<Callable<Timed>> tasks = new ArrayList<>();
        for (Worker worker : workers) {
            tasks.add(() -> {
                long products = Blas.productNanos();
                long bytes = Allocations.ofThisThread();
                long start = System.nanoTime();
                work.accept(worker);
                long nanos = System.nanoTime() - start;
                return new Timed(nanos, Blas.productNanos() - products, Allocations.ofThisThread() - bytes);
            });
        }
        Timed sum = new Timed(0, 0, 0);
        for (var future : threads.invokeAll(tasks)) {
            Timed one = future.get();
            sum = new Timed(
                    Math.max(sum.nanos, one.nanos),
                    Math.max(sum.productNanos, one.productNanos),
                    sum.bytes + one.bytes);
        }
        return sum;
    }

    /** One thread's blocks, and its memory. */
    private static final class Worker {
        private final List<Block> blocks;
        private final double[] theta;
        private final PartialSums<Block> sums;
        private final int L;
        private final Matrix[] W; // [l] (n_l, n_{l-1})
        private final Matrix[] A; // [l] (n_l, B)
        private final Matrix[] dZ; // [l] (n_l, B)
        private final Matrix[] dW; // [l] (n_l, n_{l-1})

        Worker(Problem problem, Precision precision, List<Block> blocks, int blockCount) {
            this.blocks = blocks;
            this.theta = problem.start();
            int B = problem.blockRows();
            this.sums = new PartialSums<>(new LossKernel(problem.network(), precision), blockCount, B);
            this.L = problem.network().depth();
            W = new Matrix[L + 1];
            A = new Matrix[L + 1];
            dZ = new Matrix[L + 1];
            dW = new Matrix[L + 1];
            for (int l = 1; l <= L; l++) {
                int n = problem.network().units(l);
                int previous = problem.network().units(l - 1);
                W[l] = filled(precision.zeros(n, previous), 0.01);
                A[l] = precision.zeros(n, B);
                dZ[l] = filled(precision.zeros(n, B), 0.01);
                dW[l] = precision.zeros(n, previous);
            }
        }

        private static Matrix filled(Matrix matrix, double scale) {
            for (int j = 0; j < matrix.cols(); j++) {
                for (int i = 0; i < matrix.rows(); i++) {
                    matrix.set(i, j, scale * ((31 * i + 17 * j) % 29 - 14));
                }
            }
            return matrix;
        }

        void step() {
            sums.add(Point.of(theta), blocks.iterator());
        }

        void products() {
            products(blocks);
        }

        void productsInCache() {
            products(Collections.nCopies(blocks.size(), blocks.get(0)));
        }

        /** The products of a step, in its order, and nothing else. */
        private void products(List<Block> of) {
            for (int l = 1; l <= L; l++) {
                A[l].setColumns(A[l].precision().zeros(A[l].rows(), 1)); // once a step: they add up
            }
            for (Block block : of) {
                int m = block.examples().size();
                AnyMatrix previous = block.examples().x();
                for (int l = 1; l <= L; l++) {
                    A[l].firstColumns(m).addProduct(W[l], previous);
                    previous = A[l].firstColumns(m);
                }
                for (int l = L; l >= 1; l--) {
                    AnyMatrix input = l == 1 ? block.examples().x() : A[l - 1].firstColumns(m);
                    dW[l].setProductTransposed(dZ[l].firstColumns(m), input);
                    if (l > 1) {
                        dZ[l - 1].firstColumns(m).setTransposedProduct(W[l], dZ[l].firstColumns(m));
                    }
                }
            }
        }
    }
}
