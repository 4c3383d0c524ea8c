package io.firesteel.ml;

import io.firesteel.fit.Preset;
import io.firesteel.fit.TrainingListener;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Loss;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * A neural network that predicts a number, or several ({@code labelCols}), as an estimator of Spark ML: for pipelines and
 * cross-validation. The features are columns of any kind ({@code inputCols}) or one of vectors.
 *
 * <p>The weights depend on the rows, the Params and the seed, not on how the DataFrame is cut into partitions.
 */
public final class FiresteelRegressor extends Regressor<Vector, FiresteelRegressor, FiresteelRegressionModel>
        implements TrainingParams.Setters<FiresteelRegressor>, RegressionParams, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final Param<String> quantilesCol = RegressionParams.quantilesCol(this);
    private transient TrainingListener listener; // null for none

    /** Creates an estimator with all settings at their defaults. */
    public FiresteelRegressor() {
        this(Identifiable$.MODULE$.randomUID("firesteelRegressor"));
    }

    /** Creates an estimator with a uid. */
    public FiresteelRegressor(String uid) {
        this(PresetUid.set(uid));
    }

    private FiresteelRegressor(PresetUid.Done unused) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        setDefault(quantilesCol, "quantiles");
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

    @Override
    public Param<String> quantilesCol() {
        return quantilesCol;
    }

    /** Sets the loss function. */
    public FiresteelRegressor setLoss(String value) {
        set(loss(), value);
        return this;
    }

    /** Sets the quantiles that are predicted with the loss {@code quantile}. */
    public FiresteelRegressor setQuantiles(double... levels) {
        set(quantiles(), levels);
        return this;
    }

    /** Sets the column of predicted quantiles; empty for none. */
    public FiresteelRegressor setQuantilesCol(String value) {
        set(quantilesCol, value);
        return this;
    }

    /** Checks the columns: those of {@code inputCols}, or the one of vectors. */
    @Override
    public StructType transformSchema(StructType schema) {
        LabelColumns.expectIn(this, schema);
        StructType transformed = InputColumns.schema(this, schema, super::transformSchema);
        boolean areQuantiles = isDefined(loss()) && getLoss().equals(Loss.QUANTILE.toString());
        return AddedColumns.withContributions(this, areQuantiles ? withQuantiles(transformed) : transformed);
    }

    @Override
    public FiresteelRegressionModel fit(Dataset<?> dataset) {
        if (!LabelColumns.areGiven(this)) {
            return super.fit(dataset);
        }
        transformSchema(dataset.schema());
        return copyValues(train(dataset).setParent(this), ParamMap.empty());
    }

    @Override
    public FiresteelRegressionModel train(Dataset<?> dataset) {
        TrainingListener follower = listener == null ? TrainingListener.SILENT : listener;
        TrainedModel model = new FrameFit(this, Task.REGRESSION, follower).fit(dataset);
        return new FiresteelRegressionModel(uid(), model);
    }

    /**
     * Fits a model while a listener follows the training.
     *
     * @throws io.firesteel.base.UserError when Params or rows cannot be used, or the training diverges
     */
    public FiresteelRegressionModel fit(Dataset<?> dataset, TrainingListener listener) {
        FiresteelRegressor followed = copy(ParamMap.empty());
        followed.listener = listener;
        return followed.fit(dataset).setParent(this);
    }

    @Override
    public FiresteelRegressor copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads an estimator that was saved. */
    public static MLReader<FiresteelRegressor> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads an estimator that was saved to a path. */
    public static FiresteelRegressor load(String path) {
        return read().load(path);
    }
}
