package io.firesteel.store;

import io.firesteel.model.ModelFormat;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/** A directory on a file system that Hadoop knows. A file of it is on the disk when it is closed. */
record HadoopDirectory(FileSystem fileSystem, Path directory) implements ModelFormat.Directory {
    @Override
    public InputStream open(String name) throws IOException {
        return fileSystem.open(new Path(directory, name));
    }

    @Override
    public long length(String name) throws IOException {
        return fileSystem.getFileStatus(new Path(directory, name)).getLen();
    }

    @Override
    public OutputStream create(String name) throws IOException {
        FSDataOutputStream file = fileSystem.create(new Path(directory, name));
        return new FilterOutputStream(file) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    file.write(bytes, offset, length);
                } catch (FSError e) { // Hadoop's for a full local disk
                    throw new IOException(e.getCause());
                }
            }

            @Override
            public void close() throws IOException {
                try (file) {
                    if (file.hasCapability(StreamCapabilities.HSYNC)) {
                        file.hsync();
                    }
                } catch (FSError e) {
                    throw new IOException(e.getCause());
                }
            }
        };
    }
}
