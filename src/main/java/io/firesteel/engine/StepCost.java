package io.firesteel.engine;

import io.firesteel.linalg.Precision;

/**
 * What a pass over all blocks of a step costs on a cluster, on paper. In seconds, with r the round trip between two hosts and B the
 * bytes that a link carries in a second in each direction:
 *
 * <pre>
 *   compute + fixed + perTask tasks + (roundTrips + perPiece pieces) r + bytes (perByte + onLink / B)
 * </pre>
 *
 * <p>The number of tasks, the pieces of theta's broadcast, the bytes and the computing time follow from how the engines work, and are
 * the components of this record. The coefficients are those of its {@link Way}. They were fitted to steps without products between 1, 2, 3
 * and 4 hosts of a laboratory, where authentication and encryption are on and all hosts share two cores: scaling.md in the
 * documents tells how, by what they are wrong, and how to fit them again.
 *
 * @param way how theta and sums travel
 * @param tasks that take part
 * @param pieces in which theta is broadcast; 0 where it is not
 * @param bytes that follow each other on the links, of the driver or of a task, whichever has more of each kind
 * @param compute the seconds in which the slowest core has computed its part
 */
public record StepCost(Way way, int tasks, int pieces, double bytes, double compute) {
    /** The bytes of a task and of an executor in a Spark job, beside theta and sums: counted on the links of the laboratory. */
    private static final double JOB_BYTES_OF_TASK = 11_400;

    private static final double JOB_BYTES_OF_EXECUTOR = 14_000;

    /** How many more copies of a broadcast the driver sends when the executors are twice as many: the others come from executors. */
    private static final double COPIES_PER_DOUBLING = 0.55;

    /** The ways of theta and sums, with what they cost beside the bytes. */
    public enum Way {
        /** A Spark job. */
        JOB(8e-3, 0.96e-3, 6.9, 7.5, 5.7e-9, 1.1),
        /** Resident tasks that talk to the driver alone. */
        STAR(0, 0.036e-3, 1.2, 0, 0.37e-9, 0.96),
        /** Resident tasks of which each passes on a slice of theta and adds up a slice of the sums. */
        SHARED(0, 0.15e-3, 2.6, 0, 0.84e-9, 1.1);

        private final double fixed; // seconds
        private final double perTask; // seconds
        private final double roundTrips;
        private final double perPiece; // round trips
        private final double perByte; // seconds: to pack, encrypt, unpack and add
        private final double onLink; // how often a byte is sent one after another

        Way(double fixed, double perTask, double roundTrips, double perPiece, double perByte, double onLink) {
            this.fixed = fixed;
            this.perTask = perTask;
            this.roundTrips = roundTrips;
            this.perPiece = perPiece;
            this.perByte = perByte;
            this.onLink = onLink;
        }
    }

    /**
     * A cluster.
     *
     * @param executors one or more
     * @param cores of each executor
     * @param bandwidth the bytes a second of each host's link, in each direction
     * @param roundTrip the seconds from one host to another and back
     */
    public record Cluster(int executors, int cores, double bandwidth, double roundTrip) {
        /** Returns the same cluster with another number of executors. */
        public Cluster with(int others) {
            return new Cluster(others, cores, bandwidth, roundTrip);
        }
    }

    /**
     * What a pass computes and exchanges, wherever it does.
     *
     * @param blocks that it sees
     * @param leaves these are cut into, the parts that threads can share
     * @param coreSeconds that one core takes for all of it
     * @param theta the number of parameters
     * @param sums the number of sums that come back
     * @param precision in which theta travels; sums are doubles
     */
    public record Load(int blocks, int leaves, double coreSeconds, int theta, int sums, Precision precision) {
        private double thetaBytes() {
            return (double) theta * precision.bytes();
        }

        private double sumBytes() {
            return (double) sums * Double.BYTES;
        }
    }

    /** Returns the cost of a pass by a Spark job: a task has a core, and all of its blocks. */
    public static StepCost job(Cluster cluster, Load load) {
        int tasks = (int) Math.min((long) cluster.executors * cluster.cores, load.blocks);
        int executors = Math.min(cluster.executors, tasks);
        int thetaBytes = (int) Math.min(Integer.MAX_VALUE, load.thetaBytes());
        int pieceBytes = StepTransport.Broadcasted.pieceKib(thetaBytes) << 10;
        int pieces = thetaBytes > StepTransport.MOST_INLINE_BYTES ? (thetaBytes + pieceBytes - 1) / pieceBytes : 0;
        double copies = 1 + COPIES_PER_DOUBLING * Math.log(executors) / Math.log(2);
        double bytes = copies * load.thetaBytes()
                + nodes(load.blocks, tasks) * load.sumBytes()
                + JOB_BYTES_OF_TASK * tasks
                + JOB_BYTES_OF_EXECUTOR * executors;
        return new StepCost(Way.JOB, tasks, pieces, bytes, part(load, load.blocks, tasks, 1));
    }

    /** Returns the cost of a pass by resident tasks: one on each executor that has blocks of it, with a thread for each core. */
    public static StepCost resident(Cluster cluster, Load load) {
        int tasks = Math.min(cluster.executors, load.blocks);
        int ofTask = divided(load.leaves, tasks);
        int threads = Math.min(cluster.cores, ofTask);
        double compute = part(load, load.leaves, tasks, threads);
        double nodes = nodes(load.leaves, tasks);
        if (tasks == 1 || load.sums < Residents.WORTH_SHARING) {
            double bytes = tasks * load.thetaBytes() + nodes * load.sumBytes();
            return new StepCost(Way.STAR, tasks, 0, bytes, compute);
        }
        double others = (tasks - 1.0) / tasks;
        double theta = load.thetaBytes() * (1 + others); // its slices from the driver, then to the other tasks
        double sums = load.sumBytes() * (nodes / tasks * others + 1); // to who adds them up, then to the driver
        return new StepCost(Way.SHARED, tasks, 0, theta + sums, compute);
    }

    /** Returns the seconds of the pass. */
    public double seconds(Cluster cluster) {
        return compute + exchange(cluster);
    }

    /** Returns the seconds of it that are not spent in computing. */
    public double exchange(Cluster cluster) {
        return way.fixed
                + way.perTask * tasks
                + (way.roundTrips + way.perPiece * pieces) * cluster.roundTrip
                + bytes * (way.perByte + way.onLink / cluster.bandwidth);
    }

    /** Returns the time of the core with the most of this many units, where tasks get equal parts of them, and their threads of these. */
    private static double part(Load load, int units, int tasks, int threads) {
        return load.coreSeconds * divided(divided(units, tasks), threads) / units;
    }

    private static int divided(int units, int parts) {
        return (units + parts - 1) / parts;
    }

    /**
     * Returns the number of nodes of the summation tree over this many leaves that runs of equal length return in all: one each where
     * they are a power of two.
     */
    static int nodes(int leaves, int runs) {
        return nodes(leaves, runs, 0, 0);
    }

    private static int nodes(int leaves, int runs, int depth, long index) {
        long first = (leaves * index) >> depth;
        long end = (leaves * (index + 1)) >> depth;
        if (first == end) {
            return 0;
        }
        return run(leaves, runs, first) == run(leaves, runs, end - 1)
                ? 1
                : nodes(leaves, runs, depth + 1, 2 * index) + nodes(leaves, runs, depth + 1, 2 * index + 1);
    }

    /** Returns the run that has a leaf: run i has the leaves from leaves i / runs on. */
    private static long run(int leaves, int runs, long leaf) {
        return ((leaf + 1) * runs - 1) / leaves;
    }
}
