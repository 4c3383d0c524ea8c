package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.lang3.ArrayUtils;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A properties file of a command's options: {@code hidden=64,32} is {@code --hidden 64,32}. Options of the command line override the file. */
final class ConfigFile implements IDefaultValueProvider {
    private static final String OPTION = "--config";
    private static final String READER_OPTION = "option";
    private static final String OPTION_OF_READER = "--option=";

    private final String path;
    private final String command;
    private final Lines properties;

    private ConfigFile(String path, String command, Lines properties) {
        this.path = path;
        this.command = command;
        this.properties = properties;
    }

    /** Returns the file that the arguments name, if they name one. */
    static Optional<ConfigFile> find(String[] args) {
        String path = null;
        for (int i = 1; i < args.length; i++) {
            if (args[i].startsWith(OPTION + "=")) {
                path = args[i].substring(OPTION.length() + 1);
            } else if (args[i].equals(OPTION) && i + 1 < args.length) {
                path = args[i + 1];
            }
        }
        return path == null ? Optional.empty() : Optional.of(read(path, args[0]));
    }

    private static ConfigFile read(String path, String command) {
        Lines lines = new Lines(path);
        try {
            lines.load(new StringReader(text(Files.readAllBytes(Path.of(path)))));
        } catch (java.nio.file.NoSuchFileException e) {
            throw new UserError("--config " + path + ": no such file", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--config " + path + " cannot be read: " + e.getMessage(), e);
        }
        return new ConfigFile(path, command, lines);
    }

    /** Returns the text of a file in UTF-8, or in Latin-1, the encoding that properties files had first. */
    private static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** The lines of a file: each key once, but for readers' options, of which each is a line. */
    private static final class Lines extends Properties {
        private static final long serialVersionUID = 1;

        private final String path;
        private final List<String> readerOptions = new ArrayList<>();

        Lines(String path) {
            this.path = path;
        }

        /** Adds a line, whose value ends before blanks; {@link Properties#load} calls this. */
        @Override
        public synchronized Object put(Object key, Object value) {
            String text = value.toString();
            if (key.equals(READER_OPTION)) {
                String stripped = text.stripTrailing();
                readerOptions.add(stripped.endsWith("=") ? text : stripped); // sep=\t has a value
                return null;
            }
            if (super.put(key, text.stripTrailing()) != null) {
                throw new UserError("--config " + path + ": " + key + " is there twice: expected it only once");
            }
            return null;
        }
    }

    /**
     * Returns the arguments with the readers' options of the file after them, but for those that the arguments have.
     *
     * @throws UserError when the file has one twice
     */
    String[] withReaderOptions(String... args) {
        Set<String> given = Arguments.readerOptions(args);
        Set<String> met = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        List<String> more = new ArrayList<>();
        for (String option : properties.readerOptions) {
            String key = option.replaceFirst("(?s)=.*", "").strip();
            if (!met.add(key)) {
                throw new UserError("--config " + path + ": option " + key + " is there twice: expected it only once");
            }
            if (!option.isBlank() && !given.contains(key.toLowerCase(Locale.ROOT))) {
                more.add(OPTION_OF_READER + option);
            }
        }
        return ArrayUtils.addAll(args, more.toArray(String[]::new));
    }

    /** Makes the file's values the defaults of the command's options. */
    void applyTo(CommandLine commandLine) {
        CommandLine subcommand = commandLine.getSubcommands().get(command);
        if (subcommand == null) {
            return;
        }
        Set<String> known = new TreeSet<>();
        for (OptionSpec option : subcommand.getCommandSpec().options()) {
            known.add(key(option));
        }
        Set<String> keys = new TreeSet<>(properties.stringPropertyNames());
        if (!properties.readerOptions.isEmpty()) {
            keys.add(READER_OPTION);
        }
        for (String key : keys) {
            if (!known.contains(key)) {
                throw new UserError("--config " + path + ": unknown option " + key + Synonyms.suggestion(key, known)
                        + "; firesteel " + command + " --help lists the options");
            }
        }
        subcommand.setDefaultValueProvider(this);
    }

    /** Returns the file's value of an option; null for a key without a value. */
    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String value = properties.getProperty(key(option));
        return value == null || value.isBlank() ? null : Arguments.value("--" + key(option), value);
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }
}
