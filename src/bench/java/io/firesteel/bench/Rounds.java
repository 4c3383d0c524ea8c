package io.firesteel.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Contestants that are measured in turn, round after round, so that whatever else the machine does meets all alike. */
final class Rounds {
    /** Measures once; what is measured has one number, or several. */
    @FunctionalInterface
    interface Contestant {
        double[] measure();
    }

    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    /** Adds a contestant with a name of its own. */
    Rounds add(String name, Contestant contestant) {
        if (contestants.put(name, contestant) != null) {
            throw new IllegalArgumentException("two contestants are called " + name);
        }
        return this;
    }

    /**
     * Runs the rounds; the first {@code warmUps} do not count.
     *
     * @return for each contestant the samples of each of its numbers
     */
    Map<String, List<Samples>> run(int warmUps, int repeats) {
        Map<String, List<double[]>> measured = new LinkedHashMap<>();
        for (int round = -warmUps; round < repeats; round++) {
            for (Map.Entry<String, Contestant> entry : contestants.entrySet()) {
                double[] numbers = entry.getValue().measure();
                if (round >= 0) {
                    measured.computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
                            .add(numbers);
                }
            }
        }
        Map<String, List<Samples>> samples = new LinkedHashMap<>();
        measured.forEach((name, rounds) -> samples.put(name, columns(rounds)));
        return samples;
    }

    private static List<Samples> columns(List<double[]> rounds) {
        List<Samples> columns = new ArrayList<>();
        for (int i = 0; i < rounds.get(0).length; i++) {
            int number = i;
            columns.add(
                    new Samples(rounds.stream().map(numbers -> numbers[number]).toList()));
        }
        return columns;
    }
}
