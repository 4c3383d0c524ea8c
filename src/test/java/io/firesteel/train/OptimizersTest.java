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
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Schedule;
import io.firesteel.optim.Steps;
import java.lang.management.ManagementFactory;
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
            new Schedule.CosineCycles(2),
            new Schedule.Adaptive(0.01),
            new Schedule.WarmUp(7, new Schedule.Adaptive(0.01)));

    /** With a penalty, so that there is a minimum: without, so few examples are learnt ever better by ever larger weights. */
    private static final Regularization PENALTY = Configs.l2(0.01);

    /** With dropout, batches and class weights, too. */
    private static final Regularization SAMPLED = new Regularization(0.01, 0.001, 0.1, List.of(0.2), false, 0);

    static Stream<TrainingConfig> all() {
        return Arrays.stream(OptimizerKind.values()).flatMap(kind -> SCHEDULES.stream()
                .filter(schedule -> kind.hasRate() || schedule instanceof Schedule.Constant)
                .flatMap(schedule -> Stream.of(PENALTY, SAMPLED)
                        .filter(regularization -> kind.hasRate() || regularization.equals(PENALTY))
                        .map(regularization -> config(Configs.rule(kind, Map.of(), schedule), regularization))));
    }

    private static TrainingConfig config(OptimizerConfig rule, Regularization regularization) {
        return new TrainingConfig(
                NETWORK.units().subList(1, NETWORK.depth()),
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
                Quantiles.NONE,
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
        LossKernel kernel = new LossKernel(NETWORK, precision, classWeights, 0, sampling);
        Objective meanLoss = new MeanLoss(kernel, LocalRunner.of(SampleBlocks.of(SAMPLES, precision, 5), 1));
        return config.regularization().penalized(meanLoss, TrainingConfig.weights(NETWORK), 1);
    }

    private static Optimizer.State steps(Optimizer.State state, Objective objective, int steps) {
        for (int i = 0; i < steps; i++) {
            Steps.take(state, objective.ofStep(state.step()));
        }
        return state;
    }

    private static void assertSame(Optimizer.Snapshot expected, Optimizer.Snapshot snapshot) {
        assertEquals(expected.step(), snapshot.step());
        assertArrayEquals(expected.theta(), snapshot.theta());
        assertEquals(expected.numbers(), snapshot.numbers());
        assertEquals(expected.vectors().keySet(), snapshot.vectors().keySet());
        expected.vectors()
                .forEach((name, values) ->
                        assertArrayEquals(values, snapshot.vectors().get(name), name));
    }

    /** Also from a snapshot that was taken after any other number of steps. */
    @ParameterizedTest
    @MethodSource("all")
    void tenAndTenSteps_equalTwenty_bitForBit(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        Objective objective = objective(config, Precision.DOUBLE);
        Optimizer.Snapshot twenty =
                steps(Steps.start(optimizer, START), objective, 20).snapshot();
        Optimizer.State state = Steps.start(optimizer, START);
        for (int before = 0; before < 20; before++) {
            Optimizer.State resumed = optimizer(config).resume(state.snapshot());
            assertSame(state.snapshot(), resumed.snapshot());
            steps(resumed, objective, 20 - before);
            assertEquals(20, resumed.step());
            assertSame(twenty, resumed.snapshot());
            Steps.take(state, objective.ofStep(before));
        }
    }

    /** A snapshot is a value: no step changes it, nor does who changes it change a state. */
    @ParameterizedTest
    @MethodSource("all")
    void snapshot_isACopy(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        Objective whole = objective(config, Precision.DOUBLE);
        double[] theta = START.clone();
        Optimizer.State state = Steps.start(optimizer, theta);
        Arrays.fill(theta, 7);
        assertArrayEquals(START, state.theta());
        for (int i = 0; i < 15; i++) {
            Optimizer.Snapshot before = state.snapshot();
            Optimizer.Snapshot same = state.snapshot();
            Optimizer.State other = optimizer.resume(before);
            Steps.take(state, whole.ofStep(i));
            assertSame(same, before);
            Arrays.fill(before.theta(), 7);
            before.vectors().values().forEach(vector -> Arrays.fill(vector, 7));
            Steps.take(other, whole.ofStep(i));
            assertSame(state.snapshot(), other.snapshot());
        }
    }

    /** While the objective is evaluated, and also between evaluations of one step, the last whole step is to be seen. */
    @ParameterizedTest
    @MethodSource("all")
    void snapshot_duringAStep_isThatBeforeIt(TrainingConfig config) {
        Objective whole = objective(config, Precision.DOUBLE);
        Optimizer.State state = Steps.start(optimizer(config), START);
        for (int i = 0; i < 15; i++) {
            Optimizer.Snapshot before = state.snapshot();
            Objective ofStep = whole.ofStep(i);
            Steps.take(state, (theta, gradient) -> {
                double loss = ofStep.at(theta, gradient);
                Optimizer.Snapshot during = state.snapshot();
                assertEquals(before.step(), during.step());
                assertArrayEquals(before.theta(), during.theta());
                before.vectors()
                        .forEach((name, vector) ->
                                assertArrayEquals(vector, during.vectors().get(name), name));
                return loss;
            });
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void resume_ofAnotherOptimisersSnapshot_isRefused(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        Optimizer.Snapshot good = steps(Steps.start(optimizer, START), objective(config, Precision.DOUBLE), 3)
                .snapshot();
        Map<String, double[]> more = new HashMap<>(good.vectors());
        more.put("other", START);
        assertRefused(optimizer, new Optimizer.Snapshot(3, START, more, good.numbers()), "the vectors [");
        Map<String, Double> numbers = new HashMap<>(good.numbers());
        numbers.put("other", 1.0);
        assertRefused(optimizer, new Optimizer.Snapshot(3, START, good.vectors(), numbers), "the numbers [");
        for (String name : good.vectors().keySet()) {
            Map<String, double[]> shorter = new HashMap<>(good.vectors());
            shorter.put(name, new double[START.length - 1]);
            String message = "vector " + name + " has " + (START.length - 1) + " numbers";
            assertRefused(optimizer, new Optimizer.Snapshot(3, START, shorter, good.numbers()), message);
            Map<String, double[]> fewer = new HashMap<>(good.vectors());
            fewer.remove(name);
            if (!name.startsWith("s") && !name.startsWith("y")) { // a history may be shorter, by whole pairs
                assertRefused(optimizer, new Optimizer.Snapshot(3, START, fewer, good.numbers()), "the vectors [");
            }
        }
    }

    private static void assertRefused(Optimizer optimizer, Optimizer.Snapshot snapshot, String part) {
        String message =
                assertThrows(UserError.class, () -> optimizer.resume(snapshot)).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Once L-BFGS has its whole history, a step allocates less than one vector of theta's size. */
    @ParameterizedTest
    @MethodSource("all")
    void steps_allocateNothingOfThetasSize(TrainingConfig config) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Network large = Network.of(List.of(100, 198, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        int parameters = large.parameterCount();
        Objective bowl = (theta, gradient) -> {
            double loss = 0;
            for (int i = 0; i < parameters; i++) {
                gradient[i] = (1 + i % 7) * theta[i] + Math.pow(theta[i], 3);
                loss += (1 + i % 7) * theta[i] * theta[i] / 2 + Math.pow(theta[i], 4) / 4;
            }
            return loss;
        };
        double[] theta = new double[parameters];
        Arrays.setAll(theta, i -> 1 + (i % 100) / 100.0);
        Optimizer.State state = Steps.start(config.optimizer(large, SAMPLES.size()), theta);
        steps(state, bowl, 14);
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 50 && allocated >= 8L * parameters; round++) { // until vector code is compiled
            long before = threads.getThreadAllocatedBytes(thread);
            steps(state, bowl, 10);
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }
        assertTrue(allocated < 8L * parameters, allocated + " bytes in ten steps");
    }

    /** What a checkpoint counts on. */
    @ParameterizedTest
    @MethodSource("all")
    void vectors_haveTheLengthOfTheta(TrainingConfig config) {
        Optimizer optimizer = optimizer(config);
        steps(Steps.start(optimizer, START), objective(config, Precision.DOUBLE), 12)
                .snapshot()
                .vectors()
                .forEach((name, values) -> assertEquals(START.length, values.length, name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void steps_lowerTheObjective(TrainingConfig config) {
        Objective objective = objective(config, Precision.DOUBLE);
        Optimizer optimizer = optimizer(config);
        double before = objective.at(START, new double[START.length]);
        Optimizer.State state = steps(Steps.start(optimizer, START), objective, 30);
        double after = objective.at(state.theta(), new double[START.length]);
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
        Optimizer.State state = steps(Steps.start(optimizer, START), objective(config, precision), 100);
        return NaiveNetwork.like(NETWORK).set(state.theta());
    }

    @ParameterizedTest
    @EnumSource
    void settings_areTheDefaultsAndWhatIsGiven(OptimizerKind kind) {
        assertEquals(
                kind.defaults(),
                Configs.rule(kind, Map.of(), new Schedule.Constant()).settings());
        for (String name : kind.defaults().keySet()) {
            Map<String, Double> settings = Configs.rule(kind, Map.of(name, 0.125), new Schedule.Constant())
                    .settings();
            assertEquals(0.125, settings.get(name));
            assertEquals(kind.defaults().size(), settings.size());
        }
    }

    @Test
    void schedule_withoutARate_isRefused() {
        String message = assertThrows(
                        UserError.class, () -> Configs.rule(OptimizerKind.LBFGS, Map.of(), new Schedule.Cosine()))
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
                        SettingError.class, () -> Configs.rule(kind, Map.of(name, value), new Schedule.Constant()))
                .render(SettingNames.OPTIONS);
        assertEquals("--" + name + " " + value + ": expected " + expected, message);
    }
}
