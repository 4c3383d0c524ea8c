package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlasTest {
    @Test
    void description_namesTheBlasThatWasAskedFor() {
        boolean java = "java".equals(System.getProperty("firesteel.blas"));
        String description = Blas.description();
        assertTrue(description.startsWith(java ? "netlib " : "OpenBLAS "), description);
        assertTrue(description.matches(java ? "netlib \\w+" : "OpenBLAS \\d+\\.\\d+.*"), description);
    }

    @Test
    void productNanos_growWithProducts() {
        Matrix a = Precision.DOUBLE.zeros(100, 100);
        long before = Blas.productNanos();
        Precision.DOUBLE.zeros(100, 100).addProduct(a, a);
        assertTrue(Blas.productNanos() > before);
    }

    /** A step's bits must not depend on who runs it: products give the same bits again, and on other threads. */
    @Test
    void products_repeatTheirBits() throws InterruptedException {
        for (Precision precision : Precision.values()) {
            Matrix a = precision.zeros(70, 50);
            Matrix b = precision.zeros(50, 90);
            for (int k = 0; k < 50; k++) {
                for (int i = 0; i < 70; i++) a.set(i, k, Math.sin(i + 70 * k));
                for (int j = 0; j < 90; j++) b.set(k, j, Math.cos(k + 50 * j));
            }
            double[] first = product(a, b);
            double[][] others = new double[4][];
            Thread[] threads = new Thread[others.length];
            for (int t = 0; t < threads.length; t++) {
                int slot = t;
                threads[t] = new Thread(() -> others[slot] = product(a, b));
                threads[t].start();
            }
            for (Thread thread : threads) thread.join();
            for (double[] other : others) {
                assertArrayEquals(first, other);
            }
        }
    }

    private static double[] product(Matrix a, Matrix b) {
        Matrix c = a.precision().zeros(a.rows(), b.cols());
        c.addProduct(a, b);
        double[] elements = new double[c.size()];
        c.copyInto(elements);
        return elements;
    }
}
