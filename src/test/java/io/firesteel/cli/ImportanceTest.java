package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.TestSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate --importance} on a table of four blocks, in which y is the sign of a and the others do not matter. */
@Tag("spark")
class ImportanceTest {
    @TempDir
    private Path dir;

    private static JsonNode importance(String json) throws IOException {
        return new ObjectMapper().readTree(json).get("importance");
    }

    @Test
    void importance_isOfTheOneColumnThatMatters_onAnyPieces() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("constant,a,same,y"));
        for (int i = 0; i < 1900; i++) {
            double a = random.nextGaussian();
            lines.add("3," + a + ",0," + (a > 0 ? "yes" : "no"));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Path model = dir.resolve("model");
        Cli.succeed(
                "train", "--data", data, "--label", "y", "--model", model, "--hidden", "none", "--iterations", "50");
        Object[] args = {"evaluate", "--model", model, "--data", data, "--importance", "--metric", "accuracy"};
        String text = Cli.succeed(Cli.plus(args, "--json"));
        JsonNode importance = importance(text);
        assertEquals("a", importance.get(0).get("column").asText());
        // Half of the rows change their sign.
        assertEquals(0.5, importance.get(0).get("mean").asDouble(), 0.05);
        assertTrue(importance.get(0).get("deviation").asDouble() > 0);
        for (int i = 1; i < 3; i++) {
            assertEquals(0, importance.get(i).get("mean").asDouble());
            assertEquals(0, importance.get(i).get("deviation").asDouble());
        }
        assertEquals("constant", importance.get(1).get("column").asText());
        TestSpark.with(
                "spark.sql.files.maxPartitionBytes",
                "5000b",
                () -> assertEquals(text, Cli.succeed(Cli.plus(args, "--json"))));
        assertNotEquals(importance, importance(Cli.succeed(Cli.plus(args, "--json", "--seed", "2"))));
        String table = Cli.succeed(Cli.plus(args, "--repeats", "1"));
        assertTrue(
                table.matches("(?s).*permuted  accuracy worse by  deviation\\R +a +0\\.\\d{4} +0\\.0000\\R.*"), table);

        Object[] plain = {"evaluate", "--model", model, "--data", data};
        Cli.refuse(dir, Cli.plus(plain, "--repeats", "3"), "--repeats 3: expected --importance with it");
        Cli.refuse(dir, Cli.plus(args, "--repeats", "0"), "--repeats 0: expected 1 or more");
        Cli.refuse(dir, Cli.plus(plain, "--importance", "--metric", "rmse"), "--metric rmse", "accuracy");
    }
}
