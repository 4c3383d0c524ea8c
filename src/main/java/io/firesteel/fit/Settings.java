package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.InferredTask;
import io.firesteel.data.Preparation;
import io.firesteel.data.TableRows;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Network;
import io.firesteel.optim.Schedule;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.Pace;
import io.firesteel.train.TrainingConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of a training, resolved and checked as far as that needs no data. {@link #builder()} makes them.
 *
 * @param inputs what a table's columns are
 * @param layers what the network has besides units and activations
 * @param config network, optimiser, length and what else the training loop needs
 * @param validation which rows the model is validated on
 * @param stopping what is measured on the validation rows and what follows; null where no rows are held out of the model's own
 *     training
 * @param metric by which models are compared
 * @param threshold above which the second of two classes is predicted; null for 1/2
 * @param engine where steps are computed
 * @param taskReason why the labels have this task; null where the task was asked for, or no label was seen yet
 * @param given the settings that were given, with which the rows of a table decide the others
 * @param open the keys of settings that the rows of a table will decide; empty once they have
 * @param texts the settings by their keys, as a model contains them, with the builder's notes
 */
public record Settings(
        Task task,
        InputSettings inputs,
        LayerSettings layers,
        TrainingConfig config,
        ValidationSettings validation,
        EarlyStopping stopping,
        Metric metric,
        Threshold threshold,
        Engine engine,
        String taskReason,
        Builder given,
        Set<String> open,
        Map<String, String> texts) {

    /** Returns a builder in which everything has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the precision of blocks and products. */
    public Precision precision() {
        return config.precision();
    }

    /** Returns whether models are measured on rows that they were not trained on. */
    public boolean isValidated() {
        return validation.holdsRowsOut() || validation.folds() != null;
    }

    /** Returns whether the validation rows choose the threshold between two classes. */
    boolean choosesThreshold() {
        return threshold != null && threshold.isChosen();
    }

    /** Returns the threshold between two classes that was given; null for 1/2, and where the validation rows choose it. */
    Double givenThreshold() {
        return threshold == null || threshold.isChosen() || threshold.value() == 0.5 ? null : threshold.value();
    }

    /** Returns the same settings for a training during which nothing is measured. */
    Settings withoutStopping() {
        return new Settings(
                task,
                inputs,
                layers,
                config,
                validation,
                null,
                metric,
                threshold,
                engine,
                taskReason,
                given,
                open,
                texts);
    }

    /** Returns the settings of a training on a table's rows of another length. */
    Settings ofLength(TrainingLength length, TableRows rows) {
        Builder other = given.copy();
        other.given.keySet().removeAll(Set.of(Setting.EPOCHS, Setting.ITERATIONS));
        return other.set(length.setting(), length.count()).build().decidedBy(rows);
    }

    /**
     * Reads a table's rows.
     *
     * @throws io.firesteel.base.UserError when it cannot be used
     */
    TableRows read(Table table) {
        NumberedRows rows = read(table, task);
        if (!open.contains(Setting.TASK.key())) {
            return TableRows.toTrainOn(rows, null);
        }
        InferredTask inferred = InferredTask.of(rows, table.hasDecimalCommas());
        if (inferred.task() != task) {
            rows.close();
            rows = read(table, inferred.task());
        }
        return TableRows.toTrainOn(rows, inferred.reason());
    }

    private NumberedRows read(Table table, Task as) {
        Columns columns = columns(table.measured(), as);
        return NumberedRows.read(table, columns.reading(inputs.sparse()).forLoss(config.loss()), inputs.kinds());
    }

    /**
     * Makes sure that a table has the columns that these settings name.
     *
     * @throws io.firesteel.base.UserError when it has not
     */
    public void expectColumns(Schema schema) {
        Columns unused = columns(schema, task);
    }

    private Columns columns(Schema schema, Task as) {
        return Columns.forTraining(
                schema, as, inputs.features(), inputs.labels(), inputs.weight(), validation.column(), inputs.exclude());
    }

    /**
     * Returns the settings of a training on a table's rows, which decide the task and how many rows are held out and make a
     * batch, where this was not given.
     *
     * @throws io.firesteel.base.UserError when the settings do not fit the task
     */
    Settings decidedBy(TableRows rows) {
        SettingsResolver.Facts facts = new SettingsResolver.Facts(
                rows.count(), rows.outputs(), rows.isSparse(), rows.columns().task(), rows.taskReason());
        return new SettingsResolver(given, facts).resolve();
    }

    /** Returns how rows are prepared for the training, in blocks of this many partitions. */
    Preparation preparation(TableRows rows, int partitions) {
        return new Preparation(
                network(rows),
                config.precision(),
                config.seed(),
                config.pace().hasBatches(),
                inputs.standardize(),
                inputs.robust(),
                inputs.pieces(),
                partitions);
    }

    /**
     * Returns the network for some rows.
     *
     * @throws io.firesteel.base.UserError when the settings do not fit them
     */
    Network network(TableRows rows) {
        if (rows.isSparse()) {
            expectFitsSparse();
        }
        try {
            InputLayout layout = rows.layout();
            return layers.applied(config.network(task, layout.inputs(), rows.outputs()), layout, rows.isSparse());
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IllegalArgumentException e) {
            throw new UserError(mention("hidden") + " is too large: " + e.getMessage(), e);
        }
    }

    /** Refuses what would fill sparse inputs, where it was given. */
    private void expectFitsSparse() {
        String inputs = "where inputs are sparse";
        double dropout = config.regularization().inputDropout();
        expectFitsSparse(dropout == 0, Setting.INPUT_DROPOUT, dropout, "none " + inputs);
        expectFitsSparse(!inputs().robust(), Setting.ROBUST, true, "false " + inputs + ", whose quartiles are 0");
        expectFitsSparse(
                inputs().kinds().missing() != Missing.INDICATOR,
                Setting.MISSING,
                Missing.INDICATOR,
                mention("missing", Missing.MEAN) + " " + inputs);
        expectFitsSparse(layers.embedding() == Embedding.NONE, Setting.EMBEDDING, layers.embedding(), "none " + inputs);
    }

    private <T> void expectFitsSparse(boolean fits, Setting<T> setting, T value, String expected) {
        if (!fits && given.isGiven(setting)) {
            throw new SettingError(setting.key(), value, expected, mention("sparse", false) + " fills them");
        }
    }

    /** Returns what decides how rows are read: two settings of the same key read a table alike. */
    Object rowsKey() {
        return java.util.Arrays.asList(config.loss(), inputs);
    }

    /** Returns what decides how read rows become blocks. */
    Object dataKey(TableRows rows) {
        return List.of(
                rowsKey(),
                config.precision(),
                rows.blockRows(network(rows)),
                config.pace().hasBatches());
    }

    /**
     * Returns the maximum number of steps on this many rows.
     *
     * @throws SettingError when none follows the warm-up, or they are too many
     */
    int steps(long rows) {
        Pace pace = config.pace();
        int steps = pace.steps(rows);
        if (config.rule().schedule() instanceof Schedule.WarmUp warmUp && warmUp.steps() >= steps) {
            String total = pace.epochs() == null
                    ? mention("iterations", steps)
                    : "the " + steps + " steps of " + mention("epochs", pace.epochs());
            throw new SettingError("warm-up", warmUp.steps(), "fewer steps than " + total);
        }
        return steps;
    }

    /** Collects the values of settings, each of which it checks by itself. */
    public static final class Builder {
        private final Map<Setting<?>, Object> given = new HashMap<>();
        private final Map<String, String> notes = new TreeMap<>();

        private Builder() {}

        /**
         * Gives a setting a value.
         *
         * @throws SettingError when the value cannot be meant
         */
        public <T> Builder set(Setting<T> setting, T value) {
            given.put(setting, setting.checked(value));
            return this;
        }

        /**
         * Gives the setting of a key the value that a text says.
         *
         * @throws SettingError when the value cannot be meant
         * @throws IllegalArgumentException when there is no such setting
         */
        public Builder set(String key, String text) {
            Setting<?> setting = Setting.of(key);
            given.put(setting, setting.parse(text));
            return this;
        }

        /** Adds what else a model shall contain among its settings, such as the path of the data. */
        public Builder note(String key, String text) {
            notes.put(key, text);
            return this;
        }

        /** Returns a builder of the same values. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.given.putAll(given);
            copy.notes.putAll(notes);
            return copy;
        }

        /** Returns whether a setting has been given a value. */
        public boolean isGiven(Setting<?> setting) {
            return given.containsKey(setting);
        }

        /** Returns the value that a setting has been given; null for none. */
        <T> T given(Setting<T> setting) {
            @SuppressWarnings("unchecked") // set takes nothing else
            T value = (T) given.get(setting);
            return value;
        }

        /** Returns a setting's value where no table is known: what was given, or its default; null for none. */
        <T> T get(Setting<T> setting) {
            return new SettingsResolver(this, SettingsResolver.Facts.NONE).get(setting);
        }

        /** Returns what else a model shall contain among its settings. */
        Map<String, String> notes() {
            return Map.copyOf(notes);
        }

        /**
         * Resolves the settings, as far as that needs no table.
         *
         * @throws io.firesteel.base.UserError when they do not fit each other
         */
        public Settings build() {
            return new SettingsResolver(this, SettingsResolver.Facts.NONE).resolve();
        }
    }
}
