package io.firesteel.data;

import io.firesteel.model.Encoding;
import io.firesteel.nn.Network;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import io.firesteel.train.TrainingConfig;
import java.util.List;

/** Reads tables as a training does. */
public final class TrainingSets {
    /** Features that are numbers, and may not be missing. */
    public static final FeatureKinds NUMBERS =
            new FeatureKinds(List.of(), Encoding.NONE.unseen(), Encoding.NONE.missing(), FeatureKinds.Dates.NONE);

    private TrainingSets() {}

    /** Reads a table for a network of some settings, into so many partitions. */
    public static TrainingSet read(
            Table table,
            Columns columns,
            FeatureKinds kinds,
            TrainingConfig config,
            boolean standardize,
            Split split,
            int partitions) {
        try (TableRows rows = TableRows.toTrainOn(NumberedRows.read(table, columns, kinds), null)) {
            Network network = config.network(columns.task(), rows.layout().inputs(), rows.outputs());
            return rows.trainingSet(
                    new Preparation(
                            network,
                            config.precision(),
                            config.seed(),
                            config.pace().hasBatches(),
                            standardize,
                            false,
                            0,
                            partitions),
                    split);
        }
    }
}
