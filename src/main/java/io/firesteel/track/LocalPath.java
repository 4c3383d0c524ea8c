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
     * @throws UserError when it cannot be a path of this machine
     */
    static LocalPath of(String setting, String text) {
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

    /** Returns the error that something is there already, which is replaced only if asked for. */
    UserError exists(String what) {
        return new UserError(mention(setting, text) + what, mention("overwrite") + " replaces it", null);
    }

    /**
     * Makes sure that something can be written below the path, or below the nearest directory above it that is there.
     *
     * @throws UserError when that is not so
     */
    void expectWritable(Path below) {
        Path there = below;
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
