package io.firesteel.linalg;

/** The functions of {@link Elementary} over a stretch of an array, in place, the same bits whichever class does it. */
interface Sweeps {
    /** Vector code where the virtual machine was given the module jdk.incubator.vector, else scalar code. */
    Sweeps INSTANCE = choose();

    /** What does the work, such as "vector 512 bit" or "scalar". */
    String name();

    /** x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(double[] x, int from, int to);

    /** x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(double[] x, int from, int to);

    /** x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(double[] x, int from, int to);

    /** x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(double[] x, int from, int to);

    /** x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(double[] x, int from, int to);

    /** x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(double[] x, int from, int to);

    /** x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(float[] x, int from, int to);

    /** x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(float[] x, int from, int to);

    /** x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(float[] x, int from, int to);

    /** x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(float[] x, int from, int to);

    /** x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(float[] x, int from, int to);

    /** x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(float[] x, int from, int to);

    private static Sweeps choose() {
        try {
            return new VectorSweeps();
        } catch (LinkageError absent) {
            return new ScalarSweeps();
        }
    }
}
