package io.firesteel.table;

import com.univocity.parsers.csv.CsvParser;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Cuts lines of CSV files into rows of texts, as Spark's reader does but without code that is made for the columns.
 *
 * @param files whose cells hold no line breaks
 * @param places of the texts among the cells of a line; the width of a line for the whole of a ragged one
 */
record CsvCells(CsvFiles files, int[] places) implements FlatMapFunction<Iterator<InternalRow>, Row> {
    /** Returns whether the rows of files are lines that can be cut here. */
    static boolean canCut(CsvFiles files) {
        return files.haveNoFurtherOptions()
                && !files.dialect().hasLineBreaks()
                && files.dialect().isByBytes();
    }

    /**
     * Returns rows in the canonical order, from partition to partition.
     *
     * @param names of the columns, or {@link Table#RAGGED}
     * @param inOnePartition whether all rows are to be in one partition
     */
    static JavaRDD<Row> of(Dataset<Row> lines, CsvFiles files, List<String> names, boolean inOnePartition) {
        Map<String, Integer> placeOf = files.places();
        int width = placeOf.size();
        int[] places = names.stream()
                .mapToInt(name -> name.equals(Table.RAGGED) ? width : placeOf.get(name))
                .toArray();
        return OrderedRows.of(CsvBody.lines(lines).rdd(), inOnePartition)
                .toJavaRDD()
                .mapPartitions(new CsvCells(files, places));
    }

    @Override
    public Iterator<Row> call(Iterator<InternalRow> lines) {
        int width = files.columns().size();
        int[] all = new int[width + 1];
        for (int i = 0; i < width; i++) {
            all[i] = i;
        }
        CsvRow cut = new CsvRow(all, width, width, files.dialect());
        CsvBody body = new CsvBody(files);
        CsvParser library = files.library();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                .filter(body)
                .map(row -> cells(cut, body.line(), library))
                .iterator();
    }

    private Row cells(CsvRow cut, CsvLine line, CsvParser library) {
        if (!cut.plain(line)) {
            cut.set(library.parseLine(line.text()));
        }
        int whole = files.columns().size();
        boolean isRagged = !cut.isNull(whole);
        Object[] texts = new Object[places.length];
        for (int i = 0; i < texts.length; i++) {
            boolean isThere = places[i] == whole ? isRagged : !isRagged && !cut.isNull(places[i]);
            texts[i] = isThere ? cut.text(places[i]) : null;
        }
        return RowFactory.create(texts);
    }
}
