package io.firesteel.ml;

import io.firesteel.fit.Preset;
import io.firesteel.fit.TrainingListener;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * A neural network that tells classes apart, as an estimator of Spark ML: for pipelines, cross-validation and
 * one-versus-rest. The features are columns of any kind
 * ({@code inputCols}) or one of vectors, the labels 0, 1, 2, ...; or there are several labels of 0 and 1 ({@code labelCols}).
 *
 * <p>The weights depend on the rows, the Params and the seed, not on how the DataFrame is cut into partitions.
 */
public final class FiresteelClassifier
        extends ProbabilisticClassifier<Vector, FiresteelClassifier, FiresteelClassificationModel>
        implements TrainingParams.Setters<FiresteelClassifier>, ClassificationParams, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private transient TrainingListener listener; // null for none

    /** Creates an estimator with all settings at their defaults. */
    public FiresteelClassifier() {
        this(Identifiable$.MODULE$.randomUID("firesteelClassifier"));
    }

    /** Creates an estimator with a uid. */
    public FiresteelClassifier(String uid) {
        this(PresetUid.set(uid));
    }

    private FiresteelClassifier(PresetUid.Done unused) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
    }

    @Override
    public SettingParams settingParams() {
        return settingParams;
    }

    @Override
    public String uid() {
        if (uid == null) {
            uid = PresetUid.take();
        }
        return uid;
    }

    /** Sets the class weights: {@code 1=2,0=0.5}, or {@code balanced}. */
    public FiresteelClassifier setClassWeight(String value) {
        set(classWeight(), value);
        return this;
    }

    /** Sets the label smoothing, 0 or more and less than 1. */
    public FiresteelClassifier setLabelSmoothing(double value) {
        set(labelSmoothing(), value);
        return this;
    }

    /** Sets the threshold above which the second of two classes is predicted: a number, or {@code f1} and the like. */
    public FiresteelClassifier setThreshold(String value) {
        set(threshold(), value);
        return this;
    }

    /** Checks the columns: those of {@code inputCols}, or the one of vectors. */
    @Override
    public StructType transformSchema(StructType schema) {
        LabelColumns.expectIn(this, schema);
        return AddedColumns.withContributions(this, InputColumns.schema(this, schema, super::transformSchema));
    }

    @Override
    public FiresteelClassificationModel fit(Dataset<?> dataset) {
        if (!LabelColumns.areGiven(this)) {
            return super.fit(dataset);
        }
        transformSchema(dataset.schema());
        return copyValues(train(dataset).setParent(this), ParamMap.empty());
    }

    @Override
    public FiresteelClassificationModel train(Dataset<?> dataset) {
        TrainingListener follower = listener == null ? TrainingListener.SILENT : listener;
        Task task = LabelColumns.areGiven(this) ? Task.MULTILABEL : Task.CLASSIFICATION;
        TrainedModel model = new FrameFit(this, task, follower).fit(dataset);
        return new FiresteelClassificationModel(uid(), model).withItsThreshold();
    }

    /**
     * Fits a model while a listener follows the training.
     *
     * @throws io.firesteel.base.UserError when Params or rows cannot be used, or the training diverges
     */
    public FiresteelClassificationModel fit(Dataset<?> dataset, TrainingListener listener) {
        FiresteelClassifier followed = copy(ParamMap.empty());
        followed.listener = listener;
        return followed.fit(dataset).setParent(this);
    }

    @Override
    public FiresteelClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads an estimator that was saved. */
    public static MLReader<FiresteelClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads an estimator that was saved to a path. */
    public static FiresteelClassifier load(String path) {
        return read().load(path);
    }
}
