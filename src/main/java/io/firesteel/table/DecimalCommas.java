package io.firesteel.table;

import io.firesteel.model.Decimals;
import io.firesteel.table.RowParser.RowView;
import org.apache.spark.ml.linalg.Vector;

/** The cells of a row whose texts write numbers with a comma before the fraction. */
record DecimalCommas(RowView row) implements RowView {
    /** Returns a text that writes the same number with a point, or no number if this one does not. */
    static String withPoint(String text) {
        return text.indexOf('.') < 0 ? text.replace(',', '.') : "";
    }

    @Override
    public double decimal(int i) {
        return Decimals.parse(withPoint(text(i)));
    }

    @Override
    public boolean isNull(int i) {
        return row.isNull(i);
    }

    @Override
    public String text(int i) {
        return row.text(i);
    }

    @Override
    public double number(int i) {
        return row.number(i);
    }

    @Override
    public boolean isTrue(int i) {
        return row.isTrue(i);
    }

    @Override
    public Vector vector(int i) {
        return row.vector(i);
    }

    @Override
    public boolean setFeatures(Rows.Builder into) {
        return row.setFeatures(into);
    }
}
