package io.firesteel.table;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.List;

/**
 * The kinds of features besides numbers.
 *
 * @param categorical the columns of categories; {@link #AUTO} stands for those whose values are not all numbers
 * @param unseen the treatment of a category that training did not have
 * @param missing the treatment of an empty cell
 */
public record FeatureKinds(List<String> categorical, Unseen unseen, Missing missing) {
    /** Stands for all columns whose values are not all numbers; columns may be named beside it. */
    public static final String AUTO = "auto";

    public FeatureKinds {
        categorical = List.copyOf(categorical);
    }

    /** Returns these kinds with these columns of categories. */
    public FeatureKinds being(List<String> known) {
        return new FeatureKinds(known, unseen, missing);
    }

    /** Returns whether columns of categories are found by their values, besides those that are named. */
    public boolean isAuto() {
        return categorical.contains(AUTO);
    }

    /** Returns the columns of categories that are named. */
    public List<String> named() {
        return categorical.stream().filter(name -> !name.equals(AUTO)).toList();
    }
}
