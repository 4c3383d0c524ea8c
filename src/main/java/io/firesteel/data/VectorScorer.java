package io.firesteel.data;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.CellError;
import io.firesteel.base.UserError;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SparseMatrix;
import io.firesteel.model.Contributions;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * Scores vectors of features; sparse vectors stay sparse where the model does not centre its inputs. Any number of
 * threads may use one; a thread that scores many vectors takes a {@link Batch} of its own.
 */
public final class VectorScorer {
    /** The greatest number of inputs of a batch: with a model of many inputs a batch has fewer rows. */
    private static final int MOST_INPUTS = 1 << 21;

    private final TrainedModel model;
    private final String column;
    private final boolean explains;
    private final InputLayout layout;
    private final InputLayout.Encoder encoder;
    private final Scaling scaling;
    private final boolean takesSparse;
    private final boolean allowsNaN;
    private final Queue<Batch> idle = new ConcurrentLinkedQueue<>(); // batches of one vector that no thread uses

    /**
     * Creates a scorer with a model that was trained on vectors.
     *
     * @param column the name of their column
     * @param explains whether contributions are computed, too
     */
    public VectorScorer(TrainedModel model, String column, boolean explains) {
        this.model = model;
        this.column = column;
        this.explains = explains;
        layout = model.description().inputs().layout();
        encoder = new InputLayout.Encoder(layout);
        scaling = model.description().inputs().scaling();
        takesSparse = model.description().takesSparse();
        allowsNaN = model.description().inputs().encoding().allowsNaN(false);
    }

    /**
     * Scores one vector.
     *
     * @throws UserError when the vector is not of the model's size, or has a number that the model refuses
     */
    public ScoredRow score(Vector features) {
        Batch taken = idle.poll();
        Batch batch = taken == null ? new Batch(1) : taken;
        batch.add(features);
        ScoredRow scored = batch.scored().get(0);
        idle.add(batch);
        return scored;
    }

    /** Makes a batch of at most {@code rows} vectors, or fewer where the model has very many inputs. */
    public Batch batch(int rows) {
        int fitting = Math.max(1, Math.min(rows, MOST_INPUTS / layout.features()));
        return new Batch(explains ? Contributions.batch(model.description(), fitting) : fitting);
    }

    /**
     * Vectors that are scored together, with the memory for them: one product a layer for all dense vectors, and one
     * for all sparse ones. It is used by one thread.
     */
    public final class Batch {
        private final int capacity;
        private final TrainedModel.Scorer scorer;
        private final Contributions contributions; // null where they are not computed
        private final boolean[] isSparse; // for each vector
        private final Vector[] vectors;
        private int count;
        private double[] dense =
                new double[0]; // the numbers of the dense ones, vector after vector; made for the first one
        private int denseCount;
        private final int[] starts; // of the sparse ones' entries
        private int[] indices = new int[0];
        private double[] values = new double[0];

        private Batch(int capacity) {
            this.capacity = capacity;
            scorer = model.scorer(capacity);
            contributions = explains ? new Contributions(model) : null;
            isSparse = new boolean[capacity];
            vectors = new Vector[capacity];
            starts = new int[capacity + 1];
        }

        /** Returns the number of vectors that can be added before they must be scored. */
        public int capacity() {
            return capacity;
        }

        /**
         * Adds a vector.
         *
         * @param vector null where it is missing
         * @throws UserError when it is not of the model's size, or has a number that the model refuses; it is not added
         *     then
         */
        public void add(Vector vector) {
            Vector features = vector == null && allowsNaN ? allNaN(layout.features()) : vector;
            if (features == null) {
                throw new CellError(Table.FRAME, 0, column, null, "the cell is empty, expected a vector", "");
            }
            if (features.size() != layout.features()) {
                String problem = "a vector of " + features.size() + " numbers, expected " + layout.features();
                throw new CellError(Table.FRAME, 0, column, null, problem, "");
            }
            isSparse[count] = takesSparse && features instanceof SparseVector;
            if (isSparse[count]) {
                addSparse((SparseVector) features);
            } else {
                addDense(features.toArray());
            }
            vectors[count++] = features;
        }

        private static Vector allNaN(int size) {
            double[] values = new double[size];
            Arrays.fill(values, Double.NaN);
            return Vectors.dense(values);
        }

        private void addDense(double[] raw) {
            for (int i = 0; i < raw.length; i++) {
                expectUsable(i, raw[i]);
            }
            if (dense.length == 0) {
                dense = new double[capacity * raw.length];
            }
            System.arraycopy(raw, 0, dense, denseCount++ * raw.length, raw.length);
        }

        private void addSparse(SparseVector features) {
            int sparseCount = count - denseCount;
            int at = starts[sparseCount];
            int end = at + features.indices().length;
            if (end > indices.length) {
                int length = Math.max(2 * indices.length, end);
                indices = Arrays.copyOf(indices, length);
                values = Arrays.copyOf(values, length);
            }
            System.arraycopy(features.indices(), 0, indices, at, end - at);
            for (int p = at; p < end; p++) {
                values[p] = scaled(indices[p], features.values()[p - at]);
            }
            starts[sparseCount + 1] = end;
        }

        /** Returns the scaled value of element i, or of the mean that replaces it where it is missing. */
        private double scaled(int i, double raw) {
            expectUsable(i, raw);
            return scaling.scale(i, layout.number(i, raw));
        }

        private void expectUsable(int i, double raw) {
            if (!Double.isFinite(raw) && !(Double.isNaN(raw) && allowsNaN)) {
                String hint = Double.isNaN(raw)
                        ? "train with " + mention("missing", "mean") + " to allow missing values"
                        : "";
                String place = column + ", element " + i;
                throw new CellError(Table.FRAME, 0, place, String.valueOf(raw), "is not a finite number", hint);
            }
        }

        /**
         * Scores the vectors, in the order in which they were added, and empties the batch.
         *
         * @throws UserError when a vector has no finite scores
         */
        public List<ScoredRow> scored() {
            Part whole = denseCount == 0
                    ? null
                    : part(encoder.encode(dense, layout.features(), denseCount, scaling, Precision.DOUBLE));
            Part sparse = denseCount == count ? null : part(sparseInputs(count - denseCount));
            List<ScoredRow> scored = new ArrayList<>(count);
            int denseBefore = 0;
            for (int j = 0; j < count; j++) {
                Part part = isSparse[j] ? sparse : whole;
                int place = isSparse[j] ? j - denseBefore : denseBefore++;
                if (place == part.unusable) {
                    throw tooFar(vectors[j]);
                }
                scored.add(part.rows.get(place));
            }
            count = 0;
            denseCount = 0;
            return scored;
        }

        private Part part(AnyMatrix inputs) {
            double[][] scores = scorer.scoreScaled(inputs);
            int unusable = TrainedModel.firstUnusable(inputs, scores);
            boolean explained = contributions != null && unusable < 0;
            return new Part(ScoredRow.of(scores, explained ? contributions.of(inputs, scores) : null), unusable);
        }

        private CellError tooFar(Vector vector) {
            int i = model.farthest(vector::apply);
            String value = String.valueOf(vector.apply(i));
            return new CellError(Table.FRAME, 0, column + ", element " + i, value, TrainedModel.TOO_FAR, "");
        }

        private SparseMatrix sparseInputs(int columns) {
            int entries = starts[columns];
            return Precision.DOUBLE.sparse(
                    layout.inputs(),
                    Arrays.copyOf(starts, columns + 1),
                    Arrays.copyOf(indices, entries),
                    Arrays.copyOf(values, entries));
        }
    }

    /**
     * The dense or the sparse ones among vectors.
     *
     * @param unusable the place of the first without finite scores; -1 for none
     */
    private record Part(List<ScoredRow> rows, int unusable) {}
}
