package io.firesteel.export;

import static io.firesteel.linalg.Elementary.GELU_CUBIC;
import static io.firesteel.linalg.Elementary.GELU_LINEAR;

import io.firesteel.export.OnnxGraph.Attribute;
import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Affine;
import io.firesteel.nn.CategoryEmbedding;
import io.firesteel.nn.Layer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Parametric;
import io.firesteel.nn.Periodic;
import io.firesteel.nn.Piecewise;
import java.util.ArrayList;
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

    /** Adds them all; returns A[L] (N, n_L) for X (N, n_0), standardised: the mean of the members'. */
    String add(String x) {
        String sum = member(0, x);
        for (int member = 1; member < network.members(); member++) {
            sum = graph.add("Add", "sum", List.of(sum, member(member, x)));
        }
        String mean = network.members() == 1
                ? sum
                : graph.add("Div", "mean", List.of(sum, constant("members", network.members())));
        return network.quantiles().isNone() ? mean : graph.ascending(mean, network.outputs());
    }

    /** Adds the nodes of a member; returns its A[L]. */
    private String member(int member, String x) {
        String a = x;
        int l = 0; // the affine layers so far
        for (int k = 0; k < network.layers().size(); k++) {
            Layer layer = network.layers().get(k);
            if (layer instanceof CategoryEmbedding embedding) {
                a = embedding(embedding, parameters.of(member, k), a);
            } else if (layer instanceof Piecewise encoding) {
                a = pieces(encoding, a);
            } else if (layer instanceof Periodic embedding) {
                a = embedding(embedding, parameters.of(member, k), a);
            } else if (layer instanceof Affine affine) {
                l = affine.l();
                a = affine(affine, parameters.of(member, k), a);
            } else if (layer instanceof Activation activation) {
                a = activation(activation, "A" + l, a, l);
            } else if (layer instanceof Parametric activation) {
                a = parametric(activation, parameters.of(member, k), a);
            }
        }
        return link(network.loss(), a, l);
    }

    /** Returns X (N, n_0) with P (N, T) beside it: of each piece between two knots the part below the number. */
    private String pieces(Piecewise layer, String x) {
        int n = layer.pieces();
        long[] places = new long[n]; // the number of each piece
        double[] below = new double[n];
        double[] length = new double[n];
        int at = 0;
        for (Piecewise.Pieces pieces : layer.numbers()) {
            for (int t = 0; t < pieces.count(); t++, at++) {
                places[at] = pieces.input();
                below[at] = pieces.knots().get(t);
                length[at] = pieces.knots().get(t + 1) - below[at];
            }
        }
        String numbers = graph.add(
                "Gather", "numbersP", List.of(x, graph.constant("placesP", places, n)), Attribute.of("axis", 1));
        String distance = graph.add("Sub", "distanceP", List.of(numbers, graph.constant("knots", below, n)));
        String parts = graph.add("Div", "partsP", List.of(distance, graph.constant("lengths", length, n)));
        String positive = graph.add("Max", "positiveP", List.of(parts, constant("zeroP", 0)));
        String limited = graph.add("Min", "P", List.of(positive, constant("oneP", 1)));
        return graph.add("Concat", "XP", List.of(x, limited), Attribute.of("axis", 1));
    }

    /**
     * Returns X (N, n_0) with E (N, 3 k) beside it: of each number x the functions V cos(2 pi (w x + b)) + a. The parameters of the k
     * numbers follow each other, and those of V by frequency.
     */
    private String embedding(Periodic layer, List<Matrix> parameters, String x) {
        int k = layer.numbers().size();
        int frequencies = Periodic.FREQUENCIES;
        int functions = Periodic.FUNCTIONS;
        long[] places = layer.numbers().stream().mapToLong(i -> i).toArray();
        String numbers = graph.add(
                "Gather", "numbers0", List.of(x, graph.constant("places0", places, k)), Attribute.of("axis", 1));
        String last = graph.constant("axis2", new long[] {2}, 1);
        String each = graph.add("Unsqueeze", "each0", List.of(numbers, last)); // (N, k, 1)
        String w = graph.constant("w0", numbers(parameters.get(0)), k, frequencies);
        String b = graph.constant("b0", numbers(parameters.get(1)), k, frequencies);
        String turns = graph.add("Add", "turns0", List.of(graph.add("Mul", "wx0", List.of(each, w)), b));
        // Onnxruntime has no Cos of doubles: it is the sine of a quarter of a turn more.
        String more = graph.add("Add", "more0", List.of(turns, constant("quarter0", 0.25)));
        String angle = graph.add("Mul", "angle0", List.of(more, constant("2 pi", 2 * Math.PI)));
        String c = graph.add("Sin", "c0", List.of(angle)); // (N, k, 16)
        String one = graph.add("Unsqueeze", "c0 one", List.of(c, graph.constant("axis3", new long[] {3}, 1)));
        String V = graph.constant("V0", numbers(parameters.get(2)), k, frequencies, functions);
        String products = graph.add("Mul", "Vc0", List.of(one, V)); // (N, k, 16, 3)
        String sums = graph.add("ReduceSum", "sums0", List.of(products, last), Attribute.of("keepdims", 0));
        String a = graph.constant("a0", numbers(parameters.get(3)), k, functions);
        String e = graph.add("Add", "e0", List.of(sums, a)); // (N, k, 3)
        String shape = graph.constant("shape0", new long[] {-1, (long) k * functions}, 2);
        String flat = graph.add("Reshape", "E0", List.of(e, shape));
        return graph.add("Concat", "A0", List.of(x, flat), Attribute.of("axis", 1));
    }

    /** Returns the columns of X (N, n) that stay, with C x of each feature beside them. */
    private String embedding(CategoryEmbedding layer, List<Matrix> parameters, String x) {
        List<String> parts = new ArrayList<>();
        List<String> embedded = new ArrayList<>();
        int behind = 0; // the last feature
        List<Matrix> ofFeatures = layer.ofFeatures(parameters.get(0));
        for (int f = 0; f < ofFeatures.size(); f++) {
            CategoryEmbedding.Feature feature = layer.features().get(f);
            if (feature.first() > behind) {
                parts.add(graph.columns(x, behind, feature.first()));
            }
            behind = feature.end();
            double[] transposed = numbers(ofFeatures.get(f)); // column after column, which is C^T row after row
            String C = graph.constant("C0^T", transposed, feature.count(), CategoryEmbedding.WIDTH);
            embedded.add(graph.add("MatMul", "e0", List.of(graph.columns(x, feature.first(), behind), C)));
        }
        if (layer.inputs() > behind) {
            parts.add(graph.columns(x, behind, layer.inputs()));
        }
        parts.addAll(embedded);
        return parts.size() == 1 ? parts.get(0) : graph.add("Concat", "A0", parts, Attribute.of("axis", 1));
    }

    /** Returns A[l] = Z[l] + alpha (g[l](Z[l]) - Z[l]). */
    private String parametric(Parametric layer, List<Matrix> parameters, String z) {
        int l = layer.l();
        String g = activation(layer.g(), "G" + l, z, l);
        String alpha = graph.constant("alpha" + l, numbers(parameters.get(0)), layer.units());
        String bend = graph.add("Sub", "bend" + l, List.of(g, z));
        return graph.add("Add", "A" + l, List.of(z, graph.add("Mul", "alphaBend" + l, List.of(alpha, bend))));
    }

    /**
     * Returns Z[l] = A[l-1] V[l]^T + b[l]^T, where V[l] is W[l], its columns times the factors of the inputs if there are any. It is column
     * after column, which is V[l]^T row after row.
     */
    private String affine(Affine layer, List<Matrix> parameters, String a) {
        int l = layer.l();
        double[] w = numbers(parameters.get(0));
        for (int j = 0; layer.scales() && j < layer.inputs(); j++) {
            for (int i = 0; i < layer.units(); i++) {
                w[j * layer.units() + i] *= parameters.get(2).get(j, 0);
            }
        }
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

    /** Returns a = g[l](Z[l]). */
    private String activation(Activation activation, String a, String z, int l) {
        return switch (activation) {
            case SIGMOID -> graph.add("Sigmoid", a, List.of(z));
            case TANH -> graph.add("Tanh", a, List.of(z));
            case RELU -> graph.add("Relu", a, List.of(z));
            case LEAKY_RELU -> graph.add("Max", a, List.of(z, times(z, Activation.LEAK, l)));
            case ELU -> elu(a, z, l);
            case GELU -> graph.add("Mul", a, List.of(z, graph.add("Sigmoid", "s" + l, List.of(geluArgument(z, l)))));
            case IDENTITY -> z;
        };
    }

    /** Returns z where it is positive, exp(min(z, 0)) - 1 elsewhere. */
    private String elu(String a, String z, int l) {
        String zero = constant("zero" + l, 0);
        String exp = graph.add("Exp", "exp" + l, List.of(graph.add("Min", "min" + l, List.of(z, zero))));
        String expm1 = graph.add("Sub", "expm1" + l, List.of(exp, constant("one" + l, 1)));
        return graph.add("Where", a, List.of(graph.add("Greater", "positive" + l, List.of(z, zero)), z, expm1));
    }

    /** Returns u = z (GELU_LINEAR + GELU_CUBIC z^2), of which gelu is z sigmoid(u). */
    private String geluArgument(String z, int l) {
        String cubic = times(graph.add("Mul", "square" + l, List.of(z, z)), GELU_CUBIC, l);
        String slope = graph.add("Add", "slope" + l, List.of(cubic, constant("linear" + l, GELU_LINEAR)));
        return graph.add("Mul", "u" + l, List.of(z, slope));
    }

    /** Returns A[L] = link(Z[L]); quantiles are put in order when their means over the members are formed. */
    private String link(Loss loss, String z, int l) {
        String a = "A" + l;
        return switch (loss) {
            case SIGMOID_CROSS_ENTROPY -> sigmoid(z, a);
            case SOFTMAX_CROSS_ENTROPY -> graph.add("Softmax", a, List.of(z), Attribute.of("axis", 1));
            case SQUARED_ERROR, ABSOLUTE_ERROR, HUBER, QUANTILE -> z;
            case POISSON -> graph.add("Exp", a, List.of(z));
        };
    }

    /** Returns exp(min(z, 0)) / (1 + exp(-|z|)). Onnxruntime's Sigmoid of doubles is 0 for z below -37, where this is exp(z). */
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
