package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that stays: it holds the blocks of an executor and takes part in one pass after another, as the driver's messages say,
 * until the driver closes the connection.
 *
 * @param driver the host and
 * @param port the port on which the driver listens
 * @param secret what tells the training's own connections from others
 * @param sets the data sets whose blocks the tasks get
 * @param programs what they can be asked to compute
 * @param threads the threads of each task, by its rank, which is its partition's number
 */
record ResidentTask(
        String driver, int port, byte[] secret, List<DataSet> sets, List<Program> programs, List<Integer> threads)
        implements VoidFunction<Iterator<ResidentTask.Part>> {
    private static final Logger log = LoggerFactory.getLogger(ResidentTask.class);

    /**
     * A data set.
     *
     * @param blocks how many there are in all
     * @param blockRows the largest number of rows of a block
     */
    record DataSet(int blocks, int blockRows) implements Serializable {}

    /** A kernel over one of the data sets. */
    record Program(int set, Kernel<Block> kernel) implements Serializable {
        /** Returns whether it is this one. */
        boolean is(int ofSet, Kernel<Block> other) {
            return set == ofSet && (kernel == other || kernel.equals(other)); // mostly the same, which is soon seen
        }
    }

    /** A block of one of the data sets. */
    record Part(int set, Block block) implements Serializable {}

    /** Takes part in passes. Where it cannot reach the others it ends, and does not fail: Spark would blame the executor. */
    @Override
    public void call(Iterator<Part> parts) throws InterruptedException {
        List<Block[]> blocks = sets.stream().map(set -> new Block[set.blocks()]).toList();
        parts.forEachRemaining(part -> blocks.get(part.set)[part.block.number()] = part.block);
        try (ResidentMember member = new ResidentMember(this, TaskContext.get(), blocks)) {
            member.work();
        } catch (IOException e) {
            log.warn("a resident task ends: {}", e.toString());
        }
    }
}
