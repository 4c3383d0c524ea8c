package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.NameList;
import io.firesteel.base.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void checked_homeAndColons() {
        String home = System.getProperty("user.home");
        String here = Path.of("").toAbsolutePath().toString();
        String[] args = {
            "train",
            "--model=~/x",
            "--data",
            "~/y.csv",
            "--output=run-10:30/out",
            "--resume",
            "s3a://b/c",
            "--label=~/z",
            "--warm-start",
            "hdfs://h:8020/m",
            "--checkpoint",
            "./a:b",
            "--config=~"
        };
        String[] expected = {
            "train",
            "--model=" + home + "/x",
            "--data",
            home + "/y.csv",
            "--output=" + here + "/run-10:30/out",
            "--resume",
            "s3a://b/c",
            "--label=~/z",
            "--warm-start",
            "hdfs://h:8020/m",
            "--checkpoint",
            "./a:b",
            "--config=" + home
        };
        assertArrayEquals(expected, Arguments.checked(args));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--data a --data b",
                "--data=a --data=b",
                "--exclude a --label y --exclude=b",
                "--overwrite --overwrite",
                "--option sep=; --option SEP=,",
                "--option sep=; --option=sep=;"
            })
    void checked_twice(String args) {
        String[] all = ("train " + args).split(" ");
        UserError error = assertThrows(UserError.class, () -> Arguments.checked(all));
        assertTrue(error.getMessage().contains("is given twice: expected it only once"), error.getMessage());
        assertTrue(!error.getMessage().contains(";"), error.getMessage());
    }

    @Test
    void checked_differentReaderOptions() {
        String[] args = {"train", "--option", "sep=;", "--option=quote='", "--option", "header=false"};
        assertArrayEquals(args, Arguments.checked(args));
    }

    /** The names as Python's csv module reads them: next(csv.reader([text], skipinitialspace=True)). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b|a;b",
                "\"price, USD\",b|price, USD;b",
                "b, \"price, USD\"|b;price, USD",
                "\"the \"\"big\"\" one, really\"|the \"big\" one, really",
                "x\"y,z|x\"y;z"
            })
    void names_parsed(String text, String expected) {
        List<String> names = List.of(expected.split(";"));
        assertEquals(names, NameList.parse(text));
        assertEquals(names, NameList.parse(NameList.join(names)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a,b", "\"a\"b,c"})
    void names_malformed(String text) {
        assertThrows(IllegalArgumentException.class, () -> NameList.parse(text));
    }
}
