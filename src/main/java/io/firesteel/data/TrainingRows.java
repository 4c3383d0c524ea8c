package io.firesteel.data;

import io.firesteel.base.UserError;
import io.firesteel.engine.Blocks;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.InputLayout;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.train.TrainingConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table's rows, read once and checked, of which data to train on can be made for several trainings. */
public final class TrainingRows implements AutoCloseable {
    private final Table table;
    private final Columns columns;
    private final NumberedRows rows;
    private final List<String> classes;
    private final boolean sparse;
    private final ModelDescription like;
    private final Map<Object, Split> drawn = new HashMap<>(); // splits, by what decides them: to draw one is a pass

    private TrainingRows(Table table, Columns columns, NumberedRows rows, List<String> classes, ModelDescription like) {
        this.table = table;
        this.columns = columns;
        this.rows = rows;
        this.classes = classes;
        this.sparse = ExampleReader.areSparse(rows, columns);
        this.like = like;
    }

    /**
     * Reads a table.
     *
     * @param loss of a regression, which may not have all targets; null for the task's usual one
     * @param like a model whose classes, encoding and scaling are kept; null for none
     * @throws UserError when it cannot be used
     */
    public static TrainingRows read(Table table, Columns chosen, Loss loss, ModelDescription like) {
        Columns asked = loss == null ? chosen : chosen.forLoss(loss);
        NumberedRows rows = ExampleReader.read(table, asked);
        try {
            Columns columns = like == null ? ExampleReader.withCategories(table, rows, asked) : asked;
            List<String> classes = List.of();
            if (columns.task() == Task.CLASSIFICATION) {
                classes = like == null ? ExampleReader.classes(table, rows, columns) : like.classes();
            }
            return new TrainingRows(table, columns, rows, classes, like);
        } catch (UserError e) {
            rows.close();
            throw e;
        }
    }

    /**
     * Reads a table whose features may be more than numbers. Which of them are text is guessed from the first rows, so that
     * all rows are read once; only where a later row shows that a column is none of numbers they are read anew.
     *
     * @throws UserError when it cannot be used
     */
    public static TrainingRows read(Table table, Columns chosen, FeatureKinds kinds, Loss loss) {
        Columns guessed = chosen.with(
                table, kinds.isAuto() ? kinds.being(ExampleReader.textFeatures(table, chosen, false)) : kinds);
        try {
            return read(table, guessed, loss, null);
        } catch (NotANumber e) {
            Columns known = chosen.with(table, kinds);
            if (known.equals(guessed)) {
                throw e;
            }
            return read(table, known, loss, null);
        }
    }

    /**
     * Scales and caches the rows.
     *
     * @param standardize as in {@link TrainingData#read}
     * @param partitions how many tasks a step has
     * @throws UserError when a side has no rows that count, or values are too large
     */
    public TrainingData data(TrainingConfig config, boolean standardize, HeldOut heldOut, int partitions) {
        Network network = network(config);
        Packing packing = packing(rows, config);
        Split split = split(heldOut, packing, config.seed());
        RowSelection selection = split == null ? RowSelection.ALL : RowSelection.allBut(split, heldOut.part());
        RawBlocks raw = config.pace().hasBatches()
                ? RawBlocks.shuffled(rows, selection, packing, partitions, config.seed())
                : RawBlocks.of(rows, selection, packing, partitions);
        expectRows(raw, heldOut, "train");
        Prepared prepared = prepare(raw, network, standardize);
        Blocks training = prepared.pack(raw);
        ExampleReader.expectWeight(table, columns, training);
        Blocks validation = null;
        if (split != null) {
            RawBlocks others = RawBlocks.of(rows, RowSelection.part(split, heldOut.part()), packing, partitions);
            expectRows(others, heldOut, "validate");
            validation = prepared.pack(others);
            ExampleReader.expectWeight(table, columns, validation);
        } else if (heldOut instanceof HeldOut.Rows other) {
            try (NumberedRows others = ExampleReader.read(other.table(), prepared.columns)) {
                validation = prepared.pack(RawBlocks.of(others, RowSelection.ALL, packing(others, config), partitions));
                ExampleReader.expectWeight(other.table(), columns, validation);
            }
        }
        Double filled = sparse ? ExampleReader.filled(rows, columns) : null;
        return new TrainingData(
                prepared.columns, classes, network, filled, prepared.inputs, prepared.targets, training, validation);
    }

    /** What the rows to train on decide about all rows. */
    private record Prepared(Columns columns, Scaling inputs, Scaling targets) {
        Blocks pack(RawBlocks raw) {
            return raw.pack(columns.encoding().layout(columns.features()), inputs, targets);
        }
    }

    private Prepared prepare(RawBlocks raw, Network network, boolean standardize) {
        if (like != null) {
            return new Prepared(columns, like.inputs(), like.targets());
        }
        boolean means = columns.encoding().missing() == Missing.MEAN;
        ColumnMoments moments = standardize || means ? raw.featureMoments() : null;
        Columns known = means ? columns.encodedAs(columns.encoding().withMeans(means(moments))) : columns;
        InputLayout layout = known.encoding().layout(known.features());
        Scaling inputs = Scaling.none(layout.inputs());
        if (standardize) {
            Scaling features = finite(moments.scaling(), columns.features());
            inputs =
                    layout.scaling(sparse ? features.withoutMean() : features); // to centre sparse ones would fill them
        }
        Scaling targets = standardize && columns.task() == Task.REGRESSION
                ? scaling(network.loss(), finite(raw.targetMoments().scaling(), columns.labels()))
                : Scaling.none(network.outputs());
        return new Prepared(known, inputs, targets);
    }

    /**
     * Makes sure that each of some folds can have rows, and where they are stratified, of each class.
     *
     * @throws UserError when they cannot
     */
    public void expectRowsFor(int folds, boolean stratified, TrainingConfig config) {
        if (rows.count() < folds) {
            throw new UserError(
                    "--folds " + folds + ": expected no more than the " + rows.count() + " rows of " + table.path());
        }
        if (stratified) {
            long[] sizes = RandomSplit.classSizes(rows, packing(rows, config));
            for (int c = 0; c < sizes.length; c++) {
                if (sizes[c] < folds) {
                    throw new UserError("--folds " + folds + ": class " + classes.get(c) + " has " + sizes[c]
                            + " rows only: expected no more folds than rows of each class (or --stratify false)");
                }
            }
        }
    }

    private Packing packing(NumberedRows which, TrainingConfig config) {
        return ExampleReader.packing(which, columns, classes, sparse, blockRows(config), config.precision());
    }

    /** The rows of a block, with the network of some settings. */
    public int blockRows(TrainingConfig config) {
        Network network = network(config);
        if (sparse) {
            return Blocks.rowsFor(network, ExampleReader.filled(rows, columns));
        }
        double filled = columns.encoding().layout(columns.features()).filled();
        return filled < 1 ? Blocks.rowsFor(network, filled) : Blocks.rowsFor(network);
    }

    /**
     * The network of some settings.
     *
     * @throws UserError when they do not fit the rows
     */
    public Network network(TrainingConfig config) {
        if (sparse && config.regularization().inputDropout() > 0) {
            throw new UserError("--input-dropout " + config.regularization().inputDropout()
                    + ": expected none where inputs are sparse (--sparse false fills them)");
        }
        int outputs = columns.task() == Task.CLASSIFICATION
                ? classes.size()
                : columns.labels().size();
        try {
            int inputs = columns.encoding().layout(columns.features()).inputs();
            return config.network(columns.task(), inputs, outputs);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IllegalArgumentException e) {
            throw new UserError("--hidden is too large: " + e.getMessage(), e);
        }
    }

    /** The split one part of which is held out; null where no row of the table is. */
    private Split split(HeldOut heldOut, Packing packing, long seed) {
        if (heldOut instanceof HeldOut.Fraction some) {
            Packing strata = some.stratified() ? packing : null;
            return drawn.computeIfAbsent(
                    List.of(some, seed), key -> RandomSplit.fraction(rows, strata, seed, some.fraction()));
        } else if (heldOut instanceof HeldOut.Fold fold) {
            Packing strata = fold.stratified() ? packing : null;
            return drawn.computeIfAbsent(
                    List.of(fold.folds(), fold.stratified(), seed),
                    key -> RandomSplit.parts(rows, strata, seed, fold.folds()));
        }
        return heldOut instanceof HeldOut.Marked ? new Split.Marked() : null;
    }

    /** Refuses a side of a split that has no rows, to do with them what it is for. */
    private void expectRows(RawBlocks side, HeldOut heldOut, String purpose) {
        if (side.rows() == 0) {
            throw new UserError((heldOut instanceof HeldOut.Fraction some
                            ? "--validation-fraction " + some.fraction()
                            : "--validation-column " + columns.mark())
                    + " of " + rows.count() + " rows leaves none to " + purpose + " on: expected some on either side");
        }
    }

    /** What stands for the missing values of each feature that is a number. */
    private Map<String, Double> means(ColumnMoments moments) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (!columns.encoding().isCategory(name)) {
                if (moments.weight()[i] == 0) {
                    throw new UserError(table.path() + ", column " + name
                            + " has no values in the rows to train on: --exclude " + name + " leaves it out");
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
     * Of targets. Where they are to stay 0 or more they are divided by their means, which changes the Poisson deviance by
     * a factor only: training then begins at the mean, a = exp(0), whatever the counts' size.
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
        return new UserError(table.path() + ", column " + column + ": its values are too large to " + what
                + ": expected sizes below 1e150");
    }

    /** Frees the rows' memory, once all data is made of them. */
    public void forget() {
        rows.close();
    }

    /** Forgets the rows; data made of them stays usable. */
    @Override
    public void close() {
        forget();
    }
}
