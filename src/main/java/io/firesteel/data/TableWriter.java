package io.firesteel.data;

import io.firesteel.spark.AtomicOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes a table: to one file when the name ends like a file's ({@code out.csv}), else to a directory of files. */
public final class TableWriter {
    private TableWriter() {}

    /**
     * Writes a table, whole or not at all.
     *
     * @param formatName null for what the name tells
     * @param check called when all rows are written; the table does not appear when this fails
     * @throws UserError when something is there already and is not to be replaced, or the place cannot be written
     */
    public static void write(Dataset<Row> data, String path, String formatName, boolean overwrite, Runnable check) {
        Format format = formatName != null ? Format.named(formatName) : Format.ofFile(path);
        if (format == Format.LIBSVM) {
            throw new UserError("--format libsvm cannot be written: expected csv, parquet, orc or json");
        }
        boolean oneFile = path.lastIndexOf('.') > path.lastIndexOf('/') + 1;
        try (AtomicOutput output = AtomicOutput.open(
                path, overwrite, data.sparkSession().sparkContext().hadoopConfiguration())) {
            Path written = new Path(output.temporary(), "table");
            (oneFile ? data.coalesce(1) : data)
                    .write()
                    .format(format.toString())
                    .option("header", "true")
                    .option("escape", "\"")
                    .save(written.toString());
            check.run();
            if (oneFile) {
                FileStatus[] files = output.fileSystem().listStatus(written);
                output.commit(Arrays.stream(files)
                        .map(FileStatus::getPath)
                        .filter(file -> file.getName().startsWith("part-"))
                        .findFirst()
                        .orElseThrow());
            } else {
                output.commit(written);
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserError(path + " exists: --overwrite replaces it", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + " cannot be written: " + e.getMessage(), e);
        }
    }
}
