package io.firesteel.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.crypto.DecryptionPropertiesFactory;
import org.apache.parquet.crypto.FileDecryptionProperties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files say about themselves. */
@Tag("spark")
class FileFactsTest {
    /** A factory of keys, as Parquet's own encryption has it, which notes for which files it is asked. */
    public static final class Keys implements DecryptionPropertiesFactory {
        private static final List<Path> asked = new ArrayList<>();

        @Override
        public FileDecryptionProperties getFileDecryptionProperties(Configuration hadoop, Path file) {
            asked.add(file);
            return null; // not encrypted
        }
    }

    @Test
    void parquet_keysAreLookedUpByTheFile(@TempDir java.nio.file.Path dir) throws IOException {
        Path table = new Path(dir.resolve("table").toUri());
        TestSpark.session().range(3).coalesce(1).write().parquet(table.toString());
        Configuration hadoop = new Configuration();
        hadoop.set(DecryptionPropertiesFactory.CRYPTO_FACTORY_CLASS_PROPERTY_NAME, Keys.class.getName());
        List<FileStatus> files = Arrays.stream(FileSystem.getLocal(hadoop).globStatus(new Path(table, "*.parquet")))
                .toList();
        assertEquals(
                Format.PARQUET, FileFacts.ofFew(files, hadoop).get(0).kind().format());
        assertEquals(List.of(files.get(0).getPath()), Keys.asked);
    }
}
