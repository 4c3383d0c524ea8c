package io.firesteel.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Seconds per pass, side by side with Spark MLlib's MultilayerPerceptronClassifier on local[2]: same cached data, same
 * network and starting weights, full-batch gradient descent; and the seconds in which a fitted model predicts.
 */
final class MllibSection implements Section {
    private static final String NAME = "mllib";
    private static final String HEAP = "4g";
    private static final int DEFAULT_BLOCK = 128;
    private static final List<Integer> OTHER_BLOCKS = List.of(32, 512, 2048);

    /**
     * A contest.
     *
     * @param few the steps of MLlib's shorter run
     * @param many the steps of its longer run
     * @param steps Firesteel's
     * @param single how much faster than MLlib as it is installed single precision should be
     * @param inDouble the same for double
     * @param overOpenBlas the same for single against MLlib with OpenBLAS; 0 where nothing is asked
     */
    private record Contest(
            String layers,
            int rows,
            String engine,
            int few,
            int many,
            int steps,
            double single,
            double inDouble,
            double overOpenBlas) {}

    private static List<Contest> contests(Effort effort) {
        return List.of(
                new Contest("784-256-10", effort.of(60_000, 4_000), "job", 1, effort.of(6, 3), 6, 3.8, 1.9, 2.3),
                new Contest("28-100-100-2", effort.of(1_000_000, 20_000), "job", 1, effort.of(4, 3), 6, 6, 3.5, 3),
                new Contest("30-16-2", 569, "auto", 5, effort.of(105, 25), effort.of(4000, 200), 100, 100, 0));
    }

    @Override
    public void run(Effort effort, Report report) {
        try (Child firesteel = Child.start(FiresteelServer.class, HEAP, "local[2]");
                Child plain = Child.startAsSparkDoes(MllibServer.class, HEAP, "local[2]", "default");
                Child openBlas = Child.startAsSparkDoes(MllibServer.class, HEAP, "local[2]", "openblas")) {
            compareLosses(firesteel, plain, report);
            for (Contest contest : contests(effort)) {
                if (effort.includes(contest.layers)) {
                    run(contest, effort, firesteel, plain, openBlas, report);
                    List.of(firesteel, plain, openBlas).forEach(child -> child.ask("drop"));
                }
            }
            if (effort.includes("transform")) {
                transform(effort, firesteel, plain, report);
            }
        }
    }

    private static void run(Contest c, Effort effort, Child firesteel, Child plain, Child openBlas, Report report) {
        int best = bestBlock(c, plain);
        int bestOpenBlas = bestBlock(c, openBlas);
        Map<String, List<Samples>> seconds = new Rounds()
                .add("Firesteel single", () -> firesteel.ask("steps", c.layers, c.rows, "single", c.engine, c.steps))
                .add("Firesteel double", () -> firesteel.ask("steps", c.layers, c.rows, "double", c.engine, c.steps))
                .add("MLlib", () -> plain.ask("steps", c.layers, c.rows, DEFAULT_BLOCK, c.few, c.many))
                .add("MLlib best", () -> plain.ask("steps", c.layers, c.rows, best, c.few, c.many))
                .add("OpenBLAS", () -> openBlas.ask("steps", c.layers, c.rows, DEFAULT_BLOCK, c.few, c.many))
                .add("OpenBLAS best", () -> openBlas.ask("steps", c.layers, c.rows, bestOpenBlas, c.few, c.many))
                .run(1, effort.repeats());
        Samples single = seconds.get("Firesteel single").get(0);
        Samples inDouble = seconds.get("Firesteel double").get(0);
        Map<String, String> rivals = Map.of(
                "MLlib", "MLlib, block " + DEFAULT_BLOCK,
                "MLlib best", "MLlib, best block, " + best,
                "OpenBLAS", "MLlib with OpenBLAS, block " + DEFAULT_BLOCK,
                "OpenBLAS best", "MLlib with OpenBLAS, best block, " + bestOpenBlas);
        String subject = String.format(Locale.ROOT, "%s, m = %,d", c.layers, c.rows);
        seconds.forEach((name, samples) ->
                report.add(NAME, subject, rivals.getOrDefault(name, name), samples.get(0), "s per pass"));
        for (String name : List.of("MLlib", "MLlib best", "OpenBLAS", "OpenBLAS best")) {
            Samples rival = seconds.get(name).get(0);
            report.add(NAME, subject, "single faster than " + rivals.get(name), rival.over(single), "times");
            report.add(NAME, subject, "double faster than " + rivals.get(name), rival.over(inDouble), "times");
        }
        Samples installed = seconds.get("MLlib").get(0);
        report.atLeast(
                NAME, subject + ": single by MLlib", installed.over(single).median(), c.single);
        report.atLeast(
                NAME, subject + ": double by MLlib", installed.over(inDouble).median(), c.inDouble);
        if (c.overOpenBlas > 0) {
            double ratio = seconds.get("OpenBLAS").get(0).over(single).median();
            report.atLeast(NAME, subject + ": single by MLlib with OpenBLAS", ratio, c.overOpenBlas);
        }
    }

    /** Predictions of fitted models for cached vectors. */
    private static void transform(Effort effort, Child firesteel, Child plain, Report report) {
        String layers = "28-100-100-2";
        int rows = effort.of(1_000_000, 20_000);
        Map<String, List<Samples>> seconds = new Rounds()
                .add("Firesteel", () -> firesteel.ask("transform", layers, rows))
                .add("MLlib", () -> plain.ask("transform", layers, rows))
                .run(1, effort.repeats());
        String subject = String.format(Locale.ROOT, "transform, %s, m = %,d", layers, rows);
        seconds.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(0), "s"));
        Samples ratio =
                seconds.get("MLlib").get(0).over(seconds.get("Firesteel").get(0));
        report.add(NAME, subject, "faster than MLlib", ratio, "times");
        report.atLeast(NAME, subject + ": by MLlib", ratio.median(), 5);
    }

    /** A short search, which also warms up. */
    private static int bestBlock(Contest c, Child mllib) {
        int best = DEFAULT_BLOCK;
        mllib.ask("steps", c.layers, c.rows, best, c.few, c.many);
        double least = mllib.ask("steps", c.layers, c.rows, best, c.few, c.many)[0];
        for (int block : OTHER_BLOCKS) {
            double seconds = mllib.ask("steps", c.layers, c.rows, block, c.few, c.many)[0];
            if (seconds < least) {
                least = seconds;
                best = block;
            }
        }
        return best;
    }

    /**
     * That both do the same: the losses along 20 steps. MLlib's objective is the mean of its blocks' means; with blocks
     * of one row that is the mean over all rows, which Firesteel always takes.
     */
    private static void compareLosses(Child firesteel, Child mllib, Report report) {
        int steps = 20;
        double[] theirs = mllib.ask("losses", "30-16-2", 569, 1, steps);
        for (String precision : List.of("double", "single")) {
            double[] ours = firesteel.ask("losses", "30-16-2", 569, precision, "auto", steps);
            double greatest = 0;
            for (int k = 0; k < theirs.length; k++) {
                greatest = Math.max(greatest, Math.abs(ours[k] - theirs[k]));
            }
            String subject = "30-16-2, m = 569: the same computation";
            int last = theirs.length - 1;
            report.add(NAME, subject, "MLlib's loss after " + last + " steps", one(theirs[last]), "");
            report.add(NAME, subject, "Firesteel's, " + precision, one(ours[last]), "");
            report.atMost(NAME, "greatest difference of losses from MLlib's, " + precision, greatest, 1e-6);
        }
    }

    private static Samples one(double value) {
        return new Samples(List.of(value));
    }
}
