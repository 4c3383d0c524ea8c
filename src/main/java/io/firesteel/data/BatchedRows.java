package io.firesteel.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Rows that are computed from other rows batch by batch. A batch from which fewer rows are made is the last one. */
public final class BatchedRows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int size;
    private final Function<List<Row>, List<Row>> each;
    private Iterator<Row> made = List.<Row>of().iterator();
    private boolean ended;

    /**
     * Takes the given rows in batches.
     *
     * @param size the number of rows of each batch but the last one
     * @param each makes rows from those of a batch; its result is read before the next call
     */
    public BatchedRows(Iterator<Row> rows, int size, Function<List<Row>, List<Row>> each) {
        this.rows = rows;
        this.size = size;
        this.each = each;
    }

    @Override
    public boolean hasNext() {
        if (!made.hasNext() && !ended) {
            List<Row> batch = new ArrayList<>(size);
            while (batch.size() < size && rows.hasNext()) {
                batch.add(rows.next());
            }
            List<Row> next = each.apply(batch);
            ended = batch.size() < size || next.size() < batch.size();
            made = next.iterator();
        }
        return made.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return made.next();
    }
}
