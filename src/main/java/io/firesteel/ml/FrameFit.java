package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.ForwardingListener;
import io.firesteel.fit.Setting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.fit.Training;
import io.firesteel.fit.TrainingListener;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/**
 * The fitting of a model to a DataFrame, as an estimator's Params ask for it.
 *
 * @param listener follows the training; its warnings name Params
 */
record FrameFit(TrainingParams estimator, Task task, TrainingListener listener) {
    /** The key under which a model notes how many classes the label's metadata listed. */
    static final String LISTED_CLASSES = "listed-classes";

    /**
     * Fits the model.
     *
     * @throws UserError when Params or rows cannot be used
     */
    TrainedModel fit(Dataset<?> frame) {
        try {
            List<String> features = InputColumns.of(estimator);
            List<String> labels = LabelColumns.of(estimator);
            Settings.Builder given = estimator
                    .settingParams()
                    .settings()
                    .set(Setting.TASK, task)
                    .set(Setting.FEATURES, features)
                    .set(Setting.LABEL, labels);
            if (task == Task.CLASSIFICATION) {
                listedClasses(frame, labels.get(0))
                        .ifPresent(count -> given.note(LISTED_CLASSES, Integer.toString(count)));
            }
            Settings settings = given.build();
            expectColumn(frame, Setting.WEIGHT.key(), settings.inputs().weight());
            expectColumn(
                    frame,
                    Setting.VALIDATION_COLUMN.key(),
                    settings.validation().column());
            List<String> names = new ArrayList<>(features);
            names.addAll(labels);
            Stream.of(settings.inputs().weight(), settings.validation().column())
                    .filter(Objects::nonNull)
                    .forEach(names::add);
            Dataset<Row> columns = LabelColumns.asNumbers(InputColumns.select(frame, names.stream()), labels);
            return Training.trained(settings, Source.of(columns), checking());
        } catch (UserError e) {
            throw new ParamNames(estimator).rendered(e);
        }
    }

    /**
     * Returns a listener that checks the classes, tells the estimator's, and ends the training of a thread that is interrupted, as
     * Spark Connect interrupts that of a client who pressed Ctrl-C.
     */
    private TrainingListener checking() {
        return new ForwardingListener(listener) {
            @Override
            public void onData(Settings resolved, TrainingSet data) {
                expectNumbered(resolved.inputs().labels().get(0), data.classes());
                super.onData(resolved, data);
            }

            @Override
            public void onWarning(String text) {
                super.onWarning(new ParamNames(estimator).render(text));
            }

            @Override
            public Trainer.Listener watch(Fitting.Prepared training, int from) {
                return Trainer.Listener.all(
                        List.of(super.watch(training, from), Trainer.Listener.until(() -> Thread.currentThread()
                                .isInterrupted())));
            }
        };
    }

    /** Returns the number of classes that the label's metadata list, as Spark ML reads it; none where they list none. */
    private static Optional<Integer> listedClasses(Dataset<?> frame, String label) {
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

    /** Refuses a column that the DataFrame lacks. Those of the features and the label were looked for before. */
    private static void expectColumn(Dataset<?> frame, String setting, String name) {
        if (name != null) {
            InputColumns.expect(frame.schema(), setting, name);
        }
    }

    /** Refuses classes that are no numbers: Spark ML takes a class's label for its number. */
    private static void expectNumbered(String label, List<String> classes) {
        for (String name : classes) {
            if (!name.matches("\\d{1,5}")) {
                throw new UserError("the DataFrame, column " + label + ": the label " + name
                        + " is none of 0, 1, 2, ...: use a StringIndexer to number the labels");
            }
        }
    }
}
