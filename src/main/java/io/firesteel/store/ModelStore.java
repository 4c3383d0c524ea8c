package io.firesteel.store;

import io.firesteel.model.ModelFormat;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Model directories on any file system that Hadoop knows. */
public final class ModelStore {
    private ModelStore() {}

    /** Writes a model and puts it in its place. */
    public static void save(TrainedModel model, AtomicOutput output) throws IOException {
        ModelFormat.write(model, output.directory());
        output.commit();
    }

    /** Returns whether a path holds nothing but a model: it is free, an empty directory, or a model directory. */
    public static boolean mayReplace(String path, Configuration hadoop) throws IOException {
        return AtomicOutput.mayReplaceDirectory(path, ModelFormat.DESCRIPTION, hadoop);
    }

    /**
     * Reads a model directory.
     *
     * @throws java.io.FileNotFoundException when there is none
     * @throws io.firesteel.model.InvalidModelException when it is not whole
     */
    public static TrainedModel load(String path, Configuration hadoop) throws IOException {
        FileSystem fileSystem = new Path(path).getFileSystem(hadoop);
        return ModelFormat.read(new HadoopDirectory(fileSystem, AtomicOutput.locate(fileSystem, path)), path);
    }
}
