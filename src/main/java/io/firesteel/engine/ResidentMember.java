package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.PartialSums;
import io.firesteel.compute.Point;
import io.firesteel.compute.SharedSums;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.network.client.TransportClient;

/**
 * A resident task at work.
 *
 * <p>A pass in which few numbers are exchanged has two messages for each task: theta from the driver, and the task's sums to it.
 * In a shared one the driver's connections carry theta and the sums once, whatever the number of tasks. It sends each task a
 * slice of theta, which the tasks pass on to each other; and each task adds up the slices of the sums that it gets from all
 * others, along the canonical tree, and sends the driver the result.
 */
final class ResidentMember implements Wire.Receiver, AutoCloseable {
    /** How long it waits before it looks whether it is to end. */
    private static final long WAIT_MILLIS = 200;

    /** After this many of these the driver is told that it waits for other tasks. */
    private static final int LONG_WAITS = 15;

    /** A pass in which the task takes part, with the ranks of all that do, in ascending order. */
    private record Pass(int number, int program, int step, boolean isShared, int[] ranks) {
        /** Comes after the last pass: nobody takes part in it. */
        static final Pass NONE = new Pass(0, 0, 0, false, new int[0]);
    }

    private final ResidentTask plan;
    private final TaskContext task;
    private final int rank;
    private final List<SharedSums<Block>> sums = new ArrayList<>(); // by data set
    private final Wire wire;
    private final TransportClient toDriver;
    private final Set<TransportClient> trusted = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Pass> passes = new LinkedBlockingQueue<>();
    private final Semaphore thetas = new Semaphore(0); // slices of the next pass's theta that others have sent
    private final BlockingQueue<Frame.Sums> arrived = new LinkedBlockingQueue<>(); // the others' parts of the own slice
    private final SpareArrays memory = new SpareArrays();
    private final Outbox outbox;
    private final TransportClient[] toPeers; // by rank; null until there is something to send
    private volatile List<Frame.Address> peers; // by rank
    private volatile boolean ended;
    private double[] theta = new double[0];

    ResidentMember(ResidentTask plan, TaskContext task, List<Block[]> blocks) throws IOException {
        this.plan = plan;
        this.task = task;
        rank = task.partitionId();
        int ranks = plan.threads().size();
        outbox = new Outbox(ranks + 1);
        toPeers = new TransportClient[ranks];
        for (int set = 0; set < blocks.size(); set++) {
            sums.add(new SharedSums<>(
                    Arrays.asList(blocks.get(set)),
                    plan.sets().get(set).blockRows(),
                    plan.threads().get(rank)));
        }
        SparkEnv env = SparkEnv.get();
        String host = env.blockManager().blockManagerId().host();
        wire = new Wire(env, host, this);
        try {
            toDriver = wire.connect(plan.driver(), plan.port());
            trusted.add(toDriver);
            List<int[]> numbers = blocks.stream()
                    .map(set -> Arrays.stream(set)
                            .filter(Objects::nonNull)
                            .mapToInt(Block::number)
                            .toArray())
                    .toList();
            Frame.Address address = new Frame.Address(host, wire.port());
            toDriver.send(new Frame.Hello(rank, address, Blas.description(), numbers).message(plan.secret()));
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    @Override
    public void received(TransportClient from, ByteBuffer bytes) {
        ByteBuffer message = Frame.order(bytes);
        byte kind = message.hasRemaining() ? message.get() : 0;
        if (!trusted.contains(from)) {
            if (kind == Frame.PEER && Frame.isSecret(message, plan.secret())) {
                trusted.add(from);
            } else {
                from.close();
            }
            return;
        }
        switch (kind) {
            case Frame.PEERS -> peers = Frame.addresses(message);
            case Frame.PASS -> {
                Pass pass = new Pass(
                        message.getInt(), message.getInt(), message.getInt(), message.get() == 1, Frame.ints(message));
                read(Frame.Slice.of(message), pass.program, message);
                passes.add(pass);
            }
            case Frame.THETA -> {
                int program = message.getInt();
                read(Frame.Slice.of(message), program, message);
                thetas.release();
            }
            case Frame.SUMS -> arrived.add(Frame.Sums.of(message, memory));
            default -> throw new IllegalStateException("a message of kind " + kind);
        }
    }

    /** Reads a slice of theta into its place: no message of a pass comes before the one before it is done here. */
    private void read(Frame.Slice slice, int program, ByteBuffer message) {
        Frame.theta(message, theta(slice.of()), slice.from(), slice.to(), precision(program));
    }

    private synchronized double[] theta(int length) {
        if (theta.length != length) {
            theta = new double[length];
        }
        return theta;
    }

    private Precision precision(int program) {
        return plan.programs().get(program).kernel().precision();
    }

    @Override
    public void ended(TransportClient from) {
        trusted.remove(from);
        if (from == toDriver) {
            ended = true;
            passes.add(Pass.NONE);
        }
    }

    /** Takes part in passes until the driver closes the connection, or Spark ends the task. */
    void work() throws IOException, InterruptedException {
        while (!isOver()) {
            Pass pass = passes.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (pass != null && pass.ranks.length > 0) {
                takePart(pass);
            }
        }
    }

    private boolean isOver() {
        return ended || task.isInterrupted();
    }

    private void takePart(Pass pass) throws IOException, InterruptedException {
        ResidentTask.Program program = plan.programs().get(pass.program);
        if (pass.isShared && !exchangeTheta(pass)) {
            return;
        }
        SharedSums<Block> here = sums.get(program.set());
        PartialSums.Result added = here.add(program.kernel(), new Point(theta, pass.step));
        List<Node> nodes = SummationTree.merged(added.nodes(), here.slices()); // fewer to send
        Frame.Sums mine = new Frame.Sums(pass.number, rank, added.nanos(), added.productNanos(), 0, nodes);
        int length = program.kernel().length();
        if (!pass.isShared) {
            toDriver.send(outbox.sums(outbox.last(), mine, 0, length));
            return;
        }
        int me = Arrays.binarySearch(pass.ranks, rank);
        for (int i = 0; i < pass.ranks.length; i++) {
            if (i != me) {
                Frame.Slice theirs = Frame.Slice.number(i, pass.ranks.length, length);
                int receiver = pass.ranks[i];
                peer(receiver).send(outbox.sums(receiver, mine, theirs.from(), theirs.size()));
            }
        }
        Frame.Slice slice = Frame.Slice.number(me, pass.ranks.length, length);
        double[] sum = addUp(nodes, slice, pass);
        if (sum != null) {
            List<Node> root = List.of(new Node(0, 0, sum));
            Frame.Sums total = new Frame.Sums(pass.number, rank, mine.nanos(), mine.productNanos(), slice.from(), root);
            toDriver.send(outbox.sums(outbox.last(), total, 0, slice.size()));
            memory.giveBack(sum);
        }
    }

    /** Sends the own slice of theta to the others, and waits for theirs; returns whether all came. */
    private boolean exchangeTheta(Pass pass) throws IOException, InterruptedException {
        int me = Arrays.binarySearch(pass.ranks, rank);
        Frame.Slice slice = Frame.Slice.number(me, pass.ranks.length, theta.length);
        ByteBuffer message = outbox.theta(rank, pass.program, theta, slice, precision(pass.program));
        for (int other : pass.ranks) {
            if (other != rank) {
                peer(other).send(message.duplicate());
            }
        }
        for (int waits = 1; !thetas.tryAcquire(pass.ranks.length - 1, WAIT_MILLIS, TimeUnit.MILLISECONDS); waits++) {
            if (isOver()) {
                return false;
            }
            tellOfWaiting(waits, pass);
        }
        return true;
    }

    private void tellOfWaiting(int waits, Pass pass) {
        if (waits == LONG_WAITS) {
            toDriver.send(Frame.waiting(pass.number));
        }
    }

    /** Adds up a slice of the own nodes and of those that the others send; returns null if the task is to end before. */
    private double[] addUp(List<Node> own, Frame.Slice slice, Pass pass) throws InterruptedException {
        List<Node> all = new ArrayList<>();
        for (Node node : own) {
            double[] part = memory.take(slice.size());
            System.arraycopy(node.sum(), slice.from(), part, 0, part.length);
            all.add(new Node(node.depth(), node.index(), part));
        }
        int waits = 0;
        for (int missing = pass.ranks.length - 1; missing > 0; ) {
            Frame.Sums theirs = arrived.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (theirs != null) {
                all.addAll(theirs.nodes());
                missing--;
            } else if (isOver()) {
                return null;
            } else {
                waits++;
                tellOfWaiting(waits, pass);
            }
        }
        double[] total = memory.take(slice.size());
        new SummationTree.Remainder(all).addUp(total, 0, total.length);
        all.forEach(node -> memory.giveBack(node.sum()));
        return total;
    }

    private TransportClient peer(int number) throws IOException {
        if (toPeers[number] == null) {
            Frame.Address address = peers.get(number);
            toPeers[number] = wire.connect(address.host(), address.port());
            toPeers[number].send(Frame.peer(plan.secret()));
        }
        return toPeers[number];
    }

    @Override
    public void close() {
        wire.close();
        sums.forEach(SharedSums::close);
    }
}
