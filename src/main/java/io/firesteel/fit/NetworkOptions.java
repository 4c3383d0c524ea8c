package io.firesteel.fit;

import io.firesteel.base.SettingError;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The hidden layers, and how weights start. */
final class NetworkOptions {
    @Option(
            names = "--hidden",
            split = ",",
            paramLabel = "N",
            defaultValue = "64",
            description = "Units of each hidden layer: 64,32; none for a linear model.")
    private List<String> hidden;

    @Option(
            names = "--activation",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "tanh",
            description = "Of the hidden layers, one for all or one each: ${COMPLETION-CANDIDATES}.")
    private List<Activation> activations;

    @Option(
            names = "--init",
            paramLabel = "NAME",
            description = "How weights start: normal (the notes' small random weights), glorot, he, zero; "
                    + "by default he with relu, leaky-relu, elu and gelu, else glorot.")
    private Initializer initializer;

    @Option(
            names = "--init-scale",
            paramLabel = "X",
            description = "A factor for the starting weights; with normal, their deviation (by default 0.01).")
    private Double initScale;

    /**
     * The units of each hidden layer.
     *
     * @throws SettingError when they are no numbers
     */
    List<Integer> hiddenUnits() {
        if (hidden.equals(List.of("none"))) {
            return List.of();
        }
        List<Integer> units = new ArrayList<>();
        for (String text : hidden) {
            try {
                units.add(Integer.valueOf(text.trim()));
            } catch (NumberFormatException e) {
                throw new SettingError("hidden", hidden, "positive numbers of units such as 64,32, or none");
            }
        }
        return units;
    }

    List<Activation> activations() {
        return activations;
    }

    Initializer initializer() {
        boolean rectifier = activations.stream().anyMatch(Activation::isRectifier);
        return initializer != null ? initializer : rectifier ? Initializer.HE : Initializer.GLOROT;
    }

    double initScale() {
        return initScale != null ? initScale : initializer().defaultScale();
    }

    /** Whether anything is said of how weights start. */
    boolean startsAreGiven() {
        return initializer != null || initScale != null;
    }
}
