package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SparseMatrix;
import io.firesteel.model.Encoding;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.table.Rows;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dense and sparse rows become the same inputs. */
class ExampleEncoderTest {
    private static final int ROWS = 400;
    private static final int FEATURES = 7;

    /** Rows of which half of the features are 0. */
    private static Rows rows(boolean sparse) {
        Random random = new Random(1);
        Rows.Builder builder = Rows.builder(sparse, FEATURES, 0, 4);
        for (int j = 0; j < ROWS; j++) {
            builder.begin();
            for (int i = 0; i < FEATURES; i++) {
                builder.set(i, random.nextBoolean() ? 0 : random.nextGaussian());
            }
            builder.end();
        }
        return builder.take();
    }

    @Test
    void inputs_areTheSame() {
        Scaling scaling = new Scaling(new double[FEATURES], new double[] {1, 2, 3, 4, 5, 6, 7});
        InputLayout layout = Encoding.NONE.layout(Collections.nCopies(FEATURES, "x"));
        for (Precision precision : Precision.values()) {
            AnyMatrix dense =
                    assertInstanceOf(Matrix.class, ExampleEncoder.inputs(rows(false), layout, scaling, precision));
            AnyMatrix sparse =
                    assertInstanceOf(SparseMatrix.class, ExampleEncoder.inputs(rows(true), layout, scaling, precision));
            for (int j = 0; j < ROWS; j++) {
                for (int i = 0; i < FEATURES; i++) {
                    assertEquals(dense.get(i, j), sparse.get(i, j));
                }
            }
        }
    }

    /** The rows 0, 2, 0 and NaN, 4, 0; 7 stands for a missing first feature. */
    @Test
    void missingNumbers_areReplaced() {
        for (boolean sparse : new boolean[] {false, true}) {
            Rows.Builder builder = Rows.builder(sparse, 3, 1, 2);
            for (double[] row : new double[][] {{0, 2, 0, 3}, {Double.NaN, 4, 0, 0.5}}) {
                builder.begin();
                for (int i = 0; i < row.length; i++) {
                    builder.set(i, row[i]);
                }
                builder.end();
            }
            Rows rows = builder.take();
            InputLayout layout = new InputLayout(new int[3], new double[] {7, 8, 9});
            AnyMatrix x = ExampleEncoder.inputs(rows, layout, Scaling.none(3), Precision.DOUBLE);
            assertEquals(7, x.get(0, 1));
            assertEquals(0, x.get(0, 0));
            assertEquals(4, x.get(1, 1));
        }
    }
}
