package io.firesteel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The kernels alone, by JMH. */
final class JmhSection implements Section {
    @Override
    public void run(Effort effort, Report report) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Kernels.class.getSimpleName() + "\\.")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (effort.quick()) {
            TimeValue short_ = TimeValue.milliseconds(50);
            options.warmupIterations(1)
                    .warmupTime(short_)
                    .measurementIterations(2)
                    .measurementTime(short_);
        }
        for (RunResult result : new Runner(options.build()).run()) {
            String kernel = result.getParams().getBenchmark();
            String variant = result.getParams().getParamsKeys().stream()
                    .map(result.getParams()::getParam)
                    .collect(Collectors.joining(" "));
            String name = kernel.substring(kernel.lastIndexOf('.') + 1);
            report.add(
                    "jmh",
                    name,
                    variant,
                    samples(result),
                    result.getPrimaryResult().getScoreUnit());
        }
    }

    private static Samples samples(RunResult result) {
        List<Double> scores = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                scores.add(iteration.getPrimaryResult().getScore());
            }
        }
        return new Samples(scores);
    }
}
