package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The arguments of a command, before they are parsed. */
final class Arguments {
    /** The options whose values are paths. */
    private static final Set<String> PATHS = Set.of(
            "--data",
            "--model",
            "--output",
            "--config",
            "--validation-data",
            "--checkpoint",
            "--resume",
            "--warm-start",
            "--results",
            "--onnx",
            "--report",
            "--curve");

    /** The option that may be given several times, each with a key of its own. */
    private static final String OF_THE_READER = "--option";

    private static final String HOME = System.getProperty("user.home");

    private Arguments() {}

    /**
     * Returns the arguments with paths as Hadoop reads them, after a check that none is given twice.
     *
     * @throws UserError when an option is given twice
     */
    static String[] checked(String... args) {
        expectOnce(args);
        String[] checked = args.clone();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (args[i].startsWith("--") && equals > 0) {
                String option = args[i].substring(0, equals);
                checked[i] = option + "=" + value(option, args[i].substring(equals + 1));
            } else {
                checked[i] = value(args[i - 1], args[i]);
            }
        }
        return checked;
    }

    /**
     * Returns an option's value: of a path, {@code ~} is the home directory, as a shell has it, and a colon that ends no
     * scheme is a part of a local name.
     */
    static String value(String option, String value) {
        if (!PATHS.contains(option)) {
            return value;
        }
        if (value.equals("~") || value.startsWith("~/")) {
            return HOME + value.substring(1);
        }
        boolean isLocalWithColon = value.matches("[^/:]+:.*") && !value.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*");
        return isLocalWithColon ? Path.of(value).toAbsolutePath().toString() : value;
    }

    private static void expectOnce(String... args) {
        Set<String> met = new HashSet<>();
        for (int i = 1; i < args.length; i++) {
            String name = args[i].replaceFirst("(?s)=.*", "");
            if (name.equals(OF_THE_READER)) {
                String pair = args[i].contains("=")
                        ? args[i].substring(name.length() + 1)
                        : i + 1 < args.length ? args[i + 1] : "";
                String key = pair.replaceFirst("(?s)=.*", "");
                if (!met.add(name + " " + key.toLowerCase(Locale.ROOT))) {
                    throw new UserError(name + " " + key + " is given twice: expected it only once");
                }
            } else if (name.startsWith("--") && !met.add(name)) {
                throw new UserError(
                        name + " is given twice: expected it only once", "a list has commas between its values", null);
            }
        }
    }

    /** Returns the reader's options among the arguments, without their values, in lower case. */
    static Set<String> readerOptions(String... args) {
        Set<String> keys = new HashSet<>();
        for (int i = 1; i < args.length; i++) {
            String pair = args[i].startsWith(OF_THE_READER + "=")
                    ? args[i].substring(OF_THE_READER.length() + 1)
                    : args[i - 1].equals(OF_THE_READER) ? args[i] : null;
            if (pair != null) {
                keys.add(pair.replaceFirst("(?s)=.*", "").toLowerCase(Locale.ROOT));
            }
        }
        return keys;
    }
}
