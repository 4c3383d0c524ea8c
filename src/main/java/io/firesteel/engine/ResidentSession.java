package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Pass;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.Slices;
import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.network.client.TransportClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The driver's side of resident tasks, from their start to their end: one Spark job. When anything goes wrong it is {@link Lost},
 * and with it nothing but the pass that was under way, for all that lasts is on the driver.
 */
final class ResidentSession implements Wire.Receiver, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResidentSession.class);

    /** The job's name on Spark's own pages. */
    private static final String NAME = "training steps by tasks that stay";

    /** How long the job may take to end when its tasks are told to. */
    private static final long END_SECONDS = 10;

    private static final long WAIT_MILLIS = 200;

    /** How long after the end of a task the job's own end is waited for, which comes when somebody has cancelled it. */
    private static final long CANCEL_MILLIS = 1000;

    private final SparkContext spark;
    private final List<ResidentTask.Program> programs;
    private final ResidentPlaces places;
    private final Limits limits;
    private final byte[] secret = new byte[Frame.SECRET_BYTES];
    private final Wire wire;
    private final JavaFutureAction<Void> job;
    private final Map<TransportClient, Integer> rankOf = new ConcurrentHashMap<>();
    private final TransportClient[] clients; // by rank
    private final int[][] holderOf; // the rank that has a block, by data set and number
    private final Set<String> blas = new TreeSet<>();
    private final List<Frame.Address> addresses; // of the tasks by rank, and of the driver
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final SpareArrays memory = new SpareArrays();
    private final Outbox outbox;
    private volatile String fault; // what went wrong; null while nothing has
    private double[] total = new double[0]; // of the last pass
    private volatile int pass; // its number
    private final Set<Integer> awaited = ConcurrentHashMap.newKeySet(); // the ranks that it waits for

    /** What arrives at the driver: a task's first message, or its sums. */
    private record Arrival(TransportClient client, Frame.Hello hello, Frame.Sums sums) {
        static final Arrival NOTHING = new Arrival(null, null, null);
    }

    /**
     * When something else is done.
     *
     * @param worthSharing the length of a vector from which on its slices go from task to task, so that the driver's link carries
     *     it once
     * @param startSeconds how long all tasks may take to start: where they find no free cores, a Spark job waits for them better
     */
    record Limits(int worthSharing, long startSeconds) {}

    /** Says that the tasks are gone. */
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1;

        Lost(String message) {
            super(message);
        }
    }

    /**
     * Starts the tasks and waits until all of them are there.
     *
     * @param places the tasks, and the partitions of the data sets, one after another, that each of them gets
     * @param threads of each task
     */
    ResidentSession(
            List<Blocks> data,
            List<ResidentTask.Program> programs,
            ResidentPlaces places,
            List<Integer> threads,
            Limits limits)
            throws Lost {
        this.programs = List.copyOf(programs);
        this.places = places;
        this.limits = limits;
        spark = data.get(0).rdd().context();
        int ranks = places.tasks().size();
        clients = new TransportClient[ranks];
        outbox = new Outbox(ranks);
        holderOf = data.stream().map(set -> new int[set.count()]).toArray(int[][]::new);
        for (int[] holders : holderOf) {
            Arrays.fill(holders, -1);
        }
        new SecureRandom().nextBytes(secret);
        SparkEnv env = SparkEnv.get();
        String host = env.blockManager().blockManagerId().host();
        wire = new Wire(env, spark.conf().get("spark.driver.bindAddress", host), this);
        addresses = new ArrayList<>(Collections.nCopies(ranks + 1, new Frame.Address(host, wire.port())));
        ResidentTask task = new ResidentTask(
                host,
                wire.port(),
                secret,
                data.stream()
                        .map(set -> new ResidentTask.DataSet(set.count(), set.blockRows()))
                        .toList(),
                this.programs,
                threads);
        job = BlockJob.start(NAME, parts(data, places), task);
        try {
            await(ranks);
        } catch (Lost e) {
            lose(e.getMessage()); // so that nobody waits for tasks that cannot start
            close();
            throw e;
        }
    }

    private static JavaRDD<ResidentTask.Part> parts(List<Blocks> data, ResidentPlaces places) {
        List<JavaRDD<ResidentTask.Part>> sets = new ArrayList<>();
        for (int set = 0; set < data.size(); set++) {
            sets.add(data.get(set).rdd().mapPartitions(new Mark(set)));
        }
        @SuppressWarnings("unchecked")
        JavaRDD<ResidentTask.Part>[] all = sets.toArray(JavaRDD[]::new);
        return JavaSparkContext.fromSparkContext(data.get(0).rdd().context())
                .union(all)
                .rdd()
                .coalesce(places.tasks().size(), false, Option.apply(places), null)
                .toJavaRDD();
    }

    private record Mark(int set) implements FlatMapFunction<Iterator<Block>, ResidentTask.Part> {
        @Override
        public Iterator<ResidentTask.Part> call(Iterator<Block> blocks) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return blocks.hasNext();
                }

                @Override
                public ResidentTask.Part next() {
                    return new ResidentTask.Part(set, blocks.next());
                }
            };
        }
    }

    private void await(int ranks) throws Lost {
        long start = System.nanoTime();
        for (int missing = ranks; missing > 0; ) {
            Arrival arrival = next();
            Frame.Hello hello = arrival.hello;
            if (hello == null && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(limits.startSeconds)) {
                throw new Lost(missing + " of " + ranks + " resident tasks did not start within " + limits.startSeconds
                        + " s");
            }
            if (hello != null && clients[hello.rank()] == null) {
                clients[hello.rank()] = arrival.client;
                addresses.set(hello.rank(), hello.address());
                blas.add(hello.blas());
                for (int set = 0; set < holderOf.length; set++) {
                    for (int block : hello.blocks().get(set)) {
                        holderOf[set][block] = hello.rank();
                    }
                }
                missing--;
            }
        }
        ByteBuffer peers = Frame.peers(addresses.subList(0, ranks));
        for (TransportClient client : clients) {
            client.send(peers.duplicate());
        }
    }

    /** Returns what arrives next, or nothing after a while. */
    private Arrival next() throws Lost {
        try {
            Arrival arrival = arrivals.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            if (fault != null) {
                throw new Lost(hasEnded(CANCEL_MILLIS) ? ending() : fault);
            }
            if (arrival != null) {
                return arrival;
            }
            if (hasEnded(0)) {
                throw new Lost(ending());
            }
            expectExecutors();
            return Arrival.NOTHING;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("the training was interrupted");
        }
    }

    /**
     * Makes sure that Spark has not given up an executor. One whose machine lost its power closes no connection, and where no core is
     * free for its task Spark neither starts that again nor ends the job.
     */
    private void expectExecutors() throws Lost {
        Set<String> there = Redistribution.cores(spark).keySet();
        for (ResidentPlaces.Task task : places.tasks()) {
            if (task.location() != null && !there.contains(task.location())) {
                lose(task.name() + " is lost");
                throw new Lost(fault);
            }
        }
    }

    /** Returns whether the job has ended, or does so within some time. */
    private boolean hasEnded(long millis) throws InterruptedException {
        try {
            job.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // ending() tells why
        }
    }

    /** Returns why the job ended; throws its exception if somebody cancelled it. */
    private String ending() throws InterruptedException {
        try {
            job.get();
            return "the resident tasks ended, since they do not reach each other";
        } catch (ExecutionException e) {
            String message = String.valueOf(e.getCause().getMessage());
            if (message.contains("cancelled")) {
                throw ExceptionUtils.<RuntimeException>rethrow(e.getCause()); // as BlockJob.run throws it
            }
            return message.lines().findFirst().orElse("");
        }
    }

    @Override
    public void received(TransportClient from, ByteBuffer bytes) {
        ByteBuffer message = Frame.order(bytes);
        byte kind = message.hasRemaining() ? message.get() : 0;
        if (kind == Frame.SUMS && rankOf.containsKey(from)) {
            arrivals.add(new Arrival(from, null, Frame.Sums.of(message, memory)));
        } else if (kind == Frame.WAITING && rankOf.containsKey(from)) {
            if (message.getInt() == pass) {
                awaited.remove(rankOf.get(from));
            }
        } else if (kind == Frame.HELLO && Frame.isSecret(message, secret)) {
            Frame.Hello hello = Frame.Hello.of(message);
            if (rankOf.containsValue(hello.rank())) { // Spark runs a task again, which it does when it knows of a loss
                lose("Spark started a resident task again");
            }
            rankOf.put(from, hello.rank());
            arrivals.add(new Arrival(from, hello, null));
        } else {
            from.close();
        }
    }

    @Override
    public void ended(TransportClient from) {
        Integer rank = rankOf.get(from);
        if (rank != null) {
            lose("the resident task on " + places.tasks().get(rank).name() + " is gone");
        }
    }

    private void lose(String why) {
        if (fault == null) {
            fault = why;
        }
        arrivals.add(Arrival.NOTHING); // wakes the one that waits
    }

    /** Returns the number of a program; -1 if the tasks do not have it. */
    int program(int set, Kernel<Block> kernel) {
        for (int i = 0; i < programs.size(); i++) {
            if (programs.get(i).is(set, kernel)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the BLAS kernels of the tasks. */
    Set<String> blas() {
        return blas;
    }

    /** Returns where the tasks listen, by rank, and the driver. */
    List<Frame.Address> addresses() {
        return addresses;
    }

    /**
     * Computes a program's sums over all blocks.
     *
     * @param number the program's
     * @param slices the driver's threads
     */
    Runner.Total sum(int number, Point point, Slices slices) throws Lost {
        long start = System.nanoTime();
        ResidentTask.Program program = programs.get(number);
        int length = program.kernel().length();
        int[] ranks = ranks(program.set(), program.kernel().pass(point.step(), holderOf[program.set()].length));
        boolean isShared = ranks.length > 1 && length >= limits.worthSharing;
        int next = pass + 1;
        pass = next;
        for (int i = 0; i < ranks.length; i++) {
            awaited.add(ranks[i]);
            double[] theta = point.theta();
            Frame.Slice slice = isShared
                    ? Frame.Slice.number(i, ranks.length, theta.length)
                    : new Frame.Slice(0, theta.length, theta.length);
            if (isShared || i == 0) {
                write(i, number, point, ranks, isShared, slice, program.kernel().precision());
            }
            clients[ranks[i]].send(outbox.message(isShared ? i : 0).duplicate());
        }
        List<Node> nodes = new ArrayList<>();
        Frame.Sums slowest = null;
        if (total.length != length) {
            total = new double[length];
        }
        for (int missing = ranks.length; missing > 0; ) {
            Frame.Sums sums = next().sums;
            if (sums != null && sums.pass() == pass) {
                awaited.remove(sums.rank());
                slowest = slowest == null || sums.nanos() > slowest.nanos() ? sums : slowest;
                if (isShared) {
                    double[] added = sums.nodes().get(0).sum();
                    System.arraycopy(added, 0, total, sums.from(), added.length);
                    memory.giveBack(added);
                } else {
                    nodes.addAll(sums.nodes());
                }
                missing--;
            }
        }
        if (!isShared) {
            SummationTree.Remainder remainder = new SummationTree.Remainder(nodes);
            slices.each(length, (from, to) -> remainder.addUp(total, from, to));
            nodes.forEach(node -> memory.giveBack(node.sum()));
        }
        return new Runner.Total(total, System.nanoTime() - start, slowest.nanos(), slowest.productNanos());
    }

    private void write(
            int receiver,
            int program,
            Point point,
            int[] ranks,
            boolean isShared,
            Frame.Slice slice,
            Precision precision) {
        long bytes = 2 + (4L + ranks.length) * Integer.BYTES + slice.bytes(precision);
        ByteBuffer message = outbox.empty(receiver, bytes);
        message.put(Frame.PASS)
                .putInt(pass)
                .putInt(program)
                .putInt(point.step())
                .put((byte) (isShared ? 1 : 0));
        Frame.putInts(message, ranks);
        slice.put(message);
        Frame.putTheta(message, point.theta(), slice.from(), slice.to(), precision);
        message.flip();
    }

    /** Returns the ranks that have blocks of a pass. */
    private int[] ranks(int set, Pass ofStep) throws Lost {
        BitSet ranks = new BitSet(clients.length);
        for (int leaf = 0; leaf < ofStep.leaves(); leaf++) {
            int holder = holderOf[set][ofStep.block(leaf)];
            if (holder < 0) {
                throw new Lost("no resident task has block " + ofStep.block(leaf));
            }
            ranks.set(holder);
        }
        return ranks.stream().toArray();
    }

    /** Returns the executors whose part of the pass is missing, but for tasks that wait for other tasks themselves. */
    String waitingFor() {
        return awaited.stream()
                .map(rank -> places.tasks().get(rank).name())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Returns the numbers of its Spark jobs. */
    List<Integer> jobs() {
        return job.jobIds();
    }

    /** Ends the tasks; where nothing went wrong it waits until Spark has their cores again. */
    @Override
    public void close() {
        boolean isLost = fault != null;
        lose("the resident tasks are ended");
        wire.close();
        try {
            if (isLost) {
                job.cancel(true);
            } else {
                job.get(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            job.cancel(true);
        } catch (ExecutionException e) {
            log.debug("the job of the resident tasks", e);
        } catch (InterruptedException e) {
            job.cancel(true);
            Thread.currentThread().interrupt();
        }
    }
}
