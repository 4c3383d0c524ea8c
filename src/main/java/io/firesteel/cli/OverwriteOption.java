package io.firesteel.cli;

import picocli.CommandLine.Option;

/** The option of commands that write. */
final class OverwriteOption {
    @Option(
            names = "--overwrite",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description = "Replace existing output.")
    boolean overwrite;
}
