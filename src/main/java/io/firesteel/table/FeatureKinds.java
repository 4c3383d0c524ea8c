package io.firesteel.table;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.List;

/**
 * The kinds of features besides numbers.
 *
 * @param categorical the columns of categories; {@link #AUTO} alone for those whose values are not all numbers
 * @param unseen the treatment of a category that training did not have
 * @param missing the treatment of an empty cell
 */
public record FeatureKinds(List<String> categorical, Unseen unseen, Missing missing) {
    /** Stands for all columns whose values are not all numbers. */
    public static final String AUTO = "auto";

    public FeatureKinds {
        categorical = List.copyOf(categorical);
    }

    /** Returns these kinds with these columns of categories. */
    public FeatureKinds being(List<String> known) {
        return new FeatureKinds(known, unseen, missing);
    }

    public boolean isAuto() {
        return categorical.equals(List.of(AUTO));
    }
}
