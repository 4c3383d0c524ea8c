package io.firesteel.cli;

import io.firesteel.model.Encoding.Unseen;
import io.firesteel.table.Columns;
import picocli.CommandLine.Option;

/** The option that allows categories that training did not have. */
final class UnseenOption {
    @Option(
            names = "--unseen",
            paramLabel = "NAME",
            description =
                    "What is done with a category that training did not have: error, or ignore, which sets all its "
                            + "inputs to 0. Default: as the model was trained.")
    private Unseen unseen;

    /** Returns a model's columns with this option. */
    Columns applyTo(Columns columns) {
        return unseen == null ? columns : columns.encodedAs(columns.encoding().withUnseen(unseen));
    }
}
