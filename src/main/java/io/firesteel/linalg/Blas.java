package io.firesteel.linalg;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.File;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The BLAS in use in this JVM: the OpenBLAS that Firesteel carries, else a native one that the machine has, else
 * netlib's Java kernels, chosen once with one log line that says which.
 *
 * <p>The BLAS never starts threads of its own: parallelism belongs to Spark, one thread a core. The system property
 * {@code firesteel.blas} ({@code openblas}, the default, or {@code java}) makes the choice by hand.
 */
public final class Blas {
    private static final Logger log = LoggerFactory.getLogger(Blas.class);

    /** Nanoseconds that this thread has spent in products. */
    private static final ThreadLocal<long[]> nanos = ThreadLocal.withInitial(() -> new long[1]);

    private static final BLAS blas;
    private static final String description;

    static {
        Chosen chosen = choose();
        blas = chosen.blas;
        description = chosen.description;
        log.info("BLAS: {}", description);
    }

    private record Chosen(BLAS blas, String description) {}

    private Blas() {}

    /** Returns the BLAS in use, for people: the model records it, because another one may differ in the last bits. */
    public static String description() {
        return description;
    }

    /** Returns the nanoseconds that the calling thread has spent in products since it started. */
    public static long productNanos() {
        return nanos.get()[0];
    }

    /** Counts the time since {@code start}, of System.nanoTime, as spent in a product. */
    static void countProductSince(long start) {
        nanos.get()[0] += System.nanoTime() - start;
    }

    private static Chosen choose() {
        String wanted = System.getProperty("firesteel.blas", "openblas");
        if (!wanted.equals("java")) {
            try {
                return new Chosen(openBlas(), "OpenBLAS " + OpenBlas.version() + ", " + processor());
            } catch (LinkageError | RuntimeException e) {
                log.warn("the carried OpenBLAS cannot be used here ({}): falling back", e.toString());
            }
            BLAS found = BLAS.getInstance();
            if (found instanceof NativeBLAS) {
                return new Chosen(found, "native BLAS of this machine");
            }
        }
        BLAS java = JavaBLAS.getInstance();
        return new Chosen(java, "netlib " + java.getClass().getSimpleName());
    }

    /**
     * Returns what OpenBLAS picks its kernels by, as far as Java can tell: other vector instructions round otherwise.
     */
    private static String processor() {
        return System.getProperty("os.arch") + ", " + ElementwiseKernels.INSTANCE.name();
    }

    private static BLAS openBlas() {
        // netlib reads this property when its native class is first touched, so nothing may touch netlib before.
        System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", OpenBlas.load());
        return NativeBLAS.getInstance();
    }

    /** The only place that names bytedeco, in a class of its own so that its absence is a LinkageError caught above. */
    private static final class OpenBlas {
        /** Loads the library into this process with one thread, and returns its path. */
        static String load() {
            // Not the class `openblas`: that would map a second copy of the library.
            String jni = Loader.load(openblas_nolapack.class);
            String library = new File(jni).getParent() + File.separator + libraryName();
            Loader.loadGlobal(library); // or the thread count below would not be found
            openblas_nolapack.blas_set_num_threads(1);
            return library;
        }

        private static String libraryName() {
            String system = System.getProperty("os.name");
            return system.startsWith("Mac") ? "libopenblas_nolapack.0.dylib" : "libopenblas_nolapack.so.0";
        }

        static String version() {
            String version = openblas_nolapack.class.getPackage().getImplementationVersion();
            return version == null ? "" : version;
        }
    }

    static void dgemm(
            String transA,
            String transB,
            int m,
            int n,
            int k,
            double[] a,
            int offsetA,
            int strideA,
            double[] b,
            int offsetB,
            int strideB,
            double beta,
            double[] c,
            int offsetC,
            int strideC) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) { // a sum over nothing, of whose operands netlib says that they are too short
            if (beta == 0) {
                Arrays.fill(c, offsetC, offsetC + m * n, 0);
            }
            return;
        }
        long start = System.nanoTime();
        blas.dgemm(transA, transB, m, n, k, 1, a, offsetA, strideA, b, offsetB, strideB, beta, c, offsetC, strideC);
        countProductSince(start);
    }

    static void sgemm(
            String transA,
            String transB,
            int m,
            int n,
            int k,
            float[] a,
            int offsetA,
            int strideA,
            float[] b,
            int offsetB,
            int strideB,
            float beta,
            float[] c,
            int offsetC,
            int strideC) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) { // a sum over nothing, of whose operands netlib says that they are too short
            if (beta == 0) {
                Arrays.fill(c, offsetC, offsetC + m * n, 0);
            }
            return;
        }
        long start = System.nanoTime();
        blas.sgemm(transA, transB, m, n, k, 1, a, offsetA, strideA, b, offsetB, strideB, beta, c, offsetC, strideC);
        countProductSince(start);
    }
}
