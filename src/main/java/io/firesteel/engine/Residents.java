package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resident tasks over the blocks of some data sets: one on each executor, which uses all of its cores. They start with the
 * first pass. When they are lost a Spark job takes the pass instead, which brings back lost blocks, too, and for the next pass
 * they start again.
 */
final class Residents {
    private static final Logger log = LoggerFactory.getLogger(Residents.class);

    /** The number of sums from which on they go round the tasks. */
    static final int WORTH_SHARING = 1 << 15;

    private static final ResidentSession.Limits LIMITS = new ResidentSession.Limits(WORTH_SHARING, 20);

    /** How often it looks whether other jobs wait for the cores that the tasks have. */
    private static final long COURTESY_NANOS = 1_000_000_000;

    private final List<Blocks> data;
    private final SparkContext spark;
    private final Placement placement;
    private final ResidentSession.Limits limits;
    private final List<ResidentTask.Program> programs = new ArrayList<>();
    private final Set<String> blas = new TreeSet<>();
    private final Redistribution redistribution;
    private volatile ResidentSession session; // null while there is none
    private boolean leavesCores; // whether each executor has cores besides the one that its task has
    private long looked; // when it last looked for other jobs
    private int losses; // in a row
    private int passesByJobs; // that are still to come before the tasks start again

    /** Decides which tasks there are. */
    @FunctionalInterface
    interface Placement {
        /** Returns the tasks, for these executors. */
        List<ResidentPlaces.Task> tasks(Set<String> executors) throws ResidentSession.Lost;
    }

    /** Creates resident tasks over some data sets of the same application, one on each executor. */
    Residents(List<Blocks> data) {
        this(data, executors -> atTheBlocks(data, executors), LIMITS);
    }

    /** Creates resident tasks in these places. */
    Residents(List<Blocks> data, Placement placement, ResidentSession.Limits limits) {
        this.data = List.copyOf(data);
        this.spark = data.get(0).rdd().context();
        this.placement = placement;
        this.limits = limits;
        redistribution = new Redistribution(data.stream().map(Blocks::rdd).toList());
    }

    /** Returns why there can be none for this data; null if there can. */
    static String hindrance(Blocks blocks) {
        if (CachedPartitions.of(blocks.rdd()).areOnDisk()) {
            return "some of the blocks are on disk";
        }
        return Wire.hindrance(blocks.rdd().context().conf());
    }

    /** Returns a runner over the blocks of a data set; the runners share the tasks, and one thread uses them. */
    Runner<Block> runner(int set) {
        return new OfSet(set);
    }

    private final class OfSet implements Runner<Block> {
        private final int set;
        private final Runner<Block> jobs;

        OfSet(int set) {
            this.set = set;
            jobs = data.get(set).runner();
        }

        @Override
        public Total sum(Kernel<Block> kernel, Point point) {
            if (passesByJobs > 0) {
                passesByJobs--;
                return jobs.sum(kernel, point);
            }
            try {
                ResidentSession resident = with(set, kernel);
                Total total = resident.sum(resident.program(set, kernel), point, slices());
                losses = 0;
                return total;
            } catch (ResidentSession.Lost e) {
                end();
                int passes = 1 << Math.min(4 * losses, 28); // 1, 16, 256, ...
                losses++;
                passesByJobs = passes - 1;
                String what = passes == 1 ? "this step is a Spark job" : "the next " + passes + " steps are Spark jobs";
                log.warn("{}: {}, then resident tasks start again", e.getMessage(), what);
                return jobs.sum(kernel, point);
            }
        }

        @Override
        public Slices slices() {
            return jobs.slices();
        }

        @Override
        public boolean isOnDriver() {
            return false;
        }

        @Override
        public String place() {
            return "by resident tasks";
        }

        @Override
        public String waitingFor() {
            ResidentSession resident = session;
            return resident == null ? jobs.waitingFor() : resident.waitingFor();
        }

        @Override
        public Set<String> blas() {
            Set<String> all = new TreeSet<>(blas);
            all.addAll(jobs.blas());
            return all;
        }

        @Override
        public void close() {
            end();
            jobs.close();
        }
    }

    /** Returns tasks that have a program. */
    private ResidentSession with(int set, Kernel<Block> kernel) throws ResidentSession.Lost {
        if (session != null && (session.program(set, kernel) < 0 || othersWait() || redistribution.takes())) {
            end();
        }
        if (session == null) {
            if (programs.stream().noneMatch(program -> program.is(set, kernel))) {
                programs.add(new ResidentTask.Program(set, kernel));
            }
            session = start();
            looked = System.nanoTime();
            blas.addAll(session.blas());
        }
        return session;
    }

    /**
     * Returns whether other jobs of the application have to wait for the tasks' cores. When the tasks end these jobs get the cores,
     * and the tasks that start then wait for them: so several trainings at a time share an executor of one core, too.
     */
    private boolean othersWait() {
        if (leavesCores || System.nanoTime() - looked < COURTESY_NANOS) {
            return false;
        }
        looked = System.nanoTime();
        return Arrays.stream(spark.statusTracker().getActiveJobIds())
                .anyMatch(job -> !session.jobs().contains(job));
    }

    private ResidentSession start() throws ResidentSession.Lost {
        for (Blocks set : data) {
            String hindrance = hindrance(set);
            if (hindrance != null) {
                throw new ResidentSession.Lost(hindrance);
            }
        }
        Map<String, Integer> cores = Redistribution.cores(spark);
        List<ResidentPlaces.Task> places = placement.tasks(cores.keySet());
        List<Integer> threads = places.stream()
                .map(task -> cores.getOrDefault(task.location(), 1))
                .toList();
        leavesCores = threads.stream().allMatch(own -> own > 1);
        return new ResidentSession(data, programs, new ResidentPlaces(places), threads, limits);
    }

    /** Returns a task on each executor that has blocks in its cache. Blocks that are lost are made again where few are. */
    private static List<ResidentPlaces.Task> atTheBlocks(List<Blocks> data, Set<String> executors)
            throws ResidentSession.Lost {
        List<String> locations = data.stream()
                .flatMap(set -> Redistribution.locations(set.rdd()).stream())
                .toList();
        Map<String, List<Integer>> partitions = new TreeMap<>();
        executors.forEach(executor -> partitions.put(executor, new ArrayList<>()));
        for (int i = 0; i < locations.size(); i++) {
            if (executors.contains(locations.get(i))) {
                partitions.get(locations.get(i)).add(i);
            }
        }
        for (int i = 0; i < locations.size(); i++) {
            if (!executors.contains(locations.get(i))) {
                partitions.values().stream()
                        .min(Comparator.comparingInt(List::size))
                        .orElseThrow(() -> new ResidentSession.Lost("there is no executor"))
                        .add(i);
            }
        }
        partitions.values().removeIf(List::isEmpty);
        List<ResidentPlaces.Task> places = new ArrayList<>();
        partitions.forEach((location, some) -> places.add(new ResidentPlaces.Task(location, some)));
        return places;
    }

    /** Ends the tasks, if there are any. */
    private void end() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
