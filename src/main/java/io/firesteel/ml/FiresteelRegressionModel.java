package io.firesteel.ml;

import io.firesteel.data.VectorScorer;
import io.firesteel.fit.Preset;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The model that {@link FiresteelRegressor} fits. */
public final class FiresteelRegressionModel extends RegressionModel<Vector, FiresteelRegressionModel>
        implements TrainingParams, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final TrainedModel model;
    private transient volatile VectorScorer scorer;

    FiresteelRegressionModel(String uid, TrainedModel model) {
        this(PresetUid.set(uid), model);
    }

    private FiresteelRegressionModel(PresetUid.Done unused, TrainedModel model) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        this.model = model;
    }

    @Override
    public String uid() {
        if (uid == null) {
            uid = PresetUid.take();
        }
        return uid;
    }

    @Override
    public SettingParams settingParams() {
        return settingParams;
    }

    /** Returns the Param of the loss function that the model was trained with. */
    public Param<String> loss() {
        return settingParams.text("loss");
    }

    /** Returns the loss function that the model was trained with. */
    public String getLoss() {
        return getOrDefault(loss());
    }

    /** Returns the model itself: its description, history and weights, and scoring without Spark. */
    public TrainedModel trainedModel() {
        return model;
    }

    /** Returns whether the model has a summary of its training: always. */
    public boolean hasSummary() {
        return true;
    }

    /** Returns the course of the training. */
    public FitSummary summary() {
        return new FitSummary(model.description());
    }

    @Override
    public int numFeatures() {
        return model.description().inputs().features().size();
    }

    @Override
    public double predict(Vector features) {
        return scorer().score(features)[0];
    }

    private VectorScorer scorer() {
        if (scorer == null) {
            scorer = new VectorScorer(model, getFeaturesCol());
        }
        return scorer;
    }

    /** Adds the column that Spark's own {@code transform} adds, with the rows of a batch scored together. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        Dataset<Row> oneByOne = super.transform(dataset);
        return BatchTransform.of(dataset, oneByOne, getFeaturesCol(), this::scorer, (scores, column) -> scores[0]);
    }

    @Override
    public FiresteelRegressionModel copy(ParamMap extra) {
        FiresteelRegressionModel copied = new FiresteelRegressionModel(uid(), model);
        return copyValues(copied, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return ModelFiles.writer(this, model);
    }

    @Override
    public String toString() {
        return ModelFiles.described(this, model);
    }

    /** Reads a model that was saved. */
    public static MLReader<FiresteelRegressionModel> read() {
        return ModelFiles.reader(FiresteelRegressionModel.class, FiresteelRegressionModel::new);
    }

    /** Reads a model that was saved to a path. */
    public static FiresteelRegressionModel load(String path) {
        return read().load(path);
    }
}
