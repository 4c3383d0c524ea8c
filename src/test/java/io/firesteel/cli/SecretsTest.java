package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader's options may hold a password: none of its letters is written or printed. ClusterIT looks into the logs. */
@Tag("spark")
class SecretsTest {
    private static final String SECRET = "hunter2-9f3c1";
    private static final Path FLOWER = Path.of("data/flower.csv");

    @TempDir
    private Path dir;

    private Object[] train(Path data, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "color", "--model", dir.resolve("model"), "--iterations", 2
        };
        return Cli.plus(args, more);
    }

    private static String succeed(Object... args) {
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(0, outcome.code(), outcome.err());
        expectNoSecret("printed", outcome.out() + outcome.err());
        return outcome.out();
    }

    private static void refuse(Object... args) {
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(2, outcome.code(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        expectNoSecret("printed", outcome.out() + outcome.err());
    }

    private static void expectNoSecret(String where, String text) {
        assertFalse(text.contains(SECRET), () -> where + ": " + text);
    }

    private static void expectNoSecretBelow(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                expectNoSecret(file.toString(), Files.readString(file, ISO_8859_1));
            }
        }
    }

    @Test
    void option_staysOutOfModelsAndOutput() throws IOException {
        String option = "nullValue=" + SECRET;
        succeed(train(FLOWER, "--option", option, "--option", "nanValue=" + SECRET));
        Path model = dir.resolve("model");
        succeed("inspect", "--model", model, "--json");
        succeed("evaluate", "--model", model, "--data", FLOWER, "--option", option);
        succeed("predict", "--model", model, "--data", FLOWER, "--output", dir.resolve("out"), "--option", option);
        expectNoSecretBelow(dir);
    }

    @Test
    void option_ofAConfigFile_staysOutOfModelsAndOutput() throws IOException {
        Path config = Cli.write(dir.resolve("secret.properties"), "option=nullValue=" + SECRET);
        succeed(train(FLOWER, "--config", config));
        expectNoSecretBelow(dir.resolve("model"));
    }

    @Test
    void option_staysOutOfErrors() {
        refuse(train(dir.resolve("none.csv"), "--option", "password=" + SECRET));
        refuse(train(FLOWER, "--option", "password=" + SECRET, "--option", "header=maybe"));
        refuse(train(FLOWER, "--option", "password=" + SECRET, "--exclude", "none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SECRET, "password:" + SECRET})
    void option_withoutEquals_isNotRepeated(String option) {
        refuse(train(FLOWER, "--option", option));
    }
}
