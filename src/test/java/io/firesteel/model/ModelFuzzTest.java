package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.FileMutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of model directories that are not what was written: each is the same model after all, or is refused in one
 * line, quickly, in little memory.
 */
class ModelFuzzTest {
    private static final int EACH = 1_500;

    /** What a load may allocate: this, and so many times the size of the files. */
    private static final long MOST_BYTES = 4 << 20;

    private static final int MOST_TIMES = 40;
    private static final long MOST_NANOS = 1_000_000_000;

    private static final List<TrainedModel> MODELS = List.of(
            Models.twoClasses(),
            Models.threeClasses(),
            Models.threeLabels(),
            Models.mixed(),
            Models.regression(new Scaling(new double[] {5, 0.1}, new double[] {1e-3, 7})),
            Models.regression(new Scaling(new double[] {-3}, new double[] {2})));

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int loaded;
    private int refused;

    /** The first loading loads classes, too, which is not to be measured. */
    @BeforeEach
    void loadOnce() throws IOException {
        ModelFormat.read(ModelFormatTest.wine(), "m");
    }

    private interface Loading {
        TrainedModel load() throws IOException;
    }

    /** Loads within the bounds; null when the model is refused. */
    private TrainedModel load(String how, long size, Loading loading) {
        long nanos = threads.getCurrentThreadCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        TrainedModel model = null;
        try {
            model = loading.load();
            loaded++;
        } catch (InvalidModelException e) {
            refused++;
            assertEquals(1, e.getMessage().lines().count(), how + " gives " + e.getMessage());
            assertTrue(e.getMessage().length() < 600, how + " gives " + e.getMessage());
            assertTrue(e.getMessage().startsWith("m"), how + " gives " + e.getMessage());
        } catch (Throwable e) {
            throw new AssertionError(how, e);
        }
        bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
        nanos = threads.getCurrentThreadCpuTime() - nanos;
        assertTrue(bytes < MOST_BYTES + MOST_TIMES * size, how + ": " + bytes + " bytes allocated for " + size);
        assertTrue(nanos < MOST_NANOS, how + ": " + nanos / 1e9 + " s");
        return model;
    }

    private static Models.Memory directory(Map<String, byte[]> files) {
        Models.Memory directory = new Models.Memory();
        directory.files.putAll(files);
        return directory;
    }

    private static long size(Map<String, byte[]> files) {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    private void assertSame(TrainedModel expected, TrainedModel model, String how) {
        assertArrayEquals(expected.theta(), model.theta(), how);
        double[] x = Models.row(expected.description());
        assertArrayEquals(expected.score(x), model.score(x), how);
        assertEquals(ModelFormat.toJson(expected.description()), ModelFormat.toJson(model.description()), how);
    }

    @Test
    void read_ofAMutant_isTheModelOrRefused() throws IOException {
        for (TrainedModel model : MODELS) {
            Models.Memory written = new Models.Memory();
            ModelFormat.write(model, written);
            FileMutations mutations = new FileMutations(written.files, 1);
            for (int i = 0; i < EACH; i++) {
                FileMutations.Mutant mutant = mutations.next();
                TrainedModel read = load(
                        mutant.how(), size(mutant.files()), () -> ModelFormat.read(directory(mutant.files()), "m"));
                if (read != null) {
                    assertSame(model, read, mutant.how());
                }
            }
        }
        assertTrue(refused > 0.99 * EACH * MODELS.size(), refused + " refused, " + loaded + " loaded");
    }

    /** Digests protect from accidents. An enemy makes them fit; then what was read may be another model, but is one. */
    @Test
    void read_ofAMutantWithDigestsThatFit_isAModelOrRefused() throws IOException {
        for (TrainedModel model : MODELS) {
            Models.Memory written = new Models.Memory();
            ModelFormat.write(model, written);
            FileMutations mutations = new FileMutations(written.files, 2);
            for (int i = 0; i < EACH; i++) {
                FileMutations.Mutant mutant = mutations.next();
                Models.Memory directory = directory(mutant.files());
                directory.sign();
                TrainedModel read = load(mutant.how(), size(directory.files), () -> ModelFormat.read(directory, "m"));
                if (read != null) {
                    assertUsable(read, mutant.how());
                }
            }
        }
        assertTrue(refused > EACH && loaded > EACH / 10, refused + " refused, " + loaded + " loaded");
    }

    @Test
    void read_ofAMutantInFormat2_isAModelOrRefused() throws IOException {
        FileMutations mutations = new FileMutations(ModelFormatTest.wine().files, 4);
        for (int i = 0; i < EACH; i++) {
            FileMutations.Mutant mutant = mutations.next();
            Models.Memory directory = directory(mutant.files());
            directory.sign();
            TrainedModel read = load(mutant.how(), size(directory.files), () -> ModelFormat.read(directory, "m"));
            if (read != null) {
                assertEquals(1, scores(read).length, mutant.how());
            }
        }
        assertTrue(refused > EACH / 4 && loaded > EACH / 40, refused + " refused, " + loaded + " loaded");
    }

    /** The scores of a row, NaN where the model refuses it since they are not finite. */
    private static double[] scores(TrainedModel model) {
        try {
            return model.score(Models.row(model.description()));
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().endsWith(TrainedModel.TOO_FAR), e.getMessage());
            ModelDescription description = model.description();
            int count = description.task() == Task.CLASSIFICATION
                    ? description.targets().classes().size()
                    : description.targets().labels().size();
            double[] none = new double[count];
            Arrays.fill(none, Double.NaN);
            return none;
        }
    }

    private void assertUsable(TrainedModel model, String how) {
        ModelDescription description = model.description();
        double[] scores = scores(model);
        assertEquals(
                description.task() == Task.CLASSIFICATION
                        ? description.targets().classes().size()
                        : description.targets().labels().size(),
                scores.length,
                how);
        boolean moderate = DoubleStream.of(model.theta()).allMatch(w -> Math.abs(w) < 1e9)
                && Arrays.stream(description.inputs().scaling().deviation()).allMatch(d -> d > 1e-9)
                && Arrays.stream(description.inputs().scaling().mean()).allMatch(m -> Math.abs(m) < 1e9)
                && Arrays.stream(description.targets().scaling().deviation()).allMatch(d -> d < 1e99)
                && Arrays.stream(description.targets().scaling().mean()).allMatch(m -> Math.abs(m) < 1e99);
        assertTrue(
                !moderate || Arrays.stream(scores).allMatch(Double::isFinite),
                how + " scores " + Arrays.toString(scores));
    }

    @Test
    void load_ofAMutantOnDisk_isTheModelOrRefused(@TempDir Path path) throws IOException {
        TrainedModel model = Models.twoClasses();
        Models.Memory written = new Models.Memory();
        ModelFormat.write(model, written);
        FileMutations mutations = new FileMutations(written.files, 3);
        for (int i = 0; i < 500; i++) {
            FileMutations.Mutant mutant = mutations.next();
            for (String file : written.files.keySet()) {
                Files.deleteIfExists(path.resolve(file));
            }
            for (var file : mutant.files().entrySet()) {
                Files.write(path.resolve(file.getKey()), file.getValue());
            }
            TrainedModel read = load(mutant.how(), size(mutant.files()), () -> {
                try {
                    return TrainedModel.load(path);
                } catch (InvalidModelException e) {
                    throw new InvalidModelException(e.getMessage().replace(path.toString(), "m"), e);
                }
            });
            if (read != null) {
                assertSame(model, read, mutant.how());
            }
        }
        assertTrue(refused > 490, refused + " refused, " + loaded + " loaded");
    }
}
