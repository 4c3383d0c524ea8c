package io.firesteel.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * A file or directory that appears whole or not at all: it is made under a temporary name beside its place, and {@link
 * #commit} renames it. Closed without a commit, it leaves nothing behind.
 *
 * <p>What it replaces is kept, under the name that {@link #locate} knows, until the new one is in its place: at any
 * moment one of the two can be read.
 */
public final class AtomicOutput implements AutoCloseable {
    private static final int BEFORE_FILE_SYSTEMS = FileSystem.SHUTDOWN_HOOK_PRIORITY + 1;

    private final FileSystem fileSystem;
    private final Path target;
    private final boolean overwrite;
    private final Path temporary;
    private final Path firstNewParent;
    private final Runnable atShutdown = this::remove; // a process that is told to stop does not come to close()

    private AtomicOutput(FileSystem fileSystem, Path target, boolean overwrite, Path firstNewParent) {
        this.fileSystem = fileSystem;
        this.target = target;
        this.overwrite = overwrite;
        this.temporary = sibling(target, "." + target.getName() + ".tmp-" + UUID.randomUUID());
        this.firstNewParent = firstNewParent;
    }

    /**
     * Begins an output, and makes sure that its path can be written.
     *
     * @throws FileAlreadyExistsException when something is there and is not to be replaced
     */
    public static AtomicOutput open(String path, boolean overwrite, Configuration hadoop) throws IOException {
        Path given = new Path(path);
        FileSystem fileSystem = withoutChecksums(given.getFileSystem(hadoop), given);
        fileSystem.setWriteChecksum(false);
        Path target = fileSystem.makeQualified(given);
        if (!overwrite && isThere(fileSystem, target)) {
            throw new FileAlreadyExistsException(path);
        }
        if (target.getParent() == null) {
            throw new IOException("it is the root directory");
        }
        Path firstNewParent = null;
        for (Path parent = target.getParent(); parent != null && !fileSystem.exists(parent); ) {
            firstNewParent = parent;
            parent = parent.getParent();
        }
        AtomicOutput output = new AtomicOutput(fileSystem, target, overwrite, firstNewParent);
        // Hadoop's own look-up has the same least value, but reads its files of settings again for each hook.
        long timeout = Math.max(
                1,
                hadoop.getTimeDuration(
                        CommonConfigurationKeysPublic.SERVICE_SHUTDOWN_TIMEOUT,
                        CommonConfigurationKeysPublic.SERVICE_SHUTDOWN_TIMEOUT_DEFAULT,
                        TimeUnit.SECONDS));
        try {
            unlessTheProcessEnds(() -> ShutdownHookManager.get()
                    .addShutdownHook(output.atShutdown, BEFORE_FILE_SYSTEMS, timeout, TimeUnit.SECONDS));
            if (!fileSystem.mkdirs(output.temporary)) {
                throw new IOException("the directory " + target.getParent() + " cannot be written");
            }
        } catch (IOException e) {
            output.close();
            throw e;
        }
        return output;
    }

    /** Returns the file system without its checksums where the path's name has a colon, which Hadoop's files of checksums cannot have. */
    private static FileSystem withoutChecksums(FileSystem fileSystem, Path path) {
        return fileSystem instanceof LocalFileSystem local && path.getName().contains(":")
                ? local.getRaw()
                : fileSystem;
    }

    /** Returns the directory to write into. */
    public Path temporary() {
        return temporary;
    }

    /** Makes a file of that directory; it is on the disk when it is closed. */
    public OutputStream create(String name) throws IOException {
        return directory().create(name);
    }

    /** Returns that directory, to write a model or a checkpoint into. */
    HadoopDirectory directory() {
        return new HadoopDirectory(fileSystem, temporary);
    }

    /** Returns the file system of the output. */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** Puts the temporary directory in its place. */
    public void commit() throws IOException {
        commit(temporary);
    }

    /** Puts one file of the temporary directory in its place, and forgets the rest. */
    public void commit(Path content) throws IOException {
        Path old = replaced(target);
        if (!overwrite && isThere(fileSystem, target)) {
            throw new FileAlreadyExistsException(target.toString()); // it came while this one was made
        }
        if (fileSystem.exists(target)) {
            fileSystem.delete(old, true);
            rename(target, old);
        }
        try {
            rename(content, target);
        } catch (IOException e) {
            if (fileSystem.exists(old)) {
                rename(old, target);
            }
            throw e;
        }
        fileSystem.delete(old, true);
    }

    private static boolean isThere(FileSystem fileSystem, Path target) throws IOException {
        return fileSystem.exists(target) || fileSystem.exists(replaced(target));
    }

    /** Returns whether a path is free, an empty directory, or a directory with a file of the name {@code mark}. */
    public static boolean mayReplaceDirectory(String path, String mark, Configuration hadoop) throws IOException {
        Path directory = new Path(path);
        FileSystem fileSystem = directory.getFileSystem(hadoop);
        return !fileSystem.exists(directory)
                || fileSystem.exists(new Path(directory, mark))
                || (fileSystem.getFileStatus(directory).isDirectory() && fileSystem.listStatus(directory).length == 0);
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            throw new IOException(from + " cannot be renamed to " + to);
        }
    }

    private static Path replaced(Path target) {
        return sibling(target, "." + target.getName() + ".old");
    }

    /** Returns a path beside another; a colon in its name ends no scheme. */
    private static Path sibling(Path target, String name) {
        return new Path(target.getParent(), new Path(null, null, name));
    }

    /**
     * Returns the path from which to read what was written to {@code path}: that path, or, if a replacement was
     * interrupted, the one that holds the old output.
     */
    static Path locate(FileSystem fileSystem, String path) throws IOException {
        Path target = fileSystem.makeQualified(new Path(path));
        if (fileSystem.exists(target)) {
            return target;
        }
        if (fileSystem.exists(replaced(target))) {
            return replaced(target);
        }
        throw new FileNotFoundException(path);
    }

    /** Removes the output if it was not committed. */
    @Override
    public void close() throws IOException {
        unlessTheProcessEnds(() -> ShutdownHookManager.get().removeShutdownHook(atShutdown));
        delete();
    }

    /** Changes the hooks, which nobody can while they run: an output that is begun then is a hook's own, and is closed by it. */
    private static void unlessTheProcessEnds(Runnable change) {
        try {
            change.run();
        } catch (IllegalStateException e) {
            if (!ShutdownHookManager.get().isShutdownInProgress()) {
                throw e;
            }
        }
    }

    private void remove() {
        try {
            delete();
        } catch (IOException e) {
            // The process ends, and nobody reads what it leaves.
        }
    }

    private void delete() throws IOException {
        fileSystem.delete(temporary, true);
        for (Path parent = target.getParent();
                firstNewParent != null && fileSystem.exists(parent) && fileSystem.listStatus(parent).length == 0;
                parent = parent.getParent()) {
            fileSystem.delete(parent, false);
            if (parent.equals(firstNewParent)) {
                return;
            }
        }
    }
}
