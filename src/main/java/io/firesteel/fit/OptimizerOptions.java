package io.firesteel.fit;

import io.firesteel.base.SettingError;
import io.firesteel.optim.Schedule;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.OptimizerKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/** How steps are made of gradients, and how long they are. */
final class OptimizerOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            defaultValue = "gd",
            description = "gd (gradient descent), momentum, nesterov, adam, adamw or lbfgs.")
    private OptimizerKind optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "A",
            description = "The step's length; by default 0.1 with gd, 0.01 with momentum and nesterov, 0.001 with adam "
                    + "and adamw.")
    private Double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            description = "Of momentum and nesterov: how much of its velocity a step keeps; by default 0.9.")
    private Double momentum;

    @Option(names = "--beta1", paramLabel = "X", description = "Of adam and adamw; by default 0.9.")
    private Double beta1;

    @Option(names = "--beta2", paramLabel = "X", description = "Of adam and adamw; by default 0.999.")
    private Double beta2;

    @Option(names = "--epsilon", paramLabel = "X", description = "Of adam and adamw; by default 1e-8.")
    private Double epsilon;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Of adamw: each step takes this part of learning rate times weight; by default 0.01.")
    private Double weightDecay;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            defaultValue = "constant",
            description = "Of the learning rate: constant; step:EVERY[,FACTOR], times FACTOR (0.1) after each EVERY "
                    + "steps; inverse-time:D, over 1 + D k in step k; cosine, to 0 at the last step; adaptive[:T], over "
                    + "5 when two steps (with batches: passes) on end improve the loss by less than T (1e-4).")
    private String schedule;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "0",
            description = "Steps in which the learning rate grows to its full size, before the schedule begins.")
    private int warmUp;

    /**
     * What they come to; fails as {@link OptimizerConfig} does.
     *
     * @throws SettingError when there is no such schedule
     */
    OptimizerConfig optimizer() {
        return new OptimizerConfig(optimizer, settings(), schedule());
    }

    /** The optimiser's settings that are given. */
    private Map<String, Double> settings() {
        Map<String, Double> given = new LinkedHashMap<>();
        given.put("learning-rate", learningRate);
        given.put("momentum", momentum);
        given.put("beta1", beta1);
        given.put("beta2", beta2);
        given.put("epsilon", epsilon);
        given.put("weight-decay", weightDecay);
        given.values().removeIf(Objects::isNull);
        return given;
    }

    private Schedule schedule() {
        if (warmUp < 0) {
            throw new SettingError("warm-up", warmUp, "0 or more");
        }
        Schedule after = Schedule.parse(schedule);
        return warmUp == 0 ? after : new Schedule.WarmUp(warmUp, after);
    }
}
