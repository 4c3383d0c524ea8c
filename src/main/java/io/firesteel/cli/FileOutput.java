package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.store.AtomicOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** One file that a command writes, whole or not at all. Closed before it was written, it leaves nothing behind. */
final class FileOutput implements AutoCloseable {
    private static final String CONTENT = "content";

    private final String name;
    private final AtomicOutput output;

    private FileOutput(String name, AtomicOutput output) {
        this.name = name;
        this.output = output;
    }

    /** Writes a file's content. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Begins the file that an option names.
     *
     * @throws UserError when it cannot be written, or what is there is not to be replaced
     */
    static FileOutput open(String option, String path, boolean overwrite, Configuration hadoop) {
        String name = option + " " + path;
        try {
            Path target = new Path(path);
            FileSystem fileSystem = target.getFileSystem(hadoop);
            if (overwrite
                    && fileSystem.exists(target)
                    && fileSystem.getFileStatus(target).isDirectory()) {
                throw new UserError(name + " is a directory: --overwrite replaces files only");
            }
            return new FileOutput(name, AtomicOutput.open(path, overwrite, hadoop));
        } catch (FileAlreadyExistsException e) {
            throw new UserError(name + " exists: --overwrite replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | RuntimeException e) {
            throw failure(name, e);
        }
    }

    /**
     * Makes sure that the file which an option names can be written; {@code path} is null for none.
     *
     * @throws UserError when it cannot be written, or what is there is not to be replaced
     */
    static void expectWritable(String option, String path, boolean overwrite, Configuration hadoop) throws IOException {
        if (path != null) {
            open(option, path, overwrite, hadoop).close();
        }
    }

    /**
     * Writes the file and puts it in its place.
     *
     * @throws UserError when it cannot be written
     */
    void write(Content content) {
        try {
            try (OutputStream file = new BufferedOutputStream(output.create(CONTENT), 1 << 16)) {
                content.writeTo(file);
            }
            output.commit(new Path(output.temporary(), CONTENT));
        } catch (FileAlreadyExistsException e) {
            throw new UserError(name + " exists: --overwrite replaces it", e);
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private static UserError failure(String name, Exception e) {
        return new UserError(name + " cannot be written: " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
