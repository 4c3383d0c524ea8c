package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** The way of theta from the driver to the tasks of one step, and of their sums back; the driver closes it. */
public sealed interface Route extends Serializable, AutoCloseable {
    /**
     * Up to this size theta travels inside the tasks' function, which goes to every executor anyway; a larger one is
     * broadcast.
     */
    int MOST_INLINE_BYTES = 128 << 10;

    /** In a task: theta. It is only read. */
    double[] theta();

    /** In a task: what it returns to give its sums to the driver. The arrays may change afterwards. */
    Parcel send(List<Node> sums);

    /** On the driver, when the step has ended. */
    @Override
    void close();

    /** The sums of a task as they come to the driver. */
    public interface Parcel extends Serializable {
        /** On the driver, once: offers the sums to its tree. */
        void offerTo(SummationTree tree);
    }

    /** The best way for a step with this theta, which is not to change before the route is closed. */
    static Route of(double[] theta, Precision precision, JavaSparkContext spark) {
        if (spark.isLocal()) {
            return SameJvm.with(theta);
        }
        PackedPoint point = PackedPoint.of(theta, precision);
        return point.bytes().length > MOST_INLINE_BYTES ? new Broadcasted(spark.broadcast(point)) : new Inline(point);
    }

    /** Inside the tasks' function. */
    record Inline(PackedPoint point) implements Route {
        @Override
        public double[] theta() {
            return point.theta();
        }

        @Override
        public Parcel send(List<Node> sums) {
            return PackedNodes.of(sums);
        }

        @Override
        public void close() {}
    }

    /** By a broadcast. */
    record Broadcasted(Broadcast<PackedPoint> point) implements Route {
        @Override
        public double[] theta() {
            return point.value().theta();
        }

        @Override
        public Parcel send(List<Node> sums) {
            return PackedNodes.of(sums);
        }

        @Override
        public void close() {
            point.destroy();
        }
    }

    /** By reference, where driver and tasks are threads of one JVM: what travels is a number. */
    record SameJvm(long step) implements Route {
        /** What a step has left to be fetched: theta, and the sums by the number that their task got. */
        private record Shelf(double[] theta, Map<Long, List<Node>> sums) {}

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
        public Parcel send(List<Node> sums) {
            List<Node> copies = new ArrayList<>();
            for (Node node : sums) {
                copies.add(new Node(node.depth(), node.index(), node.sum().clone()));
            }
            long number = numbers.incrementAndGet();
            shelves.get(step).sums.put(number, copies);
            return new Ticket(step, number);
        }

        @Override
        public void close() {
            shelves.remove(step);
        }

        private record Ticket(long step, long number) implements Parcel {
            @Override
            public void offerTo(SummationTree tree) {
                shelves.get(step).sums.remove(number).forEach(tree::offer);
            }
        }
    }
}
