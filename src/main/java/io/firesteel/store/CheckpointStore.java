package io.firesteel.store;

import io.firesteel.model.InvalidModelException;
import io.firesteel.train.Checkpoint;
import io.firesteel.train.CheckpointFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one training, on any file system that Hadoop knows: directories {@code step-N} of a directory, of
 * which the newest few are kept; the steps of a refit are counted on from those before it. Each appears whole or not at all.
 */
public final class CheckpointStore {
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,10})");
    private static final Pattern LEFT_OVER = Pattern.compile("\\.step-\\d+\\.(tmp-.*|old)");

    private final String path;
    private final Configuration hadoop;
    private final FileSystem fileSystem;
    private final Path directory;

    /** Creates the store of a directory, which need not exist. */
    public CheckpointStore(String path, Configuration hadoop) throws IOException {
        this.path = path;
        this.hadoop = hadoop;
        Path given = new Path(path);
        this.fileSystem = given.getFileSystem(hadoop);
        this.directory = fileSystem.makeQualified(given);
    }

    /** Returns whether both are stores of the same directory. */
    public boolean isSameAs(CheckpointStore other) {
        return directory.equals(other.directory);
    }

    /** Returns the path of the checkpoint after this number of steps. */
    public String placeOf(int step) {
        return path + (path.endsWith("/") ? "" : "/") + name(step);
    }

    private static String name(int step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    /** Makes sure that checkpoints can be written, and removes what one that was cut short has left. */
    public void prepare() throws IOException {
        AtomicOutput.open(placeOf(0), true, hadoop).close();
        if (!fileSystem.exists(directory)) {
            return;
        }
        for (FileStatus left : fileSystem.listStatus(
                directory, p -> LEFT_OVER.matcher(p.getName()).matches())) {
            fileSystem.delete(left.getPath(), true);
        }
    }

    /** Returns whether there is no checkpoint, good or bad. */
    public boolean isEmpty() throws IOException {
        return newestFirst().isEmpty();
    }

    /**
     * Writes a checkpoint, and then removes all but the newest {@code keep}.
     *
     * @throws IOException when it could not be written; those that were there still are
     */
    public void save(Checkpoint checkpoint, int keep) throws IOException {
        try (AtomicOutput output = AtomicOutput.open(placeOf(checkpoint.allSteps()), true, hadoop)) {
            CheckpointFormat.write(checkpoint, output.directory());
            output.commit();
        }
        keep(keep);
    }

    /** Removes all checkpoints but the newest few. */
    public void keep(int keep) throws IOException {
        List<Path> all = newestFirst();
        for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
            fileSystem.delete(old, true);
        }
    }

    /**
     * Returns the newest checkpoint that is whole; none when there is none.
     *
     * @param skipped is told of newer ones that are not, and why
     */
    public Optional<Checkpoint> newest(Consumer<String> skipped) throws IOException {
        for (Path checkpoint : newestFirst()) {
            try {
                String name = path + (path.endsWith("/") ? "" : "/") + checkpoint.getName();
                return Optional.of(CheckpointFormat.read(new HadoopDirectory(fileSystem, checkpoint), name));
            } catch (InvalidModelException e) {
                skipped.accept(e.getMessage());
            }
        }
        return Optional.empty();
    }

    private List<Path> newestFirst() throws IOException {
        if (!fileSystem.exists(directory)) {
            return List.of();
        }
        return Arrays.stream(fileSystem.listStatus(directory))
                .filter(FileStatus::isDirectory)
                .map(FileStatus::getPath)
                .filter(p -> NAME.matcher(p.getName()).matches())
                .sorted(Comparator.comparingLong(CheckpointStore::step).reversed())
                .toList();
    }

    private static long step(Path checkpoint) {
        Matcher matcher = NAME.matcher(checkpoint.getName());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
