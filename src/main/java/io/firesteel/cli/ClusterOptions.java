package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.engine.StepCost.Cluster;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a cluster, for which a training is forecast. */
final class ClusterOptions {
    /** Those that say nothing of a training, and are not noted with its settings. */
    static final String[] NAMES = {"executors", "cores", "memory", "bandwidth", "round-trip", "curve", "overwrite"};

    private static final int MOST_EXECUTORS = 100_000;
    private static final int MOST_CORES = 1024;
    private static final int BITS = 8;

    private static final Map<String, Double> BYTES =
            Map.of("k", 1024.0, "m", 1024.0 * 1024, "g", 1024.0 * 1024 * 1024, "t", 1024.0 * 1024 * 1024 * 1024);
    private static final Map<String, Double> RATES = Map.of("k", 1e3, "m", 1e6, "g", 1e9, "t", 1e12);
    private static final Map<String, Double> TIMES = Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0);

    @Option(
            names = "--executors",
            paramLabel = "N",
            description = "Also forecast the training on a cluster of this many executors, each on a host of its own.")
    private Integer executors;

    @Option(names = "--cores", paramLabel = "C", description = "Cores of each executor. Default: 4.")
    private Integer cores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of each executor, as --executor-memory of Spark: 8g or 512m. Default: 4g.")
    private String memory;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            description = "Bits a second of each host's link: 10g or 500m. Default: 10g.")
    private String bandwidth;

    @Option(
            names = "--round-trip",
            paramLabel = "TIME",
            description = "Round trip between two hosts: 0.5ms or 200us. Default: 0.5ms.")
    private String roundTrip;

    @Option(
            names = "--curve",
            paramLabel = "FILE.svg",
            description = "Draw the time of a step against the number of executors.")
    private String curve;

    @Mixin
    private OverwriteOption existing;

    /** Returns whether a cluster is described. */
    boolean given() {
        return executors != null;
    }

    /** Returns the path of the curve; null for none. */
    String curve() {
        return curve;
    }

    /**
     * Makes sure that they can be meant.
     *
     * @throws UserError when they cannot
     */
    void check() {
        if (!given()) {
            Map<String, Object> others = new LinkedHashMap<>();
            others.put("--cores", cores);
            others.put("--memory", memory);
            others.put("--bandwidth", bandwidth);
            others.put("--round-trip", roundTrip);
            others.put("--curve", curve);
            others.values().removeIf(Objects::isNull);
            others.forEach((option, value) -> {
                throw new UserError(option + " " + value + ": expected --executors with it");
            });
            return;
        }
        expectWithin("--executors", executors, MOST_EXECUTORS);
        expectWithin("--cores", cores(), MOST_CORES);
        cluster();
        memory();
    }

    private static void expectWithin(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new UserError(option + " " + value + ": expected 1 to " + most);
        }
    }

    private int cores() {
        return cores == null ? 4 : cores;
    }

    /** Returns the cluster. */
    Cluster cluster() {
        String often = "bits a second such as 10g or 500m";
        return new Cluster(
                executors,
                cores(),
                number("--bandwidth", bandwidth == null ? "10g" : bandwidth, RATES, often) / BITS,
                number(
                        "--round-trip",
                        roundTrip == null ? "0.5ms" : roundTrip,
                        TIMES,
                        "a time such as 0.5ms or 200us"));
    }

    /** Returns the bytes of an executor's memory. */
    long memory() {
        return (long) number("--memory", memoryText(), BYTES, "a size such as 8g or 512m");
    }

    /** Returns the cores of each executor, its memory, and the cores of all, as a standalone cluster is asked for them. */
    String[] submitted() {
        return new String[] {
            "--total-executor-cores", "" + (long) executors * cores(),
            "--executor-cores", "" + cores(),
            "--executor-memory", memoryText()
        };
    }

    private String memoryText() {
        return memory == null ? "4g" : memory;
    }

    /** Returns a positive number with one of some units. */
    private static double number(String option, String text, Map<String, Double> units, String expected) {
        Matcher matcher =
                Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,9})?)([a-z]+)").matcher(text);
        if (!matcher.matches() || !units.containsKey(matcher.group(2)) || Double.parseDouble(matcher.group(1)) == 0) {
            throw new UserError(option + " " + text + ": expected " + expected);
        }
        return Double.parseDouble(matcher.group(1)) * units.get(matcher.group(2));
    }

    /** Makes sure that the curve, if there is to be one, can be written. */
    void expectWritable(Configuration hadoop) throws IOException {
        FileOutput.expectWritable("--curve", curve, existing.overwrite, hadoop);
    }

    /** Begins the curve's file; returns null for none. */
    FileOutput open(Configuration hadoop) {
        return curve == null ? null : FileOutput.open("--curve", curve, existing.overwrite, hadoop);
    }
}
