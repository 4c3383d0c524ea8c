package io.firesteel.fit;

import io.firesteel.data.Generator;
import io.firesteel.data.Sparse;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.train.OptimizerKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are read, so that each error says what was expected in words. */
public final class Values {
    private Values() {}

    /** Lets a command line read its options' values so. */
    public static void register(CommandLine commandLine) {
        register(commandLine, double.class, Double.class, Double::valueOf, "a number");
        register(commandLine, int.class, Integer.class, Integer::valueOf, "a whole number");
        register(commandLine, long.class, Long.class, Long::valueOf, "a whole number");
        register(commandLine, boolean.class, Boolean.class, Values::trueOrFalse, "true or false");
        register(commandLine, Activation.class);
        register(commandLine, Initializer.class);
        register(commandLine, Precision.class);
        register(commandLine, Task.class);
        register(commandLine, Missing.class);
        register(commandLine, Unseen.class);
        register(commandLine, Generator.Kind.class);
        register(commandLine, Sparse.class);
        register(commandLine, OptimizerKind.class);
        register(commandLine, Metric.class);
        commandLine.registerConverter(Loss.class, Values::loss);
    }

    private static <T> void register(
            CommandLine commandLine, Class<T> primitive, Class<T> type, Function<String, T> parse, String expected) {
        CommandLine.ITypeConverter<T> converter = text -> {
            try {
                return parse.apply(text.trim());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected " + expected + " but was '" + text + "'");
            }
        };
        commandLine.registerConverter(primitive, converter);
        commandLine.registerConverter(type, converter);
    }

    /** By its values' names, in which hyphens and case do not matter: l-bfgs is lbfgs. */
    private static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, text -> Arrays.stream(type.getEnumConstants())
                .filter(value -> plain(value.toString()).equals(plain(text)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Enum::toString)
                                .collect(Collectors.joining(", "))
                        + ", but was '" + text + "'")));
    }

    private static String plain(String name) {
        return name.trim().toLowerCase(Locale.ROOT).replace("-", "");
    }

    /** A regression's loss, as model files name it or without their "-error". */
    private static Loss loss(String text) {
        String name = text.trim().toLowerCase(Locale.ROOT);
        return Loss.OF_REGRESSION.stream()
                .filter(loss -> loss.toString().equals(name) || loss.toString().equals(name + "-error"))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected squared, absolute, huber or poisson, but was '" + text + "'"));
    }

    private static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
