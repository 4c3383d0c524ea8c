package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.Split;
import io.firesteel.table.NumberedRows;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows that a model is validated on. It checks itself.
 *
 * @param fraction the fraction of the rows that is held out; 0 for none
 * @param stratified whether rows are held out of each class by itself
 * @param column the column that marks the rows that are held out; null for none
 * @param data the table of the validation rows; null for none
 * @param folds the number of folds of a cross-validation; null for none
 * @param refit whether the model is trained again on all rows, for as long as was best for the rows held out
 */
public record ValidationSettings(
        double fraction, boolean stratified, String column, String data, Integer folds, boolean refit) {
    public ValidationSettings {
        List<String> ways = Stream.of(
                        fraction > 0 ? "validation-fraction" : null,
                        column == null ? null : "validation-column",
                        data == null ? null : "validation-data",
                        folds == null ? null : "folds")
                .filter(Objects::nonNull)
                .toList();
        if (ways.size() > 1) {
            throw new UserError(ways.stream().map(way -> mention(way)).collect(Collectors.joining(" and "))
                    + ": expected only one of them");
        }
        SettingError.expect(
                !refit || folds == null,
                "refit",
                refit,
                "false with " + mention("folds") + ", which trains the model on all rows anyway");
        SettingError.expect(
                !refit || data == null,
                "refit",
                refit,
                "false with " + mention("validation-data") + ", since rows of another table are not trained on");
        if (refit && fraction == 0 && column == null) {
            throw new SettingError(
                    "refit", refit, "rows held out with it", "add " + mention("validation-fraction", 0.2));
        }
    }

    /** Returns whether any rows are held out of the model's own training. */
    public boolean holdsRowsOut() {
        return fraction > 0 || column != null || data != null;
    }

    /**
     * Returns which rows are held out of the model's own training.
     *
     * @param others the rows of the other table; null where none is named
     */
    Split split(NumberedRows others) {
        if (fraction > 0) {
            return new Split.Fraction(fraction, stratified);
        } else if (column != null) {
            return new Split.Marked();
        }
        return others == null ? new Split.None() : new Split.OtherRows(others);
    }
}
