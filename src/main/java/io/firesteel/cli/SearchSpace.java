package io.firesteel.cli;

import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The settings that a search tries: for each of some options a list of values, {@code hidden=32|64}, or an interval of
 * positive numbers, {@code learning-rate=0.001..0.1}; options are separated by semicolons.
 */
final class SearchSpace {
    private static final int MOST_COMBINATIONS = 10_000;

    private final String text;
    private final Map<String, Range> ranges;

    /** The values that an option may take. */
    private sealed interface Range {
        /** One of them, each as likely; of an interval, the logarithm is uniform. */
        String draw(Random random);

        record Choices(List<String> values) implements Range {
            @Override
            public String draw(Random random) {
                return values.get(random.nextInt(values.size()));
            }
        }

        record Interval(double low, double high, boolean whole) implements Range {
            @Override
            public String draw(Random random) {
                double drawn = low * StrictMath.pow(high / low, random.nextDouble());
                if (whole) {
                    return Long.toString(Math.min((long) high, Math.max((long) low, Math.round(drawn))));
                }
                double short3 = Double.parseDouble(String.format(Locale.ROOT, "%.3g", drawn));
                return Double.toString(Math.min(high, Math.max(low, short3)));
            }
        }
    }

    private SearchSpace(String text, Map<String, Range> ranges) {
        this.text = text;
        this.ranges = ranges;
    }

    /**
     * Reads the text of {@code --grid}.
     *
     * @param known the options that may be searched
     * @throws UserError when it cannot be meant
     */
    static SearchSpace parse(String text, Set<String> known) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new UserError(
                        "--grid " + text + ": expected OPTION=VALUE|VALUE;OPTION=..., found \"" + part + "\"");
            }
            String name = part.substring(0, equals).trim().replaceFirst("^--", "");
            if (!known.contains(name)) {
                throw new UserError("--grid " + text + ": " + name + " is no option that can be searched"
                        + Suggestion.of(name, known));
            }
            if (ranges.put(name, range(text, part.substring(equals + 1).trim())) != null) {
                throw new UserError("--grid " + text + ": " + name + " is there twice");
            }
        }
        return new SearchSpace(text, ranges);
    }

    private static Range range(String text, String values) {
        int dots = values.indexOf("..");
        if (dots < 0 || values.contains("|")) {
            return new Range.Choices(Arrays.stream(values.split("\\|", -1))
                    .map(String::trim)
                    .distinct()
                    .toList());
        }
        String low = values.substring(0, dots).trim();
        String high = values.substring(dots + 2).trim();
        try {
            Range.Interval interval = new Range.Interval(
                    Double.parseDouble(low), Double.parseDouble(high), low.matches("\\d+") && high.matches("\\d+"));
            if (interval.low > 0 && interval.low < interval.high && Double.isFinite(interval.high)) {
                return interval;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UserError(
                "--grid " + text + ": expected two numbers above 0 in ascending order, found \"" + values + "\"");
    }

    /** The names of the options. */
    List<String> names() {
        return List.copyOf(ranges.keySet());
    }

    /**
     * Each combination of the values once, the last option's changing first.
     *
     * @throws UserError when there is an interval, or there are too many
     */
    List<Map<String, String>> grid() {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (Map.Entry<String, Range> entry : ranges.entrySet()) {
            if (!(entry.getValue() instanceof Range.Choices choices)) {
                throw new UserError("--grid " + text + ": the interval of " + entry.getKey()
                        + " has no end of values: expected --random N with it, or values such as 0.1|0.01");
            }
            if ((long) combinations.size() * choices.values.size() > MOST_COMBINATIONS) {
                throw new UserError("--grid " + text + ": expected " + MOST_COMBINATIONS
                        + " combinations at most (--random N tries some of them)");
            }
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> combination : combinations) {
                for (String value : choices.values) {
                    Map<String, String> more = new LinkedHashMap<>(combination);
                    more.put(entry.getKey(), value);
                    longer.add(more);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /** So many combinations drawn by lot, without those that come again. */
    List<Map<String, String>> random(int n, long seed) {
        Random random = new Random(seed);
        Set<Map<String, String>> combinations = new LinkedHashSet<>();
        for (int i = 0; i < n; i++) {
            Map<String, String> combination = new LinkedHashMap<>();
            ranges.forEach((name, range) -> combination.put(name, range.draw(random)));
            combinations.add(combination);
        }
        return List.copyOf(combinations);
    }
}
