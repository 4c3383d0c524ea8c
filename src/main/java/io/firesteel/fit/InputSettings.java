package io.firesteel.fit;

import io.firesteel.table.FeatureKinds;
import io.firesteel.table.Sparse;
import java.util.List;

/**
 * The roles of a table's columns, and the way in which they become a network's inputs.
 *
 * @param labels the label columns; empty where the table says which they are, as LibSVM does
 * @param features the feature columns; empty for all others
 * @param weight the column of row weights; null for none
 * @param exclude columns that are ignored
 * @param kinds what features may be besides numbers
 * @param sparse whether rows are stored without their zeros
 * @param standardize whether inputs and targets are scaled
 * @param robust whether inputs are scaled by their quartiles
 * @param pieces the maximum number of pieces of a feature whose quartiles are equal or that may hold codes; 0 for none
 */
public record InputSettings(
        List<String> labels,
        List<String> features,
        String weight,
        List<String> exclude,
        FeatureKinds kinds,
        Sparse sparse,
        boolean standardize,
        boolean robust,
        int pieces) {
    public InputSettings {
        labels = List.copyOf(labels);
        features = List.copyOf(features);
        exclude = List.copyOf(exclude);
    }
}
