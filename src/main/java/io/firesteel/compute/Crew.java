package io.firesteel.compute;

import io.firesteel.linalg.Slices;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that wait for work that takes a fraction of a millisecond: the caller and its daemon threads share it. Waiting
 * threads spin a little before they sleep, because to wake one takes as long as a small step.
 */
public final class Crew implements Slices, AutoCloseable {
    /** The number of spins before a thread sleeps: about 20 microseconds. */
    private static final int SPINS = 500;

    /** The number of elements of a slice that are worth another thread: some ten microseconds of work. */
    private static final int WORTH_SHARING = 1 << 13;

    private final Member[] members; // they have the numbers 1, 2, ...; the caller is 0
    private final AtomicInteger working = new AtomicInteger();
    private volatile Thread caller;
    private volatile Throwable failure;
    private volatile boolean closed;

    /** Creates a crew of this many threads, of which the caller of its methods is one. */
    public Crew(int threads) {
        members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(i + 1);
            members[i].start();
        }
    }

    @Override
    public void each(int n, Work work) {
        int sharing = Math.min(members.length + 1, n / WORTH_SHARING);
        if (sharing < 2) {
            work.on(0, n);
        } else {
            run(sharing, k -> work.on((int) ((long) n * k / sharing), (int) ((long) n * (k + 1) / sharing)));
        }
    }

    /** Calls {@code work} with 0 .. threads - 1, each on a thread of its own, and returns when all have ended. */
    void run(int threads, IntConsumer work) {
        caller = Thread.currentThread();
        failure = null;
        working.set(threads - 1);
        for (int i = 0; i < threads - 1; i++) {
            members[i].begin(work);
        }
        try {
            work.accept(0);
        } finally {
            for (int spin = 0; working.get() > 0; spin++) {
                pause(spin, this);
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static void pause(int spin, Object blocker) {
        if (spin < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.park(blocker);
        }
    }

    private final class Member extends Thread {
        private final int number;
        private volatile IntConsumer work;

        Member(int number) {
            super("firesteel-" + number);
            this.number = number;
            setDaemon(true);
        }

        void begin(IntConsumer next) {
            work = next;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            for (int spin = 0; !closed; spin++) {
                IntConsumer next = work;
                if (next == null) {
                    pause(spin, Crew.this);
                    continue;
                }
                work = null;
                try {
                    next.accept(number);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                if (working.decrementAndGet() == 0) {
                    LockSupport.unpark(caller);
                }
                spin = 0;
            }
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Member member : members) {
            LockSupport.unpark(member);
        }
    }
}
