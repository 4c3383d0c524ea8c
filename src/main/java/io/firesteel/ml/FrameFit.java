package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Setting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.fit.Training;
import io.firesteel.fit.TrainingListener;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/**
 * The fitting of a model to a DataFrame, as an estimator's Params ask for it.
 *
 * @param features the column of vectors
 * @param listener follows the training; its warnings name Params
 */
record FrameFit(TrainingParams estimator, Task task, String features, String label, TrainingListener listener) {
    /** The key under which a model notes how many classes the label's metadata listed. */
    static final String LISTED_CLASSES = "listed-classes";

    /**
     * Fits the model.
     *
     * @throws UserError when Params or rows cannot be used
     */
    TrainedModel fit(Dataset<?> frame) {
        try {
            Settings.Builder given = estimator
                    .settingParams()
                    .settings()
                    .set(Setting.TASK, task)
                    .set(Setting.FEATURES, List.of(features))
                    .set(Setting.LABEL, List.of(label));
            if (task == Task.CLASSIFICATION) {
                listedClasses(frame).ifPresent(count -> given.note(LISTED_CLASSES, Integer.toString(count)));
            }
            Settings settings = given.build();
            expectColumn(frame, Setting.WEIGHT.key(), settings.inputs().weight());
            expectColumn(
                    frame,
                    Setting.VALIDATION_COLUMN.key(),
                    settings.validation().column());
            Stream<String> columns = Stream.of(
                    features,
                    label,
                    settings.inputs().weight(),
                    settings.validation().column());
            return Training.trained(settings, Source.of(select(frame, columns)), checking());
        } catch (UserError e) {
            throw new UserError(e.render(new ParamNames(estimator)), e);
        }
    }

    /** Returns a listener that checks the classes and tells the estimator's. */
    private TrainingListener checking() {
        return new TrainingListener() {
            @Override
            public void onData(Settings resolved, TrainingSet data) {
                expectNumbered(data.classes());
                listener.onData(resolved, data);
            }

            @Override
            public void onWarning(String text) {
                listener.onWarning(new ParamNames(estimator).render(text));
            }

            @Override
            public Watch watch(Fitting.Prepared training, int from) {
                return listener.watch(training, from);
            }

            @Override
            public void onFitted() {
                listener.onFitted();
            }
        };
    }

    /** Returns the number of classes that the label's metadata list, as Spark ML reads it; none where they list none. */
    private Optional<Integer> listedClasses(Dataset<?> frame) {
        List<String> columns = List.of(frame.schema().fieldNames());
        if (!columns.contains(label)) {
            return Optional.empty();
        }
        Attribute attribute = Attribute.fromStructField(frame.schema().apply(label));
        if (attribute instanceof BinaryAttribute) {
            return Optional.of(2);
        }
        Option<Object> count = attribute instanceof NominalAttribute nominal ? nominal.getNumValues() : Option.empty();
        return count.isDefined() ? Optional.of((Integer) count.get()) : Optional.empty();
    }

    /** Refuses a column that the DataFrame lacks. Spark itself checks the columns of the features and the label. */
    private static void expectColumn(Dataset<?> frame, String setting, String name) {
        List<String> columns = List.of(frame.schema().fieldNames());
        SettingError.expect(
                name == null || columns.contains(name),
                setting,
                name,
                "a column of the DataFrame: " + String.join(", ", columns));
    }

    private static Dataset<Row> select(Dataset<?> frame, Stream<String> columns) {
        return frame.select(columns.filter(Objects::nonNull)
                .distinct()
                .map(name -> frame.col("`" + name.replace("`", "``") + "`"))
                .toArray(Column[]::new));
    }

    /** Spark ML takes a class's label for its number. */
    private void expectNumbered(List<String> classes) {
        for (String name : classes) {
            if (!name.matches("\\d{1,5}")) {
                throw new UserError("the DataFrame, column " + label + ": the label " + name
                        + " is none of 0, 1, 2, ...: use a StringIndexer to number the labels");
            }
        }
    }
}
