package io.firesteel.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Bytes allocated on the heap, by the virtual machine's own account. */
final class Allocations {
    private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** By the calling thread since it started. */
    static long ofThisThread() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** By all threads that live. */
    static long ofAllThreads() {
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
