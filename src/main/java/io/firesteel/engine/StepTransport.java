package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Option;

/** A way for theta from the driver to the tasks of one step, and for their sums back; the driver closes it. */
sealed interface StepTransport extends Serializable, AutoCloseable {
    /** The size up to which theta travels inside the tasks' function; a larger one is broadcast. */
    int MOST_INLINE_BYTES = 128 << 10;

    /** Returns theta, in a task, which must not change it. */
    double[] theta();

    /**
     * Returns the task's result, which carries its sums to the driver.
     *
     * @param whenRead is run when the sums are read, whose memory may then be used again
     */
    default Parcel send(List<Node> sums, Runnable whenRead) {
        PackedNodes packed = PackedNodes.of(sums);
        whenRead.run();
        return packed;
    }

    /** Ends the step, on the driver. */
    @Override
    void close();

    /** The sums of a task, as they arrive at the driver. */
    interface Parcel extends Serializable {
        /** Offers the sums to the driver's tree, once. */
        void offerTo(SummationTree tree);
    }

    /** Returns the best way for a step with this theta, which is not to change before it is closed. */
    static StepTransport of(double[] theta, Precision precision, JavaSparkContext spark) {
        if (spark.isLocal()) {
            return SameJvm.with(theta);
        }
        Inline packed = Inline.of(theta, precision);
        return packed.bytes.length > MOST_INLINE_BYTES ? Broadcasted.of(packed, spark) : packed;
    }

    /** Inside the tasks' function, as bytes in the precision in which tasks compute: they would round theta anyway. */
    record Inline(Precision precision, byte[] bytes) implements StepTransport {
        static Inline of(double[] theta, Precision precision) {
            byte[] bytes = new byte[Math.multiplyExact(theta.length, precision.bytes())];
            Frame.putTheta(Frame.order(ByteBuffer.wrap(bytes)), theta, 0, theta.length, precision);
            return new Inline(precision, bytes);
        }

        @Override
        public double[] theta() {
            double[] theta = new double[bytes.length / precision.bytes()];
            Frame.theta(Frame.order(ByteBuffer.wrap(bytes)), theta, 0, theta.length, precision);
            return theta;
        }

        @Override
        public void close() {}
    }

    /** By a broadcast of the same bytes. */
    record Broadcasted(Broadcast<Inline> packed) implements StepTransport {
        private static final String BLOCK_SIZE = "spark.broadcast.blockSize";

        /**
         * Broadcasts theta in pieces of a fitting size: each costs an executor several round trips, and a few are enough for
         * executors to pass them on to one another. Spark reads the setting at every broadcast; its other ones, of tasks, are
         * small and should have small pieces, for which it makes room first.
         */
        static Broadcasted of(Inline packed, JavaSparkContext spark) {
            SparkConf conf = spark.sc().conf(); // getConf would be a copy
            synchronized (conf) {
                Option<String> before = conf.getOption(BLOCK_SIZE);
                conf.set(BLOCK_SIZE, pieceKib(packed.bytes.length) + "k");
                try {
                    return new Broadcasted(spark.broadcast(packed));
                } finally {
                    if (before.isDefined()) {
                        conf.set(BLOCK_SIZE, before.get());
                    } else {
                        conf.remove(BLOCK_SIZE);
                    }
                }
            }
        }

        /** Returns the size of a piece in KiB: a quarter of theta, between 1 and 4 MiB. */
        static int pieceKib(int bytes) {
            return Math.max(1 << 10, Math.min(4 << 10, bytes / (4 << 10)));
        }

        @Override
        public double[] theta() {
            return packed.value().theta();
        }

        @Override
        public void close() {
            packed.destroy();
        }
    }

    /**
     * By reference, where driver and tasks are threads of one JVM: only a number is sent. Spark gives tasks copies
     * only, so the number is the key of a shelf that all threads can reach; the shelf exists for one step.
     */
    record SameJvm(long step) implements StepTransport {
        /** The objects of a step: theta, and the sums by the number that their task was given. */
        private record Shelf(double[] theta, Map<Long, Left> sums) {}

        private record Left(List<Node> sums, Runnable whenRead) {}

        private static final Map<Long, Shelf> shelves = new ConcurrentHashMap<>();
        private static final AtomicLong numbers = new AtomicLong();

        static SameJvm with(double[] theta) {
            long step = numbers.incrementAndGet();
            shelves.put(step, new Shelf(theta, new ConcurrentHashMap<>()));
            return new SameJvm(step);
        }

        @Override
        public double[] theta() {
            return shelves.get(step).theta;
        }

        @Override
        public Parcel send(List<Node> sums, Runnable whenRead) {
            long number = numbers.incrementAndGet();
            shelves.get(step).sums.put(number, new Left(sums, whenRead));
            return new Ticket(step, number);
        }

        @Override
        public void close() {
            shelves.remove(step);
        }

        private record Ticket(long step, long number) implements Parcel {
            @Override
            public void offerTo(SummationTree tree) {
                Left left = shelves.get(step).sums.remove(number);
                left.sums.forEach(tree::offer);
                left.whenRead.run();
            }
        }
    }
}
