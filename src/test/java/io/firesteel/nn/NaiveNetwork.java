package io.firesteel.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The oracle: a network computed one example and one number at a time, as the notes first write it ("for i = 1 to m"),
 * in plain arrays, with {@link Math}, and without any code of Firesteel's.
 *
 * <p>It is naive on purpose. Derivatives are taken at z, not from the output; dz[L] is dL/da da/dz by the chain rule,
 * not A - Y; so neither of those two short cuts is taken on trust. Activations and losses go by the names that model
 * files use, and a name that it does not know is an error: a new one has to be written here again, independently.
 *
 * <p>W[l][i][j], l = 1 .. L, is the weight from unit j of layer l - 1 to unit i of layer l.
 */
public final class NaiveNetwork {
    private final int[] n; // n_0 .. n_L
    private final int L;
    private final List<String> activations; // of the hidden layers
    private final String loss;
    private final double[][][] W;
    private final double[][] b;
    private double smoothing; // of labels
    private Masks masks = (l, unit, example) -> 1;

    /** Dropout: what unit {@code unit} of layer l (0 for the inputs) gives to the next one, for an example, is times this. */
    @FunctionalInterface
    public interface Masks {
        double factor(int l, int unit, int example);
    }

    /** A mean loss and its gradient, the latter as W[1] b[1] W[2] b[2] ..., each matrix column after column. */
    public record Value(double loss, double[] gradient) {}

    /** A network of parameters 0; {@code activations} names one for each hidden layer. */
    public NaiveNetwork(int[] layers, List<String> activations, String loss) {
        this.n = layers.clone();
        this.L = layers.length - 1;
        this.activations = List.copyOf(activations);
        this.loss = loss;
        this.W = new double[L + 1][][];
        this.b = new double[L + 1][];
        for (int l = 1; l <= L; l++) {
            W[l] = new double[n[l]][n[l - 1]];
            b[l] = new double[n[l]];
        }
    }

    /** The network of the same shape and names. */
    public static NaiveNetwork like(Network network) {
        return new NaiveNetwork(
                network.units().stream().mapToInt(units -> units).toArray(),
                network.activations().stream().map(Activation::toString).toList(),
                network.loss().toString());
    }

    /** The members of an ensemble with these parameters, each a network of its own. */
    public static List<NaiveNetwork> members(Network network, double[] theta) {
        int n = theta.length / network.members();
        return IntStream.range(0, network.members())
                .mapToObj(i -> like(network).set(Arrays.copyOfRange(theta, i * n, (i + 1) * n)))
                .toList();
    }

    /** Sets the masks with which everything but {@link #predict} is computed. */
    public NaiveNetwork dropping(Masks masks) {
        this.masks = masks;
        return this;
    }

    /** Smooths the labels of a cross-entropy: the classes of an example share this much of its target. */
    public NaiveNetwork smoothing(double share) {
        smoothing = share;
        return this;
    }

    /** The target of output i: of softmax whether it is the class, smoothed among all classes, of a sigmoid among two. */
    private double target(int i, double[] y) {
        double truth = loss.startsWith("softmax") ? (i == (int) y[0] ? 1 : 0) : y[i];
        int classes = loss.startsWith("softmax") ? n[L] : 2;
        return truth + smoothing * (1.0 / classes - truth);
    }

    /** Sets all parameters from W[1] b[1] W[2] b[2] ..., each matrix column after column. */
    public NaiveNetwork set(double[] theta) {
        int at = 0;
        for (int l = 1; l <= L; l++) {
            for (int j = 0; j < n[l - 1]; j++) {
                for (int i = 0; i < n[l]; i++) {
                    W[l][i][j] = theta[at++];
                }
            }
            for (int i = 0; i < n[l]; i++) {
                b[l][i] = theta[at++];
            }
        }
        if (at != theta.length) {
            throw new IllegalArgumentException(theta.length + " parameters, expected " + at);
        }
        return this;
    }

    /** All parameters as W[1] b[1] W[2] b[2] ..., each matrix column after column. */
    public double[] theta() {
        return flat(W, b);
    }

    /** z[1] .. z[L] of example e, at the indices 1 .. L. */
    public double[][] z(double[] x, int e) {
        return z(x, e, masks);
    }

    private double[][] z(double[] x, int e, Masks M) {
        double[][] z = new double[L + 1][];
        double[] a = masked(0, x, e, M);
        for (int l = 1; l <= L; l++) {
            z[l] = new double[n[l]];
            for (int i = 0; i < n[l]; i++) {
                double sum = b[l][i];
                for (int j = 0; j < n[l - 1]; j++) {
                    sum += W[l][i][j] * a[j];
                }
                z[l][i] = sum;
            }
            a = l < L ? masked(l, g(l, z[l]), e, M) : null;
        }
        return z;
    }

    private static double[] masked(int l, double[] a, int e, Masks M) {
        double[] masked = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            masked[i] = a[i] * M.factor(l, i, e);
        }
        return masked;
    }

    /** a[L] of one example: its probabilities or predicted targets; quantiles from the least to the greatest. */
    public double[] predict(double[] x) {
        return ordered(outputs(x));
    }

    /** The same, quantiles in the order of the output units. */
    public double[] outputs(double[] x) {
        return output(z(x, 0, (l, unit, example) -> 1)[L]);
    }

    /** Outputs as they are predicted: quantiles from the least to the greatest. */
    public double[] ordered(double[] a) {
        return loss.equals("quantile") ? Arrays.stream(a).sorted().toArray() : a;
    }

    /** The level of quantile i, of as many at equal distances as there are outputs. */
    private double level(int i) {
        return (i + 1.0) / (n[L] + 1);
    }

    /** The weighted mean of the examples' losses, plus l2 / 2 times the sum of the squared weights, and the gradient. */
    public Value at(Samples samples, double l2) {
        double[][][] dW = new double[L + 1][][];
        double[][] db = new double[L + 1][];
        for (int l = 1; l <= L; l++) {
            dW[l] = new double[n[l]][n[l - 1]];
            db[l] = new double[n[l]];
        }
        double J = 0;
        double m = 0;
        for (int e = 0; e < samples.size(); e++) {
            double[] x = samples.x()[e];
            double[] y = samples.y()[e];
            double weight = samples.weights() == null ? 1 : samples.weights()[e];
            double[][] z = z(x, e);
            double[] a = output(z[L]);
            J += weight * lossOf(a, y);
            m += weight;
            double[] dz = lossDerivative(z[L], a, y);
            for (int l = L; l >= 1; l--) {
                double[] previous = masked(l - 1, l == 1 ? x : g(l - 1, z[l - 1]), e, masks);
                for (int i = 0; i < n[l]; i++) {
                    for (int j = 0; j < n[l - 1]; j++) {
                        dW[l][i][j] += weight * dz[i] * previous[j];
                    }
                    db[l][i] += weight * dz[i];
                }
                if (l > 1) {
                    double[] below = new double[n[l - 1]];
                    for (int j = 0; j < n[l - 1]; j++) {
                        for (int i = 0; i < n[l]; i++) {
                            below[j] += W[l][i][j] * dz[i];
                        }
                        below[j] *= masks.factor(l - 1, j, e) * gDerivative(l - 1, z[l - 1][j]);
                    }
                    dz = below;
                }
            }
        }
        J /= m;
        for (int l = 1; l <= L; l++) {
            for (int i = 0; i < n[l]; i++) {
                for (int j = 0; j < n[l - 1]; j++) {
                    dW[l][i][j] = dW[l][i][j] / m + l2 * W[l][i][j];
                    J += l2 / 2 * W[l][i][j] * W[l][i][j];
                }
                db[l][i] /= m;
            }
        }
        return new Value(J, flat(dW, db));
    }

    /** Steps of gradient descent from the present parameters; returns J after 0, 1, .. {@code steps} of them. */
    public double[] descend(Samples samples, double learningRate, double l2, int steps) {
        double[] history = new double[steps + 1];
        for (int step = 0; step < steps; step++) {
            Value value = at(samples, l2);
            history[step] = value.loss;
            double[] theta = theta();
            for (int i = 0; i < theta.length; i++) {
                theta[i] -= learningRate * value.gradient[i];
            }
            set(theta);
        }
        history[steps] = at(samples, l2).loss;
        return history;
    }

    private double[] g(int l, double[] z) {
        return Arrays.stream(z)
                .map(t -> switch (activations.get(l - 1)) {
                    case "sigmoid" -> 1 / (1 + Math.exp(-t));
                    case "tanh" -> Math.tanh(t);
                    case "relu" -> t > 0 ? t : 0;
                    case "leaky-relu" -> t > 0 ? t : 0.01 * t;
                    case "elu" -> t > 0 ? t : Math.expm1(t);
                    case "gelu" -> t / 2 * (1 + Math.tanh(geluInner(t)));
                    case "identity" -> t;
                    default -> throw unknown(activations.get(l - 1));
                })
                .toArray();
    }

    private double gDerivative(int l, double z) {
        return switch (activations.get(l - 1)) {
            case "sigmoid" -> Math.exp(-z) / ((1 + Math.exp(-z)) * (1 + Math.exp(-z)));
            case "tanh" -> 1 / (Math.cosh(z) * Math.cosh(z));
            case "relu" -> z > 0 ? 1 : 0;
            case "leaky-relu" -> z > 0 ? 1 : 0.01;
            case "elu" -> z > 0 ? 1 : Math.exp(z);
            case "gelu" -> {
                double inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);
                double cosh = Math.cosh(geluInner(z));
                yield (1 + Math.tanh(geluInner(z))) / 2 + z / 2 * inner / (cosh * cosh);
            }
            case "identity" -> 1;
            default -> throw unknown(activations.get(l - 1));
        };
    }

    private static double geluInner(double z) {
        return Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z);
    }

    private double[] output(double[] z) {
        double[] a = new double[z.length];
        double sum = Arrays.stream(z).map(Math::exp).sum();
        for (int i = 0; i < z.length; i++) {
            a[i] = switch (loss) {
                case "sigmoid-cross-entropy" -> 1 / (1 + Math.exp(-z[i]));
                case "softmax-cross-entropy" -> Math.exp(z[i]) / sum;
                case "squared-error", "absolute-error", "huber", "quantile" -> z[i];
                case "poisson" -> Math.exp(z[i]);
                default -> throw unknown(loss);
            };
        }
        return a;
    }

    /** The loss of an example with the outputs a. */
    public double lossOf(double[] a, double[] y) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += switch (loss) {
                case "sigmoid-cross-entropy" ->
                    -target(i, y) * Math.log(a[i]) - (1 - target(i, y)) * Math.log(1 - a[i]);
                case "softmax-cross-entropy" -> -target(i, y) * Math.log(a[i]);
                case "squared-error" -> (a[i] - y[i]) * (a[i] - y[i]) / 2;
                case "absolute-error" -> Math.abs(a[i] - y[i]);
                case "huber" -> {
                    double far = Math.abs(a[i] - y[i]);
                    yield far < 1 ? far * far / 2 : far - 0.5;
                }
                case "quantile" -> Math.max(level(i) * (y[0] - a[i]), (level(i) - 1) * (y[0] - a[i])) / a.length;
                case "poisson" -> (y[i] == 0 ? 0 : y[i] * Math.log(y[i] / a[i])) - y[i] + a[i];
                default -> throw unknown(loss);
            };
        }
        return sum;
    }

    /** dL/dz[L] = dL/da da/dz of one example. */
    private double[] lossDerivative(double[] z, double[] a, double[] y) {
        double[] dz = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            switch (loss) {
                case "sigmoid-cross-entropy" -> {
                    double da = -target(i, y) / a[i] + (1 - target(i, y)) / (1 - a[i]);
                    dz[i] = da * a[i] * (1 - a[i]);
                }
                case "softmax-cross-entropy" -> {
                    for (int c = 0; c < a.length; c++) { // each a_c enters the loss, and depends on z_i
                        double da = -target(c, y) / a[c];
                        dz[i] += da * a[c] * ((i == c ? 1 : 0) - a[i]);
                    }
                }
                case "squared-error" -> dz[i] = a[i] - y[i];
                case "absolute-error" -> dz[i] = a[i] > y[i] ? 1 : -1;
                case "huber" -> dz[i] = a[i] > y[i] + 1 ? 1 : a[i] < y[i] - 1 ? -1 : a[i] - y[i];
                case "quantile" -> dz[i] = ((a[i] > y[0] ? 1 : 0) - level(i)) / a.length;
                case "poisson" -> dz[i] = (1 - y[i] / a[i]) * Math.exp(z[i]);
                default -> throw unknown(loss);
            }
        }
        return dz;
    }

    private double[] flat(double[][][] weights, double[][] biases) {
        double[] flat = new double[0];
        for (int l = 1; l <= L; l++) {
            double[] part = new double[n[l] * (n[l - 1] + 1)];
            int at = 0;
            for (int j = 0; j < n[l - 1]; j++) {
                for (int i = 0; i < n[l]; i++) {
                    part[at++] = weights[l][i][j];
                }
            }
            for (int i = 0; i < n[l]; i++) {
                part[at++] = biases[l][i];
            }
            int length = flat.length;
            flat = Arrays.copyOf(flat, length + part.length);
            System.arraycopy(part, 0, flat, length, part.length);
        }
        return flat;
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("the oracle does not know " + name + ": write it there too");
    }
}
