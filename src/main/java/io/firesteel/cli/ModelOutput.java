package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import io.firesteel.table.WorldFault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import org.apache.hadoop.conf.Configuration;

/** The directory that a command saves its model in. */
final class ModelOutput {
    private ModelOutput() {}

    /**
     * Opens the directory of {@code --model}.
     *
     * @throws UserError when it cannot be written, or what is there is not to be replaced
     */
    static AtomicOutput open(String model, boolean overwrite, Configuration hadoop) {
        try {
            if (overwrite && !ModelStore.mayReplace(model, hadoop)) {
                throw new UserError("--model " + model + " is not a model: --overwrite replaces models only");
            }
            return AtomicOutput.open(model, overwrite, hadoop);
        } catch (FileAlreadyExistsException e) {
            throw new UserError("--model " + model + " exists: --overwrite replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | RuntimeException e) {
            throw WorldFault.of("--model " + model, e)
                    .orElseGet(() -> new UserError("--model " + model + " cannot be written: " + e.getMessage(), e));
        }
    }
}
