package io.firesteel.export;

import static io.firesteel.linalg.Elementary.GELU_CUBIC;
import static io.firesteel.linalg.Elementary.GELU_LINEAR;

import io.firesteel.export.OnnxGraph.Attribute;
import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Affine;
import io.firesteel.nn.Layer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.util.List;

/**
 * The nodes of a network. In ONNX examples are rows: A[l] is (N, n_l), the transpose of the notes', and so Z[l] = A[l-1]
 * W[l]^T + b[l]^T.
 *
 * <p>All is in double, and of operators that onnxruntime has for double. It has none of LeakyRelu, Elu and Gelu, which are
 * put together from simpler ones; and up to 1.14 it makes one of Gemm and the activation behind it, which it then lacks,
 * where it leaves MatMul and Add alone.
 */
final class NetworkNodes {
    private final OnnxGraph graph;
    private final Network network;
    private final Parameters parameters;

    NetworkNodes(OnnxGraph graph, Network network, double[] theta) {
        this.graph = graph;
        this.network = network;
        this.parameters = Parameters.of(network, theta);
    }

    /** Adds them all; returns A[L] (N, n_L) for X (N, n_0), standardised. */
    String add(String x) {
        String a = x;
        int l = 0; // the affine layers so far
        for (int k = 0; k < network.layers().size(); k++) {
            Layer layer = network.layers().get(k);
            if (layer instanceof Affine affine) {
                l = affine.l();
                a = affine(affine, parameters.of(k), a);
            } else if (layer instanceof Activation activation) {
                a = activation(activation, a, l);
            }
        }
        return link(network.loss(), a, l);
    }

    /** Z[l] = A[l-1] W[l]^T + b[l]^T. W[l] is column after column, which is W[l]^T row after row. */
    private String affine(Affine layer, List<Matrix> parameters, String a) {
        int l = layer.l();
        double[] w = numbers(parameters.get(0));
        double[] b = numbers(parameters.get(1));
        String transposed = graph.constant("W" + l + "^T", w, layer.inputs(), layer.units());
        String product = graph.add("MatMul", "A" + (l - 1) + " W" + l + "^T", List.of(a, transposed));
        return graph.add("Add", "Z" + l, List.of(product, graph.constant("b" + l, b, b.length)));
    }

    private static double[] numbers(Matrix matrix) {
        double[] numbers = new double[matrix.size()];
        matrix.copyInto(numbers);
        return numbers;
    }

    /** A[l] = g[l](Z[l]). */
    private String activation(Activation activation, String z, int l) {
        String a = "A" + l;
        return switch (activation) {
            case SIGMOID -> graph.add("Sigmoid", a, List.of(z));
            case TANH -> graph.add("Tanh", a, List.of(z));
            case RELU -> graph.add("Relu", a, List.of(z));
            case LEAKY_RELU -> graph.add("Max", a, List.of(z, times(z, Activation.LEAK, l)));
            case ELU -> elu(z, l);
            case GELU -> graph.add("Mul", a, List.of(z, graph.add("Sigmoid", "s" + l, List.of(geluArgument(z, l)))));
            case IDENTITY -> z;
        };
    }

    /** z where it is positive, exp(min(z, 0)) - 1 elsewhere. */
    private String elu(String z, int l) {
        String zero = constant("zero" + l, 0);
        String exp = graph.add("Exp", "exp" + l, List.of(graph.add("Min", "min" + l, List.of(z, zero))));
        String expm1 = graph.add("Sub", "expm1" + l, List.of(exp, constant("one" + l, 1)));
        return graph.add("Where", "A" + l, List.of(graph.add("Greater", "positive" + l, List.of(z, zero)), z, expm1));
    }

    /** u = z (GELU_LINEAR + GELU_CUBIC z^2), of which gelu is z sigmoid(u). */
    private String geluArgument(String z, int l) {
        String cubic = times(graph.add("Mul", "square" + l, List.of(z, z)), GELU_CUBIC, l);
        String slope = graph.add("Add", "slope" + l, List.of(cubic, constant("linear" + l, GELU_LINEAR)));
        return graph.add("Mul", "u" + l, List.of(z, slope));
    }

    /** A[L] = link(Z[L]). */
    private String link(Loss loss, String z, int l) {
        String a = "A" + l;
        return switch (loss) {
            case SIGMOID_CROSS_ENTROPY -> sigmoid(z, a);
            case SOFTMAX_CROSS_ENTROPY -> graph.add("Softmax", a, List.of(z), Attribute.of("axis", 1));
            case SQUARED_ERROR, ABSOLUTE_ERROR, HUBER -> z;
            case POISSON -> graph.add("Exp", a, List.of(z));
        };
    }

    /** exp(min(z, 0)) / (1 + exp(-|z|)). Onnxruntime's Sigmoid of doubles is 0 for z below -37, where this is exp(z). */
    private String sigmoid(String z, String a) {
        String numerator =
                graph.add("Exp", "numerator", List.of(graph.add("Min", "min", List.of(z, constant("0", 0)))));
        String size = graph.add("Abs", "absolute", List.of(z));
        String exp = graph.add("Exp", "exp", List.of(graph.add("Neg", "negative", List.of(size))));
        String denominator = graph.add("Add", "denominator", List.of(exp, constant("1", 1)));
        return graph.add("Div", a, List.of(numerator, denominator));
    }

    private String times(String value, double factor, int l) {
        return graph.add("Mul", "multiple" + l, List.of(value, constant("factor" + l, factor)));
    }

    private String constant(String name, double value) {
        return graph.constant(name, new double[] {value});
    }
}
