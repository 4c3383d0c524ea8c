package io.firesteel.train;

import io.firesteel.base.Annealing;
import io.firesteel.base.Bounds;
import io.firesteel.optim.Adam;
import io.firesteel.optim.GradientDescent;
import io.firesteel.optim.Lbfgs;
import io.firesteel.optim.Momentum;
import io.firesteel.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The optimisers by name. */
public enum OptimizerKind {
    GD,
    MOMENTUM,
    NESTEROV,
    ADAM,
    ADAMW,
    LBFGS;

    /** The number of steps that L-BFGS remembers, as in Spark MLlib. */
    private static final int LBFGS_MEMORY = 10;

    /**
     * Returns the optimiser's settings by key, with their defaults. With momentum the steps add up to those of gradient
     * descent, 0.01 / (1 - 0.9) = 0.1; Adam's defaults are its authors', the weight decay is PyTorch's.
     */
    public Map<String, Double> defaults() {
        return switch (this) {
            case GD -> Map.of("learning-rate", 0.1);
            case MOMENTUM, NESTEROV -> Map.of("learning-rate", 0.01, "momentum", 0.9);
            case ADAM -> Map.of("learning-rate", 0.001, "beta1", 0.9, "beta2", 0.999, "epsilon", 1e-8);
            case ADAMW ->
                Map.of("learning-rate", 0.001, "beta1", 0.9, "beta2", 0.999, "epsilon", 1e-8, "weight-decay", 0.01);
            case LBFGS -> Map.of();
        };
    }

    /** Returns whether any optimiser has a setting. */
    public static boolean haveSetting(String key) {
        return Arrays.stream(values()).anyMatch(kind -> kind.defaults().containsKey(key));
    }

    /** Returns the bounds of an optimiser's setting. */
    public static Bounds bounds(String setting) {
        return switch (setting) {
            case "momentum", "beta1", "beta2" -> Bounds.RATE;
            case "weight-decay" -> Bounds.NOT_NEGATIVE;
            default -> Bounds.POSITIVE;
        };
    }

    /** Returns the defaults of a setting in words: "0.9 with momentum and nesterov". */
    public static String defaultsInWords(String setting) {
        Map<Double, List<String>> kinds = new LinkedHashMap<>();
        for (OptimizerKind kind : values()) {
            Double value = kind.defaults().get(setting);
            if (value != null) {
                kinds.computeIfAbsent(value, none -> new ArrayList<>()).add(kind.toString());
            }
        }
        return kinds.entrySet().stream()
                .map(entry -> entry.getKey() + " with " + String.join(" and ", entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Returns whether it has a learning rate, which a schedule could change. */
    boolean hasRate() {
        return defaults().containsKey("learning-rate");
    }

    /** Returns whether each tensor may have a rate of its own. */
    boolean hasRatesOfTensors() {
        return this == ADAM || this == ADAMW;
    }

    /**
     * Returns the optimiser.
     *
     * @param settings all that it has
     * @param groups the parameters
     * @param annealing of the weight decay
     */
    Optimizer rule(Map<String, Double> settings, List<Adam.Group> groups, Annealing annealing) {
        return switch (this) {
            case GD -> new GradientDescent(settings.get("learning-rate"));
            case MOMENTUM, NESTEROV ->
                new Momentum(settings.get("learning-rate"), settings.get("momentum"), this == NESTEROV);
            case ADAM, ADAMW ->
                new Adam(
                        settings.get("learning-rate"),
                        settings.get("beta1"),
                        settings.get("beta2"),
                        settings.get("epsilon"),
                        settings.getOrDefault("weight-decay", 0.0),
                        annealing,
                        groups);
            case LBFGS -> new Lbfgs(LBFGS_MEMORY);
        };
    }

    /** Returns the name that settings and model files use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
