package io.firesteel.cli;

import picocli.CommandLine.Option;

/** The option of commands that can say less. */
final class QuietOption {
    @Option(
            names = {"--quiet", "-q"},
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description = "Print neither progress nor a summary; errors and warnings remain.")
    boolean quiet;
}
