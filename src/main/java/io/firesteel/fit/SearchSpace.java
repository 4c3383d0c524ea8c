package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Bounds;
import io.firesteel.base.SettingError;
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
import java.util.TreeSet;

/**
 * The settings that a search varies: for each of them a list of values, {@code hidden=32|64}, or an interval of positive
 * numbers, {@code learning-rate=0.001..0.1}; settings are separated by semicolons.
 */
public final class SearchSpace {
    private static final int MOST_COMBINATIONS = 10_000;

    /** Settings that are the same in all trials: what is read, what is compared, and what is random. */
    private static final Set<Setting<?>> FIXED = Set.of(
            Setting.PRESET,
            Setting.TASK,
            Setting.LABEL,
            Setting.FEATURES,
            Setting.WEIGHT,
            Setting.EXCLUDE,
            Setting.QUANTILES,
            Setting.SEED,
            Setting.METRIC,
            Setting.THRESHOLD,
            Setting.STRATIFY,
            Setting.FOLDS,
            Setting.VALIDATION_FRACTION,
            Setting.VALIDATION_COLUMN,
            Setting.VALIDATION_DATA,
            Setting.REFIT);

    private final String text;
    private final Map<String, Values> ranges;

    /** The values that a setting may take. */
    private sealed interface Values {
        /** Draws one of them at random; the logarithm of a number of an interval is uniform. */
        String draw(Random random);

        record Choices(List<String> values) implements Values {
            @Override
            public String draw(Random random) {
                return values.get(random.nextInt(values.size()));
            }
        }

        record Interval(double low, double high, boolean whole) implements Values {
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

    private SearchSpace(String text, Map<String, Values> ranges) {
        this.text = text;
        this.ranges = ranges;
    }

    /**
     * Reads a space.
     *
     * @throws UserError when it cannot be meant
     */
    public static SearchSpace parse(String text) {
        Set<String> known = new TreeSet<>();
        Setting.all().stream().filter(setting -> !FIXED.contains(setting)).forEach(setting -> known.add(setting.key()));
        Map<String, Values> ranges = new LinkedHashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new UserError(of(text) + "expected OPTION=VALUE|VALUE;OPTION=..., found \"" + part + "\"");
            }
            String name = part.substring(0, equals).trim().replaceFirst("^--", "");
            if (!known.contains(name)) {
                throw new UserError(
                        of(text) + name + " is no option that can be searched" + Setting.suggestion(name, known));
            }
            if (ranges.put(name, range(text, part.substring(equals + 1).trim())) != null) {
                throw new UserError(of(text) + name + " is there twice");
            }
        }
        return new SearchSpace(text, ranges);
    }

    private static Values range(String text, String values) {
        int dots = values.indexOf("..");
        if (dots < 0 || values.contains("|")) {
            return new Values.Choices(Arrays.stream(values.split("\\|", -1))
                    .map(String::trim)
                    .distinct()
                    .toList());
        }
        String low = values.substring(0, dots).trim();
        String high = values.substring(dots + 2).trim();
        try {
            Values.Interval interval = new Values.Interval(
                    Double.parseDouble(low), Double.parseDouble(high), low.matches("\\d+") && high.matches("\\d+"));
            if (interval.low > 0 && interval.low < interval.high && Double.isFinite(interval.high)) {
                return interval;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UserError(of(text) + "expected two numbers above 0 in ascending order, found \"" + values + "\"");
    }

    private static String of(String text) {
        return mention("grid", text) + ": ";
    }

    /** Returns the text that it was read from. */
    String text() {
        return text;
    }

    /** Returns whether a setting is varied. */
    boolean varies(Setting<?> setting) {
        return ranges.containsKey(setting.key());
    }

    /**
     * Returns every combination of the values once, the last setting's changing first.
     *
     * @throws UserError when there is an interval, or there are too many
     */
    public List<Map<String, String>> grid() {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (Map.Entry<String, Values> entry : ranges.entrySet()) {
            if (!(entry.getValue() instanceof Values.Choices choices)) {
                throw new UserError(of(text) + "the interval of " + entry.getKey()
                        + " has infinitely many values: expected " + mention("random", "N")
                        + " with it, or values such as 0.1|0.01");
            }
            if ((long) combinations.size() * choices.values.size() > MOST_COMBINATIONS) {
                throw new UserError(
                        of(text) + "expected at most " + MOST_COMBINATIONS + " combinations",
                        mention("random", "N") + " tries some of them",
                        null);
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

    /**
     * Returns n combinations drawn at random, without repetitions of them.
     *
     * @throws SettingError when n is not positive
     */
    public List<Map<String, String>> random(int n, long seed) {
        Bounds.COUNT.check("random", n);
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
