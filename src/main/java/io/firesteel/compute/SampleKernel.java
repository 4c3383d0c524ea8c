package io.firesteel.compute;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Closeup;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some of the examples, at equal distances in the canonical order, as a sum: each of them has numbers of the vector to itself,
 * which are 0 in the vectors of all other blocks. So the same ones come back, bit for bit, from any cluster.
 *
 * @param precision of blocks and products
 * @param rows the number of all examples
 * @param blockRows the number of examples in each block but the last
 * @param size the number of examples that are wanted, at most {@code rows}
 */
record SampleKernel(ModelDescription description, Precision precision, long rows, int blockRows, int size)
        implements OutputKernel {
    @Override
    public String purpose() {
        return "sample of rows";
    }

    @Override
    public Network network() {
        return description.network();
    }

    /** Returns the number of features that an example comes with. */
    private int inputs() {
        boolean twoNumbers = description.inputs().features().size() == 2
                && description.inputs().encoding().categories().isEmpty();
        return twoNumbers ? 2 : 0;
    }

    /** Returns the number of values that an example has on either side, observed and predicted. */
    private int values() {
        return description.task() == Task.REGRESSION
                ? Math.min(Closeup.MOST_TARGETS, network().targets())
                : 1;
    }

    /** Returns how many numbers an example has: whether it is there, its features, what was observed, and predicted. */
    private int width() {
        return 1 + inputs() + 2 * values();
    }

    @Override
    public int length() {
        return size * width();
    }

    @Override
    public void add(Backprop backprop, Block block, double[] sums) {
        Examples examples = block.examples();
        Matrix outputs = backprop.predict(examples.x());
        for (int j = 0; j < examples.size(); j++) {
            long row = (long) block.number() * blockRows + j;
            long place = (row * size + rows - 1) / rows; // the first whose row is not before this one
            if (place < size && place * rows / size == row) {
                write(examples, outputs, j, sums, (int) place * width());
            }
        }
    }

    private void write(Examples examples, Matrix outputs, int j, double[] sums, int from) {
        int at = from;
        sums[at++] = 1;
        for (int i = 0; i < inputs(); i++) {
            sums[at++] = description.inputs().scaling().unscale(i, examples.x().get(i, j));
        }
        if (description.task() == Task.REGRESSION) {
            Scaling targets = description.targets().scaling();
            Quantiles quantiles = network().quantiles();
            for (int i = 0; i < values(); i++) {
                sums[at + i] = targets.unscale(i, examples.y().get(i, j));
                sums[at + values() + i] = targets.unscale(i, quantiles.predicted(outputs, i, j));
            }
        } else {
            double[] scores = new double[outputs.rows()];
            Arrays.setAll(scores, i -> outputs.get(i, j));
            sums[at] = examples.y().get(0, j);
            sums[at + 1] = description.targets().predicted(scores);
        }
    }

    /** Returns the examples of a vector of sums. */
    List<Closeup.Example> examples(double[] sums) {
        List<Closeup.Example> examples = new ArrayList<>();
        for (int from = 0; from < length(); from += width()) {
            if (sums[from] == 1) {
                int y = from + 1 + inputs();
                int predicted = y + values();
                examples.add(new Closeup.Example(
                        Arrays.copyOfRange(sums, from + 1, y),
                        Arrays.copyOfRange(sums, y, predicted),
                        Arrays.copyOfRange(sums, predicted, predicted + values())));
            }
        }
        return examples;
    }
}
