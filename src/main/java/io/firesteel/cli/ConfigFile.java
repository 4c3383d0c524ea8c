package io.firesteel.cli;

import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A properties file of a command's options: {@code hidden=64,32} is {@code --hidden 64,32}. Options of the command line override the file. */
final class ConfigFile implements IDefaultValueProvider {
    private static final String OPTION = "--config";

    private final String path;
    private final String command;
    private final Properties properties;

    private ConfigFile(String path, String command, Properties properties) {
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
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(path))) {
            properties.load(reader);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new UserError("--config " + path + ": no such file", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--config " + path + " cannot be read: " + e.getMessage(), e);
        }
        return new ConfigFile(path, command, properties);
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
        for (String key : properties.stringPropertyNames()) {
            if (!known.contains(key)) {
                throw new UserError("--config " + path + ": unknown option " + key + Suggestion.of(key, known)
                        + "; firesteel " + command + " --help lists the options");
            }
        }
        subcommand.setDefaultValueProvider(this);
    }

    /** Returns the file's value of an option; null for a key without a value. */
    @Override
    public String defaultValue(ArgSpec argument) {
        String value = argument instanceof OptionSpec option ? properties.getProperty(key(option)) : null;
        return value == null || value.isBlank() ? null : value;
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }
}
