package io.firesteel.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Firesteel's own version. */
public final class Version {
    private Version() {}

    /** Returns the version of the build. */
    public static String number() {
        try (InputStream in = Version.class.getResourceAsStream("/io/firesteel/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
