package io.firesteel.cli;

import picocli.CommandLine.Option;

/** Where and when checkpoints are saved, and which training continues. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "Save checkpoints during training in this directory; --resume continues from them.")
    String directory;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Number of steps from one checkpoint to the next; one more is saved at SIGTERM, and one at the end.")
    int every;

    @Option(
            names = "--checkpoint-keep",
            paramLabel = "K",
            defaultValue = "3",
            description = "Number of checkpoints that are kept, the newest ones.")
    int keep;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Continue from the newest checkpoint in DIR, with the same data and settings; the result is that "
                            + "of a training that was never stopped. DIR may be empty if it is also --checkpoint's.")
    String resume;
}
