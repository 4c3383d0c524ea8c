package io.firesteel.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Small models for tests. */
public final class Models {
    private Models() {}

    /** A two-class model of 2 features x0, x1 with scaled inputs and random weights. */
    public static TrainedModel twoClasses() {
        Network network = Network.of(List.of(2, 3, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        Scaling inputs = new Scaling(new double[] {1, -2}, new double[] {0.5, 4});
        return model(Task.CLASSIFICATION, network, inputs, List.of("no", "yes"), Scaling.none(1));
    }

    /** A model with three classes a, b, c. */
    public static TrainedModel threeClasses() {
        Network network =
                new Network(List.of(2, 4, 3, 3), List.of(Activation.TANH, Activation.RELU), Loss.SOFTMAX_CROSS_ENTROPY);
        return model(Task.CLASSIFICATION, network, Scaling.none(2), List.of("a", "b", "c"), Scaling.none(3));
    }

    /** A regression with so many targets. */
    public static TrainedModel regression(Scaling targets) {
        Network network = Network.of(List.of(2, targets.mean().length), Activation.TANH, Loss.SQUARED_ERROR);
        return model(Task.REGRESSION, network, Scaling.none(2), List.of(), targets);
    }

    /** A regression of three quantiles, whose target is scaled. */
    public static TrainedModel threeQuantiles() {
        Network network = Networks.of(List.of(2, 4, 3), Activation.TANH, Loss.QUANTILE);
        return model(
                Task.REGRESSION, network, Scaling.none(2), List.of(), new Scaling(new double[] {5}, new double[] {2}));
    }

    /** A model with three labels y0, y1, y2. */
    public static TrainedModel threeLabels() {
        Network network = Network.of(List.of(2, 4, 3), Activation.RELU, Loss.SIGMOID_CROSS_ENTROPY);
        return model(Task.MULTILABEL, network, Scaling.none(2), List.of(), Scaling.none(3));
    }

    /** A model of a category x0 with the values red, green, blue, and of a number x1, which may be missing. */
    public static TrainedModel mixed() {
        Network network = Network.of(List.of(4, 2, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel model =
                model(Task.CLASSIFICATION, network, Scaling.none(4), List.of("no", "yes"), Scaling.none(1));
        Encoding encoding = new Encoding(
                Missing.MEAN, Map.of("x1", -2.0), Unseen.IGNORE, Map.of("x0", List.of("blue", "green", "red")));
        Scaling scaling = new Scaling(new double[] {0, -2}, new double[] {1, 4});
        return new TrainedModel(encoded(model.description(), List.of("x0", "x1"), encoding, scaling), model.theta());
    }

    /** An ensemble of three members for two classes and two features. */
    public static TrainedModel threeMembers() {
        Network network = Network.of(List.of(2, 4, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY)
                .withMembers(3);
        return model(Task.CLASSIFICATION, network, Scaling.none(2), List.of("no", "yes"), Scaling.none(1));
    }

    /** One row for a model: 0.3, -0.7, ... for numbers, the first of categories. */
    public static double[] row(ModelDescription model) {
        double[] row = new double[model.inputs().features().size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = model.inputs()
                            .encoding()
                            .isCategory(model.inputs().features().get(i))
                    ? 0
                    : i % 2 == 0 ? 0.3 : -0.7;
        }
        return row;
    }

    /** The same description with other features, so encoded and scaled. */
    public static ModelDescription encoded(
            ModelDescription d, List<String> features, Encoding encoding, Scaling scaling) {
        return new ModelDescription(
                d.task(),
                d.network(),
                new ModelDescription.Inputs(features, d.inputs().ignored(), encoding, scaling),
                d.targets(),
                d.provenance());
    }

    /** A model of these parts with random weights. */
    public static TrainedModel model(
            Task task, Network network, Scaling inputs, List<String> classes, Scaling targets) {
        return new TrainedModel(
                description(task, network, inputs, classes, targets), Initializer.NORMAL.start(network, 1, 42));
    }

    /** The same description with other parameters. */
    public static TrainedModel with(TrainedModel model, double... theta) {
        return new TrainedModel(model.description(), theta);
    }

    private static ModelDescription description(
            Task task, Network network, Scaling inputs, List<String> classes, Scaling targets) {
        List<String> labels = task == Task.CLASSIFICATION
                ? List.of("y")
                : IntStream.range(0, network.targets()).mapToObj(i -> "y" + i).toList();
        List<String> features =
                IntStream.range(0, network.inputs()).mapToObj(i -> "x" + i).toList();
        return new ModelDescription(
                task,
                network,
                new ModelDescription.Inputs(features, List.of("id"), Encoding.NONE, inputs),
                new ModelDescription.Targets(labels, classes, null, targets, null),
                new ModelDescription.Provenance(
                        42,
                        1000,
                        10,
                        128,
                        Precision.DOUBLE.toString(),
                        new ModelDescription.Software("0.1.0", "4.1.0", "17", "a BLAS"),
                        Map.of("hidden", "3", "learning-rate", "0.1"),
                        List.of(new ModelDescription.Step(0, 0.7), new ModelDescription.Step(1, 0.1 + 0.2)),
                        null));
    }

    /** Metrics of one example with this loss, and a number besides. */
    public static Metrics metrics(double loss, String name, Double value) {
        return new Metrics(1, loss, Collections.singletonMap(name, value), new Metrics.Labels(List.of()));
    }

    /** A directory in memory. */
    public static final class Memory implements ModelFormat.Directory {
        public final Map<String, byte[]> files = new TreeMap<>();

        @Override
        public InputStream open(String name) throws FileNotFoundException {
            return new ByteArrayInputStream(content(name));
        }

        @Override
        public long length(String name) throws FileNotFoundException {
            return content(name).length;
        }

        @Override
        public OutputStream create(String name) {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    files.put(name, toByteArray());
                }
            };
        }

        /** Makes the digests in model.json, and in the checkpoint.json of a checkpoint, fit what is there. */
        public void sign() {
            sign("model.json", "descriptionSha256", Map.of("weights.safetensors", "weightsSha256"));
            Map<String, String> keys = new TreeMap<>();
            files.keySet().forEach(file -> keys.put(file, file));
            sign("checkpoint.json", "ownSha256", keys);
        }

        private void sign(String file, String own, Map<String, String> keys) {
            if (!files.containsKey(file)) {
                return;
            }
            String text = new String(files.get(file), ISO_8859_1);
            for (var key : keys.entrySet()) {
                if (files.containsKey(key.getKey())) {
                    text = with(text, key.getValue(), sha256(files.get(key.getKey())));
                }
            }
            String blank = with(text, own, "");
            files.put(file, with(blank, own, sha256(blank.getBytes(ISO_8859_1))).getBytes(ISO_8859_1));
        }

        private static String with(String text, String key, String value) {
            return text.replaceAll("(\"" + key + "\"\\s*:\\s*\")[0-9a-f]*", "$1" + value);
        }

        private static String sha256(byte[] content) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        private byte[] content(String name) throws FileNotFoundException {
            byte[] content = files.get(name);
            if (content == null) {
                throw new FileNotFoundException(name);
            }
            return content;
        }
    }
}
