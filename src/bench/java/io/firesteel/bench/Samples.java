package io.firesteel.bench;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Measurements of one thing, one a round. */
record Samples(List<Double> values) {
    Samples {
        values = List.copyOf(values);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }

    double least() {
        return values.stream().mapToDouble(x -> x).min().orElseThrow();
    }

    double greatest() {
        return values.stream().mapToDouble(x -> x).max().orElseThrow();
    }

    /** Each measurement in another unit. */
    Samples map(DoubleUnaryOperator unit) {
        return new Samples(values.stream().map(unit::applyAsDouble).toList());
    }

    /** This by other, round by round: what disturbs a round disturbs both. */
    Samples over(Samples other) {
        return new Samples(IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i) / other.values.get(i))
                .toList());
    }
}
