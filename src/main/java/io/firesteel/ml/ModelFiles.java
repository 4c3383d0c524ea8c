package io.firesteel.ml;

import io.firesteel.model.TrainedModel;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Saves and loads models as Spark ML does: its metadata, and beside it a model directory of Firesteel, {@code
 * firesteel}, that every command of Firesteel takes.
 */
final class ModelFiles {
    private static final String DIRECTORY = "firesteel";

    private ModelFiles() {}

    /** Returns a model in a line: "FiresteelRegressionModel: uid=..., network 28-100-1, relu". */
    static String described(Params instance, TrainedModel model) {
        return instance.getClass().getSimpleName() + ": uid=" + instance.uid()
                + (model == null ? ", no model" : ", network " + model.network().summary());
    }

    static MLWriter writer(Params instance, TrainedModel model) {
        return new MLWriter() {
            @Override
            @SuppressWarnings("deprecation") // what is to be used instead is not in Spark 3.5
            public void saveImpl(String path) {
                DefaultParamsWriter.saveMetadata(instance, path, sc(), Option.empty(), Option.empty());
                try (AtomicOutput output = AtomicOutput.open(directory(path), false, sc().hadoopConfiguration())) {
                    ModelStore.save(model, output);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /**
     * Returns the model directory of what is saved at a path. A server of Spark Connect saves models to its own disk, and
     * Spark's metadata is a file then, not a directory.
     */
    private static String directory(String path) {
        boolean isLocal = path.startsWith("/") && Files.isRegularFile(java.nio.file.Path.of(path, "metadata"));
        return new Path(isLocal ? "file://" + path : path, DIRECTORY).toString();
    }

    static <M extends Params> MLReader<M> reader(Class<M> type, BiFunction<String, TrainedModel, M> make) {
        return new MLReader<>() {
            @Override
            @SuppressWarnings("deprecation") // what is to be used instead is not in Spark 3.5
            public M load(String path) {
                DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, sc(), type.getName());
                Configuration hadoop = sc().hadoopConfiguration();
                try {
                    M instance = make.apply(metadata.uid(), ModelStore.load(directory(path), hadoop));
                    metadata.getAndSetParams(instance, Option.empty());
                    return instance;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
