package io.firesteel.data;

import io.firesteel.data.RawBlocks.RawBlock;
import java.util.Collections;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Makes blocks of rows that are in the memory of one process: each task finds its blocks' rows where they lie, and nothing is
 * sent or written. Measured (28 columns of Parquet, two cores): the shuffle was nearly half of all reading.
 */
final class BlockGather {
    private BlockGather() {}

    /** The blocks; partition p holds run p of them. */
    static JavaRDD<RawBlock> of(NumberedRows source, Arrangement arrangement, Packing packing, Runs runs) {
        JavaRDD<RowBatch> all = source.batches().coalesce(1);
        return JavaSparkContext.fromSparkContext(all.context())
                .union(CollectionConverters.asScala(Collections.nCopies(runs.count(), all))
                        .toSeq())
                .mapPartitionsWithIndex(new Gather(arrangement, packing, runs), true);
    }

    /** Puts the blocks of a run together, whose rows are all in memory anyway. */
    private record Gather(Arrangement arrangement, Packing packing, Runs runs)
            implements Function2<Integer, Iterator<RowBatch>, Iterator<RawBlock>> {
        @Override
        public Iterator<RawBlock> call(Integer run, Iterator<RowBatch> batches) {
            int start = runs.start(run);
            int end = runs.end(run);
            Places[] places = IntStream.range(start, end)
                    .mapToObj(block -> new Places(arrangement.size(block)))
                    .toArray(Places[]::new);
            batches.forEachRemaining(batch -> {
                if (!arrangement.reaches(batch.head(), start, end)) {
                    return;
                }
                RecodedRows rows = packing.recoded(batch);
                arrangement.each(batch, (row, block, place) -> {
                    if (block >= start && block < end) {
                        places[block - start].put(place, rows, row);
                    }
                });
            });
            return IntStream.range(start, end)
                    .mapToObj(block -> RawBlock.of(block, places[block - start], packing.sparse()))
                    .iterator();
        }
    }
}
