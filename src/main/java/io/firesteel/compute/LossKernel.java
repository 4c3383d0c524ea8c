package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;

/**
 * The sums of a network's loss and gradient over the blocks.
 *
 * <p>A block's vector is the gradient's {@link Network#parameterCount} numbers, the loss, and the weight, each summed
 * over the block's examples and the network's members. Products and sums inside a block are in the given precision, sums
 * over blocks in double.
 *
 * @param precision of blocks and products
 * @param classWeights factors of the examples' weights
 * @param labelSmoothing how much labels are smoothed, if the loss is a cross-entropy. Only training does so: evaluations measure the
 *     plain loss. The smoothed loss of an example is multiplied by the weight of its true class, whereas PyTorch multiplies the term
 *     of each class by that class's weight
 * @param sampling what each step sees of network and data
 */
public record LossKernel(
        Network network, Precision precision, ClassWeights classWeights, double labelSmoothing, Sampling sampling)
        implements Kernel<Block> {
    /** Creates the kernel in which all classes count alike, labels are what they are and every step sees all. */
    public LossKernel(Network network, Precision precision) {
        this(network, precision, ClassWeights.NONE, 0, Sampling.NONE);
    }

    @Override
    public String purpose() {
        return "loss and gradient";
    }

    @Override
    public int length() {
        return network.parameterCount() + 2;
    }

    @Override
    public Pass pass(int step, int blocks) {
        Batch batch = sampling.batch(step);
        return batch == null ? Pass.over(blocks) : batch;
    }

    @Override
    public Worker<Block> worker(int blockRows) {
        return new Gradients(this, blockRows);
    }

    /** Returns the kernel of two sums over all rows: of their losses in the whole network, and of their weights. */
    public Kernel<Block> value() {
        return new Value(network, precision, classWeights, labelSmoothing);
    }

    private record Value(Network network, Precision precision, ClassWeights classWeights, double labelSmoothing)
            implements OutputKernel {
        @Override
        public String purpose() {
            return "loss";
        }

        @Override
        public int length() {
            return 2;
        }

        @Override
        public void add(Backprop backprop, Block block, double[] sums) {
            sums[0] = backprop.trainedLoss(block.examples());
            sums[1] = network.members() * classWeights.total(block.examples());
        }
    }

    private static final class Gradients implements Worker<Block> {
        private final LossKernel kernel;
        private final Parameters theta;
        private final Parameters[] gradients; // of the last two blocks: the tree reads a sum until it has seen the next
        private int turn; // which of them
        private final int blockRows;
        private final BatchBuffer buffer;
        private Backprop backprop; // made when the rows of a step are known: a tile has far fewer than a block
        private int room; // the number of rows that it has room for
        private int step;
        private Batch batch; // null where the step sees all rows

        Gradients(LossKernel kernel, int blockRows) {
            this.kernel = kernel;
            Network network = kernel.network;
            theta = new Parameters(network, kernel.precision);
            gradients = new Parameters[] {
                new Parameters(network, kernel.precision), new Parameters(network, kernel.precision)
            };
            this.blockRows = blockRows;
            buffer = new BatchBuffer(kernel.sampling.leafRows(blockRows));
        }

        @Override
        public void moveTo(Point point, Pass pass) {
            theta.theta().setAll(point.theta());
            step = point.step();
            batch = pass instanceof Batch some ? some : null;
            int rows = batch == null ? blockRows : kernel.sampling.leafRows(blockRows);
            if (rows > room) {
                backprop = new Backprop(kernel.network, theta, rows, kernel.classWeights, kernel.labelSmoothing);
                room = rows;
            }
        }

        @Override
        public void offerTo(SummationTree tree, int leaf, Block block) {
            Examples examples = batch == null ? block.examples() : buffer.of(block.examples(), batch, batch.tile(leaf));
            turn = 1 - turn;
            Parameters gradient = gradients[turn];
            Dropout.Masks masks = kernel.sampling.masks(step, leaf);
            double loss = backprop.lossAndGradient(examples, gradient, masks);
            double weight = kernel.network.members() * kernel.classWeights.total(examples);
            int parameters = kernel.length() - 2;
            tree.offer(leaf, (start, n, into) -> {
                int ofGradient = Math.max(0, Math.min(n, parameters - start));
                gradient.theta().copyInto(start, ofGradient, into);
                for (int i = ofGradient; i < n; i++) { // the last two numbers of a sum
                    into[i] = start + i == parameters ? loss : weight;
                }
            });
        }
    }
}
