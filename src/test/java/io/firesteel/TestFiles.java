package io.firesteel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small files for tests. */
public final class TestFiles {
    private TestFiles() {}

    /** Writes lines to a file, with the directories above it. */
    public static Path write(Path file, String... lines) {
        return write(file, List.of(lines));
    }

    /** Writes lines to a file, with the directories above it. */
    public static Path write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
