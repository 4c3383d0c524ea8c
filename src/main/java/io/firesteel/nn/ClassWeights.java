package io.firesteel.nn;

import java.io.Serializable;
import java.util.List;

/**
 * How much the examples of each class count in the objective, beside their own weights: a factor of the weight. Metrics
 * ignore class weights.
 *
 * @param factors of class 0, 1, ...; empty where all count alike, and where there are no classes
 */
public record ClassWeights(List<Double> factors) implements Serializable {
    /** All count alike. */
    public static final ClassWeights NONE = new ClassWeights(List.of());

    public ClassWeights {
        factors = List.copyOf(factors);
    }

    /** Returns the factor of an example whose first target, its class number, is this. */
    double of(double target) {
        return factors.isEmpty() ? 1 : factors.get((int) target);
    }

    /** Returns the sum of the examples' weights, each times its class's factor. */
    public double total(Examples examples) {
        if (factors.isEmpty()) {
            return examples.totalWeight();
        }
        double sum = 0;
        for (int j = 0; j < examples.size(); j++) {
            sum += examples.weight(j) * of(examples.y().get(0, j));
        }
        return sum;
    }
}
