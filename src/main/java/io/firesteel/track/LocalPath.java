package io.firesteel.track;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.UserError;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file or directory on this machine that a setting names.
 *
 * @param setting its key
 * @param text as it was given
 */
record LocalPath(String setting, String text, Path path) {
    /**
     * Returns the file that a setting names, which may exist or not.
     *
     * @throws UserError when it is no path of this machine, or no file can be written there
     */
    static LocalPath file(String setting, String text) {
        LocalPath file = of(setting, text);
        if (Files.isDirectory(file.path)) {
            throw file.wrong(" is a directory: expected a file");
        }
        file.expectWritable(file.path.getParent());
        return file;
    }

    /**
     * Returns the directory that a setting names, which may exist or not.
     *
     * @throws UserError when it is no path of this machine, or no files can be written there
     */
    static LocalPath directory(String setting, String text) {
        LocalPath directory = of(setting, text);
        if (Files.exists(directory.path) && !Files.isDirectory(directory.path)) {
            throw directory.wrong(" is a file: expected a directory");
        }
        directory.expectWritable(directory.path);
        return directory;
    }

    private static LocalPath of(String setting, String text) {
        try {
            if (text.matches("(?i)file:.*")) {
                return new LocalPath(setting, text, Path.of(URI.create(text)).toAbsolutePath());
            }
            if (!text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") && !text.isBlank()) {
                return new LocalPath(setting, text, Path.of(text).toAbsolutePath());
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(mention(setting, text) + ": expected a path on this machine", e);
        }
        throw new UserError(mention(setting, text) + ": expected a path on this machine, to which lines can be added");
    }

    /** Returns an error about it. */
    UserError wrong(String problem) {
        return new UserError(mention(setting, text) + problem);
    }

    /** Returns the error that something exists, which --overwrite would replace. */
    UserError exists(String what) {
        return new UserError(mention(setting, text) + what, mention("overwrite") + " replaces it", null);
    }

    /** Refuses a directory that cannot be written to, or if it does not exist, one that cannot be created. */
    private void expectWritable(Path directory) {
        Path there = directory;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null || !Files.isDirectory(there)) {
            throw wrong(" cannot be written: " + there + " is not a directory");
        }
        if (!Files.isWritable(there)) {
            throw wrong(" cannot be written: " + there + " may not be written to");
        }
    }
}
