package io.firesteel.table;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.store.AtomicOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** Writes a table: to one file if the name has an extension ({@code out.csv}), else to a directory of files. */
public final class TableWriter {
    private TableWriter() {}

    /**
     * Writes a table, whole or not at all.
     *
     * @param formatName the format's name; null to tell it by the path
     * @param check called when all rows are written; if it fails, the table does not appear
     * @throws UserError when the path exists and is not to be replaced, or cannot be written
     */
    public static void write(Dataset<Row> data, String path, String formatName, boolean overwrite, Runnable check) {
        Format format = formatName != null ? Format.named("output-format", formatName) : Format.ofFile(path);
        if (format == Format.LIBSVM) {
            throw new SettingError("output-format", format, "csv, parquet, orc or json");
        }
        for (StructField field : data.schema().fields()) {
            if (format == Format.CSV && Schema.isVector(field.dataType())) {
                throw new UserError(
                        path + ": column " + field.name() + " holds vectors, which a csv file cannot: expected "
                                + "parquet, orc or json",
                        "by the name of the output or " + SettingNames.mention("output-format"),
                        null);
            }
        }
        boolean oneFile = path.lastIndexOf('.') > path.lastIndexOf('/') + 1;
        Configuration hadoop = data.sparkSession().sparkContext().hadoopConfiguration();
        try (AtomicOutput output = open(path, overwrite, hadoop)) {
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
            throw new UserError(path + " exists", SettingNames.mention("overwrite") + " replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Makes sure, before the table is computed, that it can be written.
     *
     * @throws UserError as {@link #write}
     */
    public static void expectWritable(String path, boolean overwrite, Configuration hadoop) {
        Format.ofFile(path);
        try {
            open(path, overwrite, hadoop).close();
        } catch (FileAlreadyExistsException e) {
            throw new UserError(path + " exists", SettingNames.mention("overwrite") + " replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static AtomicOutput open(String path, boolean overwrite, Configuration hadoop) throws IOException {
        if (overwrite) {
            expectOurs(path, hadoop);
        }
        return AtomicOutput.open(path, overwrite, hadoop);
    }

    /**
     * Makes sure that a path to be replaced is a file or a directory that Spark wrote: other directories may hold more.
     */
    private static void expectOurs(String path, Configuration hadoop) {
        try {
            Path target = new Path(path);
            FileSystem fileSystem = target.getFileSystem(hadoop);
            boolean file = fileSystem.exists(target)
                    && fileSystem.getFileStatus(target).isFile();
            if (!file && !AtomicOutput.mayReplaceDirectory(path, "_SUCCESS", hadoop)) {
                throw new UserError(path + " is a directory of something else: " + SettingNames.mention("overwrite")
                        + " replaces a file, or a directory that holds a table");
            }
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(path + " cannot be written: " + e.getMessage(), e);
        }
    }
}
