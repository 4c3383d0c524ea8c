package io.firesteel.table;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.List;

/**
 * What a feature may be besides a number.
 *
 * @param categorical the columns of categories; {@link #AUTO} alone for those whose values are not all numbers
 * @param unseen what is done with a category that training did not have
 * @param missing what is done with an empty cell
 */
public record FeatureKinds(List<String> categorical, Unseen unseen, Missing missing) {
    /** What stands for the columns whose values are not all numbers. */
    public static final String AUTO = "auto";

    public FeatureKinds {
        categorical = List.copyOf(categorical);
    }

    /** These kinds with the columns of categories known. */
    public FeatureKinds being(List<String> known) {
        return new FeatureKinds(known, unseen, missing);
    }

    public boolean isAuto() {
        return categorical.equals(List.of(AUTO));
    }
}
