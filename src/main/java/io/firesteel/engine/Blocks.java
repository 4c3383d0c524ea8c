package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.model.Metrics;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set on the cluster, ready for training: its blocks, packed and cached.
 *
 * @param rdd the blocks; a partition holds any of them
 * @param count how many blocks there are
 * @param blockRows the examples of a block; the last may have fewer
 * @param rows the number of examples
 * @param totalWeight the sum of the examples' weights; their number where they have none
 * @param bytes the memory of all blocks
 * @param usable whether all inputs are finite and small enough for finite scores
 * @param kernels the BLAS kernels of the executors: more than one name means that bits depend on where blocks are computed
 */
public record Blocks(
        JavaRDD<Block> rdd,
        int count,
        int blockRows,
        long rows,
        double totalWeight,
        long bytes,
        boolean usable,
        Set<String> kernels)
        implements AutoCloseable {
    /** The number of parameters from which on larger blocks save time in adding up sums. */
    private static final int LONG_SUM = 100_000;

    /**
     * The number of entries of X for each feature in a block with sparse inputs: see {@link #rowsFor(Network, double)}.
     */
    private static final double ENTRIES_PER_FEATURE = 8;

    /** The greatest number of rows of a sparse block: more would make a task's matrices large, and blocks few. */
    private static final int MOST_SPARSE_ROWS = 1 << 14;

    /**
     * Returns the number of rows of a block for a network: 512, twice as many where a block's sums are long, fewer where layers
     * are so wide that a block would not fit a cache anyway. It depends on nothing but the network, because the bits depend on it.
     */
    public static int rowsFor(Network network) {
        // Measured (AMD EPYC, one core): the part of a step that is not products is the least, within noise, from 512
        // rows on, for 784-256-10 and for 28-100-100-2, in both precisions; with 256 it is up to twice as much.
        // What grows with the parameters is adding up the blocks' sums: for 784-256-10, on two cores, what is left of a
        // task besides its products was 13% of a step with 512 rows and 10% with 1,024.
        int rows = network.parameterCount() < LONG_SUM ? 512 : 1024;
        int widest = Collections.max(network.units());
        return Math.max(16, Math.min(rows, Integer.highestOneBit((8 << 20) / widest)));
    }

    /**
     * Returns the number of rows of a block for a network whose inputs are sparse. Each block ends in a sum as large as W[1],
     * which is cleared, written and carried up the tree: a block should have several entries of X for each number of it, or
     * these would be most of a step's time. It depends on the network and the data alone, too.
     *
     * @param filled the part of the inputs that are not zero
     */
    public static int rowsFor(Network network, double filled) {
        int widest = Collections.max(network.units().subList(1, network.depth() + 1));
        int enough = (int) Math.min(MOST_SPARSE_ROWS, ENTRIES_PER_FEATURE / filled);
        int most = Math.min(MOST_SPARSE_ROWS, (8 << 20) / widest);
        return Math.max(16, Integer.highestOneBit(Math.min(most, Math.max(512, enough))));
    }

    /** Caches the blocks of an RDD, which are numbered 0 .. count - 1. */
    public static Blocks cached(JavaRDD<Block> rdd, int count, int blockRows, long rows) {
        rdd.setName("blocks").persist(StorageLevel.MEMORY_AND_DISK());
        try (JobRunner<Block> runner = new JobRunner<>(rdd, count, blockRows)) {
            double[] sums = runner.sum(new Size(), Point.NONE).sums();
            return new Blocks(rdd, count, blockRows, rows, sums[0], (long) sums[1], sums[2] == 0, runner.blas());
        }
    }

    /** The sum of the weights, the bytes, and the number of blocks with inputs that are too large. */
    private record Size() implements Kernel.Plain<Block> {
        @Override
        public String purpose() {
            return "scale rows and pack blocks";
        }

        @Override
        public int length() {
            return 3;
        }

        @Override
        public void add(Block block, double[] sums) {
            sums[0] += block.examples().totalWeight();
            sums[1] += block.examples().bytes();
            sums[2] += block.examples().x().isWithin(TrainedModel.LARGEST_INPUT) ? 0 : 1;
        }
    }

    /** Returns whether tasks are threads of this process, in whose memory all blocks are. */
    boolean areHere() {
        return CachedPartitions.of(rdd).areHere();
    }

    /** Returns all blocks for the threads of the driver: those of the cache themselves where they are here, else copies. */
    List<Block> onDriver() {
        return areHere() ? Shelf.of(rdd) : rdd.collect();
    }

    /** The way of blocks from tasks to the driver of the same process: Spark would hand on copies. */
    private record Shelf(long number) implements BlockJob.Work<Block, Integer> {
        private static final Map<Long, Map<Integer, Block>> shelves = new ConcurrentHashMap<>();
        private static final AtomicLong numbers = new AtomicLong();

        static List<Block> of(JavaRDD<Block> rdd) {
            Shelf shelf = new Shelf(numbers.incrementAndGet());
            shelves.put(shelf.number, new ConcurrentHashMap<>());
            try {
                BlockJob.run("blocks to the driver", rdd, shelf, count -> {});
                return List.copyOf(shelves.get(shelf.number).values());
            } finally {
                shelves.remove(shelf.number);
            }
        }

        @Override
        public Integer on(Iterator<Block> blocks) {
            Map<Integer, Block> shelf = shelves.get(number);
            blocks.forEachRemaining(block -> shelf.put(block.number(), block));
            return shelf.size();
        }
    }

    /** Returns the first examples, at most this many, of the first block of the first partition that has any. */
    public Examples first(int most) {
        List<Examples> found = new ArrayList<>();
        for (int partition = 0; found.isEmpty(); partition++) {
            BlockJob.run("first rows", rdd, new int[] {partition}, new First(most), found::addAll);
        }
        return found.get(0);
    }

    private record First(int most) implements BlockJob.Work<Block, ArrayList<Examples>> {
        @Override
        public ArrayList<Examples> on(Iterator<Block> blocks) {
            ArrayList<Examples> first = new ArrayList<>();
            if (blocks.hasNext()) {
                Examples all = blocks.next().examples();
                first.add(all.columns(
                        IntStream.range(0, Math.min(most, all.size())).toArray()));
            }
            return first;
        }
    }

    /** Returns some of the examples, at equal distances in the canonical order: the same, and in the same order, on any cluster. */
    public List<Examples> sample(int most) {
        Map<Integer, Examples> parts = new ConcurrentSkipListMap<>();
        long every = (rows + most - 1) / most;
        BlockJob.run(
                "sample of rows",
                rdd,
                new Chosen(blockRows, every),
                some -> some.forEach(part -> parts.put(part.number(), part.examples())));
        return List.copyOf(parts.values());
    }

    private record Chosen(int blockRows, long every) implements BlockJob.Work<Block, ArrayList<Block>> {
        @Override
        public ArrayList<Block> on(Iterator<Block> blocks) {
            ArrayList<Block> chosen = new ArrayList<>();
            blocks.forEachRemaining(block -> {
                Examples all = block.examples();
                long before = (long) block.number() * blockRows;
                int[] places = IntStream.range(0, all.size())
                        .filter(j -> (before + j) % every == 0)
                        .toArray();
                if (places.length > 0) {
                    chosen.add(new Block(block.number(), all.columns(places)));
                }
            });
            return chosen;
        }
    }

    /** Returns a runner over the blocks, whose passes are Spark jobs. */
    public Runner<Block> runner() {
        return new JobRunner<>(rdd, count, blockRows);
    }

    /** Returns the metrics of a network with these parameters. */
    public Metrics metrics(EvaluationKernel kernel, double[] theta) {
        try (Runner<Block> runner = runner()) {
            return kernel.metrics(theta, runner);
        }
    }

    /** Returns the sum of the weights of each class's examples, of which the first target is the class number. */
    public double[] classTotals(int classes) {
        try (Runner<Block> runner = runner()) {
            return runner.sum(new ClassTotals(classes), Point.NONE).sums();
        }
    }

    private record ClassTotals(int length) implements Kernel.Plain<Block> {
        @Override
        public String purpose() {
            return "rows of each class";
        }

        @Override
        public void add(Block block, double[] sums) {
            Examples examples = block.examples();
            for (int j = 0; j < examples.size(); j++) {
                sums[(int) examples.y().get(0, j)] += examples.weight(j);
            }
        }
    }

    /**
     * Returns a checksum of all blocks, in hexadecimal. It is the same for the same blocks on any cluster, and almost
     * surely another one when a bit of them differs.
     */
    public String checksum() {
        long[] ofBlocks = new long[count];
        BlockJob.run("checksum of the blocks", rdd, new Check(), checked -> {
            for (int i = 0; i < checked.numbers.length; i++) {
                ofBlocks[checked.numbers[i]] = checked.checksums[i];
            }
        });
        CRC32C all = new CRC32C();
        for (long checksum : ofBlocks) {
            all.update(ByteBuffer.allocate(Long.BYTES).putLong(0, checksum));
        }
        return String.format("%08x", all.getValue());
    }

    private record Checked(int[] numbers, long[] checksums) implements Serializable {}

    private record Check() implements BlockJob.Work<Block, Checked> {
        @Override
        public Checked on(Iterator<Block> blocks) {
            IntStream.Builder numbers = IntStream.builder();
            LongStream.Builder checksums = LongStream.builder();
            blocks.forEachRemaining(block -> {
                CRC32C checksum = new CRC32C();
                block.examples().x().feed(checksum);
                block.examples().y().feed(checksum);
                if (block.examples().weights() != null) {
                    block.examples().weights().feed(checksum);
                }
                numbers.add(block.number());
                checksums.add(checksum.getValue());
            });
            return new Checked(numbers.build().toArray(), checksums.build().toArray());
        }
    }

    /** Frees the cache. */
    @Override
    public void close() {
        rdd.unpersist(false);
    }
}
