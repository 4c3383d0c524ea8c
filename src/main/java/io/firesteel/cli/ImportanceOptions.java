package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/** Whether and how the input columns are weighed. */
final class ImportanceOptions {
    @Option(
            names = "--importance",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description =
                    "Says of each input column by how much a metric is worse when its values are permuted among the "
                            + "rows, inside blocks of some hundred rows: a sorted table should be shuffled before.")
    boolean importance;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "Of the importance: loss (by default); accuracy, balanced-accuracy, and for two classes roc-auc "
                            + "or pr-auc; rmse, mae or r2 of a regression.")
    Metric metric;

    @Option(names = "--repeats", paramLabel = "R", description = "Permutations of each column; by default 5.")
    Integer repeats;

    @Option(names = "--seed", paramLabel = "S", description = "Of the permutations; by default 1.")
    Long seed;

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
