package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.HeldOut;
import io.firesteel.data.Table;
import io.firesteel.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which rows are held out to measure the model. */
final class ValidationOptions {
    @Option(
            names = "--validation-fraction",
            paramLabel = "F",
            defaultValue = "0",
            description = "The part of the rows that is held out to measure the model.")
    double fraction;

    @Option(
            names = "--stratify",
            paramLabel = "BOOL",
            arity = "1",
            description = "Whether that part is held out of each class; by default true for a classification.")
    Boolean stratify;

    @Option(
            names = "--validation-column",
            paramLabel = "COL",
            description =
                    "Instead, the column that says which rows are held out: 1 or true, and 0 or false for the rest.")
    String column;

    @Option(names = "--validation-data", paramLabel = "PATH", description = "Instead, other rows to measure the model.")
    String data;

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Deals the rows into K folds, trains without each and measures on it, and then trains on all "
                    + "rows.")
    Integer folds;

    /** Whether any rows are held out of the model's own training. */
    boolean isGiven() {
        return fraction > 0 || column != null || data != null;
    }

    /**
     * Which rows are held out; checked before.
     *
     * @param open opens another table
     */
    HeldOut heldOut(Task task, Function<String, Table> open) {
        if (fraction > 0) {
            return new HeldOut.Fraction(fraction, isStratified(task));
        } else if (column != null) {
            return new HeldOut.Marked();
        }
        return data == null ? new HeldOut.Nothing() : new HeldOut.Rows(open.apply(data));
    }

    /** Whether rows are drawn from each class for itself. */
    boolean isStratified(Task task) {
        return stratify == null ? task == Task.CLASSIFICATION : stratify;
    }

    /**
     * Makes sure that rows are held out in one way at most.
     *
     * @throws UserError when they are not
     */
    void check(Task task) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new SettingError("validation-fraction", fraction, "0 or more, and less than 1");
        }
        List<String> ways = new ArrayList<>();
        if (fraction > 0) {
            ways.add(mention("validation-fraction"));
        }
        if (column != null) {
            ways.add(mention("validation-column"));
        }
        if (data != null) {
            ways.add(mention("validation-data"));
        }
        if (folds != null) {
            ways.add(mention("folds"));
        }
        if (folds != null && folds < 2) {
            throw new SettingError("folds", folds, "2 or more");
        }
        if (ways.size() > 1) {
            throw new UserError(String.join(" and ", ways) + ": expected only one of them");
        }
        if (stratify != null && fraction == 0 && folds == null) {
            throw new SettingError(
                    "stratify", stratify, mention("validation-fraction") + " or " + mention("folds") + " with it");
        }
        if (stratify != null && stratify && task != Task.CLASSIFICATION) {
            throw new SettingError(
                    "stratify",
                    true,
                    mention("task", "classification") + " with it, since a " + task + " has no classes");
        }
    }
}
