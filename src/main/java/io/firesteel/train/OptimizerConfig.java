package io.firesteel.train;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Annealing;
import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.nn.Network;
import io.firesteel.optim.Adam;
import io.firesteel.optim.Descent;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Schedule;
import io.firesteel.optim.Scheduled;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An optimiser and its settings. It checks itself.
 *
 * @param settings by the names that the command line gives them; those that are not given become the kind's defaults
 * @param schedule of the learning rate
 * @param scalesRates whether each tensor's learning rate is multiplied by its own factor, {@link
 *     io.firesteel.nn.Layer.Tensor#rate}
 */
public record OptimizerConfig(OptimizerKind kind, Map<String, Double> settings, Schedule schedule, boolean scalesRates)
        implements Serializable {
    public OptimizerConfig {
        Map<String, Double> resolved = new HashMap<>(kind.defaults());
        settings.forEach((name, value) -> {
            if (!kind.defaults().containsKey(name)) {
                throw new SettingError(
                        name,
                        value,
                        mention("optimizer", those(name)),
                        mention("optimizer", kind) + " has no such setting");
            }
            OptimizerKind.bounds(name).check(name, value);
            resolved.put(name, value);
        });
        settings = Map.copyOf(resolved);
        if (!kind.hasRate() && !(schedule instanceof Schedule.Constant)) {
            throw new UserError(mention("schedule") + " and " + mention("warm-up") + ": expected neither with "
                    + mention("optimizer", kind) + ", which finds the length of each step itself");
        }
        SettingError.expect(
                !scalesRates || kind.hasRatesOfTensors(),
                "scale-rates",
                scalesRates,
                "false with " + mention("optimizer", kind) + "; adam and adamw can");
    }

    private static String those(String name) {
        return Arrays.stream(OptimizerKind.values())
                .filter(kind -> kind.defaults().containsKey(name))
                .map(OptimizerKind::toString)
                .collect(Collectors.joining(" or "));
    }

    /**
     * Returns the settings with which each member of an ensemble takes the steps that it would take alone, although in the mean of
     * the losses its gradient is divided by their number.
     */
    private Map<String, Double> ofMembers(int members) {
        Map<String, Double> scaled = new HashMap<>(settings);
        if (kind.hasRatesOfTensors()) { // its steps do not depend on the gradient's size, but for epsilon
            scaled.computeIfPresent("epsilon", (name, value) -> value / members);
        } else {
            scaled.computeIfPresent("learning-rate", (name, value) -> value * members);
        }
        return scaled;
    }

    /**
     * Returns the optimiser for a network's parameters.
     *
     * @param annealing of the weight decay
     */
    Optimizer optimizer(Network network, Annealing annealing, Schedule.Span span) {
        List<Adam.Group> groups = network.tensors().stream()
                .map(placed -> new Adam.Group(
                        placed.start(),
                        placed.end(),
                        scalesRates ? placed.tensor().rate() : 1,
                        placed.tensor().isWeight()))
                .toList();
        Optimizer rule = kind.rule(ofMembers(network.members()), groups, annealing);
        return schedule instanceof Schedule.Constant ? rule : new Scheduled((Descent) rule, schedule, span);
    }
}
