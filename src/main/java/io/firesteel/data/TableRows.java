package io.firesteel.data;

import io.firesteel.base.ColumnError;
import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Compared;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.InputLayout;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Piecewise;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table's rows with their classes and categories, from which blocks are made for several trainings, or for an
 * evaluation.
 */
public final class TableRows implements AutoCloseable {
    private final NumberedRows rows;
    private final Columns columns;
    private final List<String> classes;
    private final Compared compared; // how labels are compared with the classes
    private final ModelDescription like; // null for none
    private final String taskReason; // null where the task was asked for
    private final Map<Object, RandomSplit> drawn = new HashMap<>(); // by what decides them: to draw one is a pass

    private TableRows(
            NumberedRows rows,
            Columns columns,
            List<String> classes,
            Compared compared,
            ModelDescription like,
            String taskReason) {
        this.rows = rows;
        this.columns = columns;
        this.classes = classes;
        this.compared = compared;
        this.like = like;
        this.taskReason = taskReason;
    }

    /**
     * Takes rows that are used with a model's classes, encoding and scaling.
     *
     * @param rows with or without labels
     */
    public static TableRows of(NumberedRows rows, ModelDescription like) {
        return new TableRows(
                rows, rows.columns(), like.targets().classes(), like.targets().comparison(), like, null);
    }

    /**
     * Takes rows to train on, and learns their classes, categories and indicators of missing numbers.
     *
     * @param taskReason why they have their task; null where it was asked for
     * @throws UserError when there are too many or too few of these; the rows are freed then
     */
    public static TableRows toTrainOn(NumberedRows rows, String taskReason) {
        try {
            Columns learnt = Vocabulary.withCategories(rows);
            List<String> classes = learnt.task() == Task.CLASSIFICATION ? Vocabulary.classes(rows) : List.of();
            return new TableRows(rows, learnt, classes, rows.labelKind().compared(), null, taskReason).indicated();
        } catch (UserError e) {
            rows.close();
            throw e;
        }
    }

    /** Returns the rows with the indicators that are asked for; sparse inputs have none. */
    private TableRows indicated() {
        if (columns.encoding().missing() != Missing.INDICATOR) {
            return this;
        }
        Columns known = isSparse()
                ? columns.encodedAs(columns.encoding().withIndicators(List.of()))
                : Vocabulary.withIndicators(rows, columns);
        return new TableRows(rows, known, classes, compared, like, taskReason);
    }

    /** Returns the columns, with the categories that the rows have. */
    public Columns columns() {
        return columns;
    }

    /** Returns the number of rows. */
    public long count() {
        return rows.count();
    }

    /** Returns what in the labels suggested the task; null where it was asked for. */
    public String taskReason() {
        return taskReason;
    }

    /** Returns which of the network's inputs belong to which feature. */
    public InputLayout layout() {
        return columns.encoding().layout(columns.features());
    }

    /** Returns the number of classes, or of targets. */
    public int outputs() {
        return columns.task() == Task.CLASSIFICATION
                ? classes.size()
                : columns.labels().size();
    }

    /** Returns whether the inputs are sparse. */
    public boolean isSparse() {
        return columns.sparse().packs(filled());
    }

    /** Returns the fraction of the features that the rows store: those that are not 0 where zeros are left out. */
    private double filled() {
        return rows.filled() / ((double) rows.count() * columns.features().size());
    }

    /** Returns the number of rows of a block for a network. */
    public int blockRows(Network network) {
        double filled = isSparse() ? filled() : layout().filled();
        return isSparse() || filled < 1 ? Blocks.rowsFor(network, filled) : Blocks.rowsFor(network);
    }

    /**
     * Makes blocks for the evaluation of the model that the rows were read for, in double precision.
     *
     * @param partitions the number of tasks of an evaluation
     * @throws UserError when a label is none of the model's classes, or all weights are 0
     */
    public Blocks blocks(int partitions) {
        RowBlocks.Shape shape =
                new RowBlocks.Shape(columns, isSparse(), like.provenance().blockRows(), partitions);
        RowBlocks raw = RowBlocks.of(rows, RowFilter.ALL, index(), shape, null);
        return expectWeight(rows, raw.cached(encoderOfModel(Precision.DOUBLE)));
    }

    /**
     * Splits the rows, and scales and caches them in blocks.
     *
     * @throws UserError when a side of the split has no rows, or only rows of weight 0, or when values are too large
     */
    public TrainingSet trainingSet(Preparation how, Split split) {
        LabelIndex index = index();
        RowBlocks.Shape shape = new RowBlocks.Shape(columns, isSparse(), blockRows(how.network()), how.partitions());
        RowFilter[] sides = sides(split, index, how.seed());
        RowBlocks raw = RowBlocks.of(rows, sides[0], index, shape, how.shuffled() ? how.seed() : null);
        expectRows(raw, split, "train");
        Scaled scaled = scaled(raw, how);
        Network network = network(how, scaled.pieces);
        Blocks training = expectWeight(rows, raw.cached(scaled.encoder));
        Blocks validation = null;
        try {
            if (sides.length > 1) {
                RowBlocks others = RowBlocks.of(rows, sides[1], index, shape, null);
                expectRows(others, split, "validate");
                validation = expectWeight(rows, others.cached(scaled.encoder));
            } else if (split instanceof Split.OtherRows other) {
                LabelIndex known = Vocabulary.index(other.rows(), columns, classes, compared);
                validation = expectWeight(
                        other.rows(),
                        RowBlocks.of(other.rows(), RowFilter.ALL, known, shape, null)
                                .cached(scaled.encoder));
            }
        } catch (RuntimeException | Error e) {
            training.close();
            throw e;
        }
        return new TrainingSet(
                scaled.columns,
                classes,
                compared,
                network,
                isSparse() ? filled() : null,
                scaled.encoder.inputScaling(),
                scaled.encoder.targetScaling(),
                training,
                validation);
    }

    private static Network network(Preparation how, List<Piecewise.Pieces> pieces) {
        try {
            return how.network().withPieces(pieces);
        } catch (IllegalArgumentException e) {
            throw new UserError(SettingNames.mention("hidden") + " is too large: " + e.getMessage(), e);
        }
    }

    /** Returns the rows to train on, and the validation rows of the same table, if there are any. */
    private RowFilter[] sides(Split split, LabelIndex index, long seed) {
        if (split instanceof Split.Marked) {
            return new RowFilter[] {new RowFilter.Marked(false), new RowFilter.Marked(true)};
        } else if (split instanceof Split.Fraction some) {
            RandomSplit drawnOnce = drawn.computeIfAbsent(
                    List.of(some, seed),
                    key -> RandomSplit.fraction(rows, some.stratified() ? index : null, seed, some.fraction()));
            return sides(drawnOnce, 0);
        } else if (split instanceof Split.Fold fold) {
            RandomSplit drawnOnce = drawn.computeIfAbsent(
                    List.of(fold.folds(), fold.stratified(), seed),
                    key -> RandomSplit.parts(rows, fold.stratified() ? index : null, seed, fold.folds()));
            return sides(drawnOnce, fold.part());
        }
        return new RowFilter[] {RowFilter.ALL};
    }

    private static RowFilter[] sides(RandomSplit split, int heldOut) {
        return new RowFilter[] {new RowFilter.Part(split, heldOut, true), new RowFilter.Part(split, heldOut, false)};
    }

    private LabelIndex index() {
        return Vocabulary.index(rows, columns, classes, compared);
    }

    private ExampleEncoder encoderOfModel(Precision precision) {
        return encoder(
                columns,
                like.inputs().layout(),
                like.inputs().scaling(),
                like.targets().scaling(),
                precision);
    }

    private static ExampleEncoder encoder(
            Columns columns, InputLayout layout, Scaling inputs, Scaling targets, Precision precision) {
        return new ExampleEncoder(
                columns.labels().size(), columns.weight() != null, layout, inputs, targets, precision);
    }

    /** The columns, the encoder and the pieces of numbers, which depend on the rows to train on. */
    private record Scaled(Columns columns, ExampleEncoder encoder, List<Piecewise.Pieces> pieces) {}

    private Scaled scaled(RowBlocks raw, Preparation how) {
        if (like != null) {
            return new Scaled(
                    columns, encoderOfModel(how.precision()), like.network().pieces());
        }
        boolean means = columns.encoding().missing() == Missing.MEAN;
        boolean robust = how.robust() && !isSparse();
        ColumnMoments moments = (how.standardize() && !robust) || means ? raw.featureMoments() : null;
        Columns known = means ? columns.encodedAs(columns.encoding().withMeans(means(moments))) : columns;
        InputLayout layout = known.encoding().layout(known.features());
        Scaling inputs = Scaling.none(layout.features());
        List<Piecewise.Pieces> pieces = List.of();
        if (how.standardize()) {
            ColumnQuartiles quartiles = robust ? raw.featureQuartiles() : null;
            Scaling features = finite(robust ? quartiles.scaling() : moments.scaling(), columns.features());
            if (robust && how.pieces() > 0) {
                pieces = pieces(layout, quartiles.knots(how.pieces(), features, i -> !layout.isCategory(i)));
            }
            inputs = layout.scaling(isSparse() ? features.withoutMean() : features); // to centre would fill sparse ones
        }
        Scaling targets = how.standardize() && columns.task() == Task.REGRESSION
                ? scaling(how.network().loss(), finite(raw.targetMoments().scaling(), columns.labels()))
                : Scaling.none(how.network().targets());
        return new Scaled(known, encoder(known, layout, inputs, targets, how.precision()), pieces);
    }

    /** Returns the pieces of the inputs that are numbers, from the knots of all features. */
    private static List<Piecewise.Pieces> pieces(InputLayout layout, List<List<Double>> knots) {
        List<Piecewise.Pieces> pieces = new ArrayList<>();
        int number = 0;
        for (int i = 0; i < layout.features(); i++) {
            if (!layout.isCategory(i)) {
                int input = layout.numberInputs().get(number++);
                if (!knots.get(i).isEmpty()) {
                    pieces.add(new Piecewise.Pieces(input, knots.get(i)));
                }
            }
        }
        return pieces;
    }

    /**
     * Makes sure that each fold can have rows, and where folds are stratified, rows of each class.
     *
     * @throws UserError when they cannot
     */
    public void expectRowsFor(int folds, boolean stratified) {
        SettingError.expect(
                rows.count() >= folds, "folds", folds, "no more than the " + rows.count() + " rows of " + rows.table());
        if (stratified) {
            long[] sizes = RandomSplit.classSizes(rows, index());
            for (int c = 0; c < sizes.length; c++) {
                if (sizes[c] < folds) {
                    throw new SettingError(
                            "folds",
                            folds,
                            "no more folds than rows of each class: class " + classes.get(c) + " has only " + sizes[c],
                            SettingNames.mention("stratify", false) + " allows more");
                }
            }
        }
    }

    /** Fails when a side of a split has no rows. */
    private void expectRows(RowBlocks side, Split split, String purpose) {
        if (side.rows() == 0) {
            boolean isFraction = split instanceof Split.Fraction;
            throw new SettingError(
                    isFraction ? "validation-fraction" : "validation-column",
                    isFraction ? ((Split.Fraction) split).fraction() : columns.mark(),
                    "rows on either side, but of " + rows.count() + " rows none are left to " + purpose + " on");
        }
    }

    /** Fails when all rows of blocks have the weight 0. */
    private Blocks expectWeight(NumberedRows of, Blocks blocks) {
        if (blocks.totalWeight() == 0) {
            blocks.close();
            throw withoutWeight(of);
        }
        return blocks;
    }

    private UserError withoutWeight(NumberedRows of) {
        return new UserError(
                of.table() + ", column " + columns.weight() + ": the weights are all 0, expected some above 0");
    }

    /** Returns the number that replaces missing values, for each feature that is a number. */
    private Map<String, Double> means(ColumnMoments moments) {
        if (columns.weight() != null && Arrays.stream(moments.weight()).allMatch(weight -> weight == 0)) {
            throw withoutWeight(rows);
        }
        Map<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (!columns.encoding().isCategory(name)) {
                if (moments.weight()[i] == 0) {
                    throw new ColumnError(
                            rows.table() + ", column " + name + " has no values in the rows to train on",
                            Columns.excludeHint(name));
                }
                if (!Double.isFinite(moments.mean()[i])) {
                    throw tooLarge(name, "have a mean");
                }
                means.put(name, moments.mean()[i]);
            }
        }
        return means;
    }

    /**
     * Returns the scaling of targets. Where they have to stay 0 or more they are divided by their means, which changes
     * the Poisson deviance by a factor only: training then begins at the mean, a = exp(0), whatever the size of the
     * counts.
     */
    private static Scaling scaling(Loss loss, Scaling moments) {
        if (!loss.refusesNegativeTargets()) {
            return moments;
        }
        double[] means = moments.mean();
        return new Scaling(
                new double[means.length],
                Arrays.stream(means).map(mean -> mean > 0 ? mean : 1).toArray());
    }

    private Scaling finite(Scaling scaling, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (!Double.isFinite(scaling.mean()[i]) || !Double.isFinite(scaling.deviation()[i])) {
                throw tooLarge(names.get(i), "be standardised");
            }
        }
        return scaling;
    }

    private UserError tooLarge(String column, String what) {
        return new UserError(rows.table() + ", column " + column + ": its values are too large to " + what
                + ": expected sizes below 1e150");
    }

    /** Frees the rows' memory; blocks made of them stay usable. */
    @Override
    public void close() {
        rows.close();
    }
}
