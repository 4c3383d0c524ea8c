package io.firesteel.export;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.firesteel.model.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file as onnxruntime understands it. */
public final class Onnx implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    public Onnx(byte[] file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(file, options);
        }
    }

    static Onnx of(TrainedModel model) throws OrtException {
        return new Onnx(bytes(model));
    }

    static byte[] bytes(TrainedModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            OnnxExport.of(model, "1.2.3").writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** What a model gives: scores (N, n), and predictions: String[] (N), long[][] (N, n) or double[][] (N, n). */
    public record Result(double[][] scores, Object predictions) {}

    /** The result for columns by the names of inputs: double[][] (N, k), or String[] or long[] for (N, 1). */
    public Result run(Map<String, ?> columns) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (var column : columns.entrySet()) {
                inputs.put(column.getKey(), tensor(column.getValue()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                Object predictions = result.get("prediction").orElseThrow().getValue();
                var own = result.get("probabilities").or(() -> result.get("quantiles"));
                Object scores = own.isPresent() ? own.get().getValue() : predictions;
                return new Result((double[][]) scores, predictions);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Object values) throws OrtException {
        if (values instanceof String[] texts) {
            return OnnxTensor.createTensor(environment, texts, new long[] {texts.length, 1});
        }
        if (values instanceof long[] whole) {
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(whole), new long[] {whole.length, 1});
        }
        double[][] rows = (double[][]) values;
        double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return OnnxTensor.createTensor(
                environment, DoubleBuffer.wrap(all), new long[] {rows.length, all.length / rows.length});
    }

    /** Inputs and outputs with their types and shapes, as {@link OnnxExport#inputs} and {@link OnnxExport#outputs}. */
    List<String> ports() throws OrtException {
        List<String> ports = new ArrayList<>();
        for (var infos : List.of(session.getInputInfo(), session.getOutputInfo())) {
            for (var info : infos.entrySet()) {
                var tensor = (ai.onnxruntime.TensorInfo) info.getValue().getInfo();
                long[] shape = tensor.getShape();
                List<String> dimensions = new ArrayList<>();
                for (int i = 0; i < shape.length; i++) {
                    dimensions.add(shape[i] < 0 ? tensor.getDimensionNames()[i] : Long.toString(shape[i]));
                }
                ports.add(info.getKey() + " " + tensor.type.toString().toLowerCase(java.util.Locale.ROOT) + " "
                        + dimensions);
            }
        }
        return ports;
    }

    OnnxModelMetadata metadata() throws OrtException {
        return session.getMetadata();
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
