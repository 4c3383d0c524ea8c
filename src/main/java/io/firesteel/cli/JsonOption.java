package io.firesteel.cli;

import picocli.CommandLine.Option;

/** The option of commands that can print for programs. */
final class JsonOption {
    @Option(
            names = "--json",
            fallbackValue = "true",
            arity = "0..1",
            paramLabel = "BOOL",
            description = "Print one JSON object.")
    boolean json;
}
