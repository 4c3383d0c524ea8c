package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
    @TempDir
    private Path temp;

    private SparkConf conf(Path events) {
        return new SparkConf(false)
                .set("spark.eventLog.enabled", "true")
                .set("spark.eventLog.dir", events.toUri().toString());
    }

    @Test
    void makeEventFolder_makesItForItsOwnerAlone() throws IOException {
        Path events = temp.resolve("a/b");
        Sessions.makeEventFolder(conf(events));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(events)));
        Sessions.makeEventFolder(conf(events)); // which is there
    }

    @Test
    void makeEventFolder_whereNoneIsWanted_makesNone() {
        Sessions.makeEventFolder(conf(temp.resolve("none")).set("spark.eventLog.enabled", "false"));
        assertFalse(Files.exists(temp.resolve("none")));
    }

    @Test
    void makeEventFolder_belowAFile_isRefused() throws IOException {
        Files.createFile(temp.resolve("file"));
        Path events = temp.resolve("file/events");
        UserError e = assertThrows(UserError.class, () -> Sessions.makeEventFolder(conf(events)));
        assertTrue(e.problem().startsWith("spark.eventLog.dir " + events.toUri() + " cannot be made: "), e.problem());
    }
}
