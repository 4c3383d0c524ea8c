package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/** The options for the importance of feature columns. */
final class ImportanceOptions {
    @Option(
            names = "--importance",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description =
                    "Report by how much a metric gets worse when a feature column's values are permuted, inside blocks of "
                            + "some hundred rows: shuffle a sorted table first.")
    boolean importance;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "Metric of the importance: loss (default); accuracy, balanced-accuracy, and for two classes roc-auc "
                            + "or pr-auc; rmse, mae or r2 for a regression, and pinball-loss for quantiles.")
    Metric metric;

    @Option(names = "--repeats", paramLabel = "R", description = "Number of permutations of each column. Default: 5.")
    Integer repeats;

    @Option(names = "--seed", paramLabel = "S", description = "Random seed of the permutations. Default: 1.")
    Long seed;

    Metric metric() {
        return metric == null ? Metric.LOSS : metric;
    }

    int repeats() {
        return repeats == null ? 5 : repeats;
    }

    long seed() {
        return seed == null ? 1 : seed;
    }

    /**
     * Makes sure that they can be meant.
     *
     * @throws UserError when they cannot
     */
    void check() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("metric", metric);
        given.put("repeats", repeats);
        given.put("seed", seed);
        given.values().removeIf(Objects::isNull);
        given.forEach((name, value) -> {
            if (!importance) {
                throw new UserError("--" + name + " " + value + ": expected --importance with it");
            }
        });
        if (repeats() < 1) {
            throw new UserError("--repeats " + repeats + ": expected 1 or more");
        }
    }
}
