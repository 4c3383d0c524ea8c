package io.firesteel.cli;

import io.firesteel.fit.SettingType;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Metric;
import io.firesteel.table.Generator;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Converts the values of options that are not settings, so that each error says what was expected. */
final class Values {
    private Values() {}

    /** Registers the conversions with a command line. */
    static void register(CommandLine commandLine) {
        register(commandLine, double.class, Double.class, SettingType.NUMBER);
        register(commandLine, int.class, Integer.class, SettingType.WHOLE);
        register(commandLine, long.class, Long.class, SettingType.LONG);
        register(commandLine, boolean.class, Boolean.class, SettingType.FLAG);
        register(commandLine, Generator.Kind.class, Generator.Kind.class, SettingType.choice(Generator.Kind.class));
        register(commandLine, Unseen.class, Unseen.class, SettingType.choice(Unseen.class));
        register(commandLine, Duration.class, Duration.class, SettingType.TIME);
        register(commandLine, Metric.class, Metric.class, SettingType.choice(Metric.class));
    }

    private static <T> void register(CommandLine commandLine, Class<T> primitive, Class<T> boxed, SettingType<T> type) {
        CommandLine.ITypeConverter<T> converter = text -> {
            try {
                return type.parse().apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected " + type.expected() + " but was '" + text + "'");
            }
        };
        commandLine.registerConverter(primitive, converter);
        commandLine.registerConverter(boxed, converter);
    }
}
