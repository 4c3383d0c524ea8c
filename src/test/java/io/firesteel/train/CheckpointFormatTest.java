package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.FileMutations;
import io.firesteel.model.InvalidModelException;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.Models;
import io.firesteel.model.TrainedModel;
import io.firesteel.train.Checkpoint.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointFormatTest {
    private static final TrainedModel MODEL = Models.threeClasses();
    private static final Fingerprint DATA = new Fingerprint(1000, 2, "0123abcd");

    private static Checkpoint checkpoint() {
        double[] first = new Random(1).doubles(MODEL.theta().length, -1, 1).toArray();
        double[] second = new Random(2).doubles(MODEL.theta().length, 0, 1e-300).toArray();
        double[] third = new Random(3).doubles(MODEL.theta().length, -2, 2).toArray();
        return new Checkpoint(MODEL, Map.of("m", first, "v", second), Map.of("rate", 0.1 + 0.2), third, DATA);
    }

    private static Models.Memory written(Checkpoint checkpoint) throws IOException {
        Models.Memory directory = new Models.Memory();
        CheckpointFormat.write(checkpoint, directory);
        return directory;
    }

    private static InvalidModelException refused(Models.Memory directory) {
        return assertThrows(InvalidModelException.class, () -> CheckpointFormat.read(directory, "dir"));
    }

    @Test
    void read_givesWhatWasWritten_bitForBit() throws IOException {
        Checkpoint written = checkpoint();
        Checkpoint read = CheckpointFormat.read(written(written), "dir");
        assertArrayEquals(written.model().theta(), read.model().theta());
        assertEquals(Set.of("m", "v"), read.vectors().keySet());
        assertArrayEquals(written.vectors().get("m"), read.vectors().get("m"));
        assertArrayEquals(written.vectors().get("v"), read.vectors().get("v"));
        assertArrayEquals(written.best(), read.point().best());
        assertEquals(DATA, read.data());
        assertEquals(Map.of("rate", 0.1 + 0.2), read.point().state().numbers());

        Trainer.ResumePoint point = read.point();
        assertEquals(2, point.state().step());
        assertEquals(List.of(new Step(0, 0.7), new Step(1, 0.1 + 0.2)), point.history());
        assertArrayEquals(written.model().theta(), point.state().theta());
    }

    @Test
    void read_withAnyByteOfAnyFileChanged_isRefused_orGivesTheSame() throws IOException {
        Models.Memory good = written(checkpoint());
        int refused = 0;
        for (String name : good.files.keySet()) {
            byte[] content = good.files.get(name);
            for (int at = 0; at < content.length; at += 1 + content.length / 200) {
                content[at] ^= 4;
                try {
                    Checkpoint read = CheckpointFormat.read(good, "dir");
                    // What is left: white space.
                    assertEquals("checkpoint.json", name);
                    assertArrayEquals(MODEL.theta(), read.model().theta());
                    assertEquals(DATA, read.data());
                    assertEquals(Map.of("rate", 0.1 + 0.2), read.numbers());
                } catch (InvalidModelException e) {
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                    assertTrue(e.getMessage().startsWith("dir"), e.getMessage());
                    refused++;
                }
                content[at] ^= 4;
            }
        }
        assertTrue(refused > 400, refused + " were refused");
    }

    /** Thousands of mutants, half of them with digests that fit what was made of them. */
    @Test
    void read_ofAMutant_isTheCheckpointOrRefused() throws IOException {
        FileMutations mutations = new FileMutations(written(checkpoint()).files, 1);
        int refused = 0;
        for (int i = 0; i < 6000; i++) {
            FileMutations.Mutant mutant = mutations.next();
            Models.Memory directory = new Models.Memory();
            directory.files.putAll(mutant.files());
            if (i % 2 == 0) {
                directory.sign();
            }
            try {
                Checkpoint read = CheckpointFormat.read(directory, "dir");
                if (i % 2 == 1) {
                    assertArrayEquals(MODEL.theta(), read.model().theta(), mutant.how());
                    assertArrayEquals(
                            checkpoint().vectors().get("m"), read.vectors().get("m"), mutant.how());
                    assertArrayEquals(
                            checkpoint().vectors().get("v"), read.vectors().get("v"), mutant.how());
                    assertArrayEquals(checkpoint().best(), read.best(), mutant.how());
                    assertEquals(DATA, read.data(), mutant.how());
                    assertEquals(Map.of("rate", 0.1 + 0.2), read.numbers(), mutant.how());
                }
            } catch (InvalidModelException e) {
                assertEquals(1, e.getMessage().lines().count(), mutant.how() + " gives " + e.getMessage());
                assertTrue(e.getMessage().startsWith("dir"), mutant.how() + " gives " + e.getMessage());
                refused++;
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(mutant.how(), e);
            }
        }
        assertTrue(refused > 4500 && refused < 6000, refused + " were refused");
    }

    @Test
    void read_ofATruncatedOrMissingFile_isRefused() throws IOException {
        for (String name : written(checkpoint()).files.keySet()) {
            Models.Memory directory = written(checkpoint());
            byte[] content = directory.files.get(name);
            for (int length : new int[] {0, 1, 7, content.length / 2, content.length - 1}) {
                directory.files.put(name, Arrays.copyOf(content, length));
                refused(directory);
            }
            directory.files.remove(name);
            assertTrue(refused(directory).getMessage().contains(name), name);
        }
    }

    @Test
    void read_ofAPlainModel_saysThatItIsNone() throws IOException {
        Models.Memory directory = written(checkpoint());
        directory.files.remove("checkpoint.json");
        assertEquals(
                "dir is not a checkpoint: it has no checkpoint.json",
                refused(directory).getMessage());
    }

    @Test
    void read_ofANewerVersion_saysSo() throws IOException {
        Models.Memory directory = written(checkpoint());
        String manifest = new String(directory.files.get("checkpoint.json"), StandardCharsets.UTF_8);
        String newer = manifest.replace("\"formatVersion\" : 1", "\"formatVersion\" : 7");
        directory.files.put("checkpoint.json", newer.getBytes(StandardCharsets.UTF_8));
        assertTrue(refused(directory).getMessage().contains("format version 7 is newer than 1"));
    }
}
