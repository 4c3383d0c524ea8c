package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Schedule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every optimiser under every schedule. New ones join by themselves. */
class OptimizersTest {
    private static final Network NETWORK = Network.of(List.of(4, 6, 3), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
    private static final Samples SAMPLES = Samples.random(NETWORK, 23, true, 12);
    private static final double[] START = Initializer.GLOROT.start(NETWORK, 1, 11);

    /** One of each kind; the adaptive one stalls early and often at this tolerance. */
    private static final List<Schedule> SCHEDULES = List.of(
            new Schedule.Constant(),
            new Schedule.Step(4, 0.5),
            new Schedule.InverseTime(0.1),
            new Schedule.Cosine(),
            new Schedule.Adaptive(0.01),
            new Schedule.WarmUp(7, new Schedule.Adaptive(0.01)));

    /** With a penalty, so that there is a minimum: without, so few examples are learnt ever better by ever larger weights. */
    private static final Regularization PENALTY = new Regularization(0.01);

    /** With dropout, batches and class weights, too. */
    private static final Regularization SAMPLED = new Regularization(0.01, 0.001, 0.1, List.of(0.2));

    static Stream<TrainingConfig> all() {
        return Arrays.stream(OptimizerKind.values()).flatMap(kind -> SCHEDULES.stream()
                .filter(schedule -> kind.hasRate() || schedule instanceof Schedule.Constant)
                .flatMap(schedule -> Stream.of(PENALTY, SAMPLED)
                        .filter(regularization -> kind.hasRate() || regularization.equals(PENALTY))
                        .map(regularization -> config(new OptimizerConfig(kind, Map.of(), schedule), regularization))));
    }

    private static TrainingConfig config(OptimizerConfig rule, Regularization regularization) {
        return new TrainingConfig(
                NETWORK.layers().subList(1, NETWORK.depth()),
                NETWORK.activations(),
                Initializer.GLOROT,
                1,
                rule,
                new Pace(20, null, regularization.equals(SAMPLED) ? 7 : null, null),
                regularization,
                0,
                5,
                Precision.DOUBLE,
                null,
                regularization.equals(PENALTY) ? ClassWeighting.NONE : ClassWeighting.parse("a=2,b=0.5"));
    }

    @Test
    void schedules_areAllHere() {
        Set<Class<?>> here =
                SCHEDULES.stream().<Class<?>>map(Schedule::getClass).collect(Collectors.toSet());
        assertEquals(Set.of(Schedule.class.getPermittedSubclasses()), here);
    }

    private static Optimizer optimizer(TrainingConfig config) {
        return config.optimizer(NETWORK, SAMPLES.size());
    }

    private static Objective objective(TrainingConfig config, Precision precision) {
        ClassWeights classWeights = config.classWeighting().of(List.of("a", "b", "c"), new double[] {1, 1, 1});
        Sampling sampling =
                config.loss(NETWORK, classWeights, SAMPLES.size(), 5).sampling();
        LossKernel kernel = new LossKernel(NETWORK, precision, classWeights, sampling);
        Objective meanLoss = new MeanLoss(kernel, LocalRunner.of(SAMPLES.blocks(precision, 5), 1));
        return config.regularization().penalized(meanLoss, TrainingConfig.weights(NETWORK));
    }

    private static Optimizer.State steps(Optimizer optimizer, Optimizer.State from, Objective objective, int steps) {
        Optimizer.State state = from;
        for (int i = 0; i < steps; i++) {
            state = optimizer.next(state, objective.ofStep(state.step()));
        }
        return state;
    }

    /** What a checkpoint gives back: equal numbers, other arrays. */
    private static Optimizer.State copy(Optimizer.State state) {
        Map<String, double[]> slots = new HashMap<>();
        state.slots().forEach((name, values) -> slots.put(name, values.clone()));
        return new Optimizer.State(
                state.step(), state.theta().clone(), slots, new HashMap<>(state.numbers()), state.loss());
    }

    private static void assertSame(Optimizer.State expected, Optimizer.State state) {
        assertEquals(expected.step(), state.step());
        assertEquals(expected.loss(), state.loss());
        assertArrayEquals(expected.theta(), state.theta());
        assertEquals(expected.numbers(), state.numbers());
        assertEquals(expected.slots().keySet(), state.slots().keySet());
        expected.slots()
                .forEach((name, values) ->
                        assertArrayEquals(values, state.slots().get(name), name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void tenAndTenSteps_equalTwenty_bitForBit(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        Optimizer.State twenty = steps(optimizer, optimizer.start(START), objective(config, Precision.DOUBLE), 20);
        Optimizer.State ten = steps(optimizer, optimizer.start(START), objective(config, Precision.DOUBLE), 10);
        Optimizer.State resumed = steps(optimizer(config), copy(ten), objective(config, Precision.DOUBLE), 10);
        assertEquals(20, resumed.step());
        assertSame(twenty, resumed);
    }

    /** A state is a value: steps from it make new ones, and any number of them the same. */
    @ParameterizedTest
    @MethodSource("all")
    void next_leavesTheStateAlone(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        Objective whole = objective(config, Precision.DOUBLE);
        double[] theta = START.clone();
        Optimizer.State state = optimizer.start(theta);
        Arrays.fill(theta, 7);
        assertArrayEquals(START, state.theta());
        for (int i = 0; i < 15; i++) {
            Optimizer.State before = copy(state);
            Objective objective = whole.ofStep(i);
            Optimizer.State next = optimizer.next(state, objective);
            assertSame(before, state);
            assertSame(next, optimizer.next(state, objective));
            state = next;
        }
    }

    /** What a checkpoint counts on. */
    @ParameterizedTest
    @MethodSource("all")
    void slots_haveTheLengthOfTheta(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        steps(optimizer, optimizer.start(START), objective(config, Precision.DOUBLE), 12)
                .slots()
                .forEach((name, values) -> assertEquals(START.length, values.length, name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void steps_lowerTheObjective(TrainingConfig config) {
        Objective objective = objective(config, Precision.DOUBLE);
        Optimizer optimizer = optimizer(config);
        double before = objective.at(START).loss();
        double after = objective
                .at(steps(optimizer, optimizer.start(START), objective, 30).theta())
                .loss();
        assertTrue(after < before, after + " after " + before);
    }

    @ParameterizedTest
    @MethodSource("all")
    void steps_inSingle_predictAsInDoubleToTwoDigits(TrainingConfig config) {
        NaiveNetwork inDouble = trained(config, Precision.DOUBLE);
        NaiveNetwork inSingle = trained(config, Precision.SINGLE);
        assertFalse(Arrays.equals(inDouble.theta(), inSingle.theta()), "single is not double under another name");
        for (double[] x : SAMPLES.x()) {
            assertArrayEquals(inDouble.predict(x), inSingle.predict(x), 1e-2);
        }
    }

    private static NaiveNetwork trained(TrainingConfig config, Precision precision) {
        Optimizer optimizer = optimizer(config);
        Optimizer.State state = steps(optimizer, optimizer.start(START), objective(config, precision), 100);
        return NaiveNetwork.like(NETWORK).set(state.theta());
    }

    @ParameterizedTest
    @EnumSource
    void settings_areTheDefaultsAndWhatIsGiven(OptimizerKind kind) {
        assertEquals(kind.defaults(), new OptimizerConfig(kind, Map.of(), new Schedule.Constant()).settings());
        for (String name : kind.defaults().keySet()) {
            Map<String, Double> settings =
                    new OptimizerConfig(kind, Map.of(name, 0.125), new Schedule.Constant()).settings();
            assertEquals(0.125, settings.get(name));
            assertEquals(kind.defaults().size(), settings.size());
        }
    }

    @Test
    void schedule_withoutARate_isRefused() {
        String message = assertThrows(
                        UserError.class,
                        () -> new OptimizerConfig(OptimizerKind.LBFGS, Map.of(), new Schedule.Cosine()))
                .render(SettingNames.OPTIONS);
        assertTrue(message.startsWith("--schedule and --warm-up: expected neither with --optimizer lbfgs"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "LBFGS, weight-decay, 0.1, '--optimizer adamw (--optimizer lbfgs has no such setting)'",
        "GD, momentum, 0.9, '--optimizer momentum or nesterov (--optimizer gd has no such setting)'",
        "MOMENTUM, beta1, 0.9, '--optimizer adam or adamw (--optimizer momentum has no such setting)'",
        "ADAM, weight-decay, 0.1, '--optimizer adamw (--optimizer adam has no such setting)'",
        "MOMENTUM, momentum, 1.0, '0 or more, and less than 1'",
        "ADAM, beta2, -0.1, '0 or more, and less than 1'",
        "ADAM, epsilon, 0.0, a positive number",
        "ADAMW, weight-decay, -1.0, a number of 0 or more",
        "NESTEROV, learning-rate, NaN, a positive number"
    })
    void settings_thatAreBadOrOfAnother_areRefused(OptimizerKind kind, String name, double value, String expected) {
        String message = assertThrows(
                        SettingError.class,
                        () -> new OptimizerConfig(kind, Map.of(name, value), new Schedule.Constant()))
                .render(SettingNames.OPTIONS);
        assertEquals("--" + name + " " + value + ": expected " + expected, message);
    }
}
