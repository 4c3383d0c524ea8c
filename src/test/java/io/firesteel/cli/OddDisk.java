package io.firesteel.cli;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.TaskContext;

/** The local file system under another name, odd in how it makes files. */
public abstract class OddDisk extends RawLocalFileSystem {
    abstract String scheme();

    @Override
    public URI getUri() {
        return URI.create(scheme() + ":///");
    }

    @Override
    public void initialize(URI ignored, Configuration conf) throws IOException {
        super.initialize(getUri(), conf);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        return oddly(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    /** What comes of a new file. */
    abstract FSDataOutputStream oddly(FSDataOutputStream file) throws IOException;

    /** {@code held:}, where making a file takes as long as there is a file by the name {@code fs.held.by}. */
    public static final class Held extends OddDisk {
        @Override
        String scheme() {
            return "held";
        }

        /** The options of spark-submit for a driver that has this disk. */
        static java.util.List<String> options(java.nio.file.Path by) {
            return java.util.List.of(
                    "--driver-class-path",
                    Scripts.PROJECT.resolve("target/test-classes").toString(),
                    "--conf",
                    "spark.hadoop.fs.held.impl=" + Held.class.getName(),
                    "--conf",
                    "spark.hadoop.fs.held.by=" + by);
        }

        @Override
        FSDataOutputStream oddly(FSDataOutputStream file) throws IOException {
            try {
                while (java.nio.file.Files.exists(
                        java.nio.file.Path.of(getConf().get("fs.held.by")))) {
                    Thread.sleep(20);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return file;
        }
    }

    /** {@code lonely:}, where the driver does not see what tasks wrote, as if each machine had a disk of its own. */
    public static final class Lonely extends OddDisk {
        @Override
        String scheme() {
            return "lonely";
        }

        @Override
        FSDataOutputStream oddly(FSDataOutputStream file) {
            return file;
        }

        @Override
        public FileStatus[] listStatus(Path path) throws IOException {
            return Arrays.stream(super.listStatus(path))
                    .filter(file -> TaskContext.get() != null
                            || !file.getPath().getName().matches("(task_|part-).*"))
                    .toArray(FileStatus[]::new);
        }
    }

    /** {@code full:}, which is full from the {@link #filesUntilFull}th new file on. */
    public static final class Full extends OddDisk {
        static int filesUntilFull;

        @Override
        String scheme() {
            return "full";
        }

        @Override
        FSDataOutputStream oddly(FSDataOutputStream file) throws IOException {
            if (--filesUntilFull >= 0) {
                return file;
            }
            return new FSDataOutputStream(file, null) {
                @Override
                public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                    super.write(bytes, offset, length / 2);
                    throw new IOException("No space left on device");
                }
            };
        }
    }
}
