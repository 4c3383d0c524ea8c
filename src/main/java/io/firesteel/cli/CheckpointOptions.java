package io.firesteel.cli;

import picocli.CommandLine.Option;

/** Where and when a training is written down, and which one goes on. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "Writes the training down as it goes, so that --resume can go on with it.")
    String directory;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "100",
            description = "Steps from one checkpoint to the next; there is one more at SIGTERM, and one at the end.")
    int every;

    @Option(
            names = "--checkpoint-keep",
            paramLabel = "K",
            defaultValue = "3",
            description = "How many are kept, the newest ones.")
    int keep;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Goes on from the newest checkpoint in DIR, with the same data and settings; the result is that "
                            + "of a training that was never stopped. A DIR that is also --checkpoint's may still be empty.")
    String resume;
}
