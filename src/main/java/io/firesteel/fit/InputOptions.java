package io.firesteel.fit;

import io.firesteel.data.FeatureKinds;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.List;
import picocli.CommandLine.Option;

/** What features may be besides numbers. */
final class InputOptions {
    @Option(
            names = "--categorical",
            split = ",",
            paramLabel = "COL",
            description =
                    "Features that are categories: an input, 0 or 1, for each value; auto for all whose values are "
                            + "not all numbers.")
    private List<String> categorical = List.of();

    @Option(
            names = "--unseen",
            paramLabel = "NAME",
            defaultValue = "error",
            description = "A category that training did not have, later: error refuses it; ignore makes all inputs of "
                    + "its column 0.")
    private Unseen unseen;

    @Option(
            names = "--missing",
            paramLabel = "NAME",
            defaultValue = "error",
            description = "An empty cell, or NaN, in a feature: error refuses it; mean takes the mean of the column's "
                    + "training rows for it, and makes all inputs of a category 0.")
    private Missing missing;

    FeatureKinds kinds() {
        return new FeatureKinds(categorical, unseen, missing);
    }
}
