package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.fit.Preset;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The model that {@link FiresteelRegressor} fits. */
public final class FiresteelRegressionModel extends RegressionModel<Vector, FiresteelRegressionModel>
        implements RegressionParams, Summarized, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final Param<String> quantilesCol = RegressionParams.quantilesCol(this);
    private final TrainedModel model; // null in an instance that Spark makes to look at its class
    private final VectorScorers scorers;

    /** Creates an instance without a model, as Spark Connect makes it to look at the class. */
    public FiresteelRegressionModel() {
        this(Identifiable$.MODULE$.randomUID("firesteelRegressionModel"));
    }

    /** Creates an instance without a model, as Spark Connect makes it to look at the class. */
    public FiresteelRegressionModel(String uid) {
        this(uid, null);
    }

    FiresteelRegressionModel(String uid, TrainedModel model) {
        this(PresetUid.set(uid), model);
    }

    private FiresteelRegressionModel(PresetUid.Done unused, TrainedModel model) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        setDefault(quantilesCol, "quantiles");
        this.model = model;
        scorers = new VectorScorers(model);
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

    @Override
    public Param<String> quantilesCol() {
        return quantilesCol;
    }

    /** Sets the column of contributions; empty for none. */
    public FiresteelRegressionModel setContributionsCol(String value) {
        set(contributionsCol(), value);
        return this;
    }

    /** Sets the column of predicted quantiles; empty for none. */
    public FiresteelRegressionModel setQuantilesCol(String value) {
        set(quantilesCol, value);
        return this;
    }

    @Override
    public TrainedModel trainedModel() {
        return model;
    }

    // Python finds a method without arguments in the class alone.
    @Override
    public boolean hasSummary() {
        return Summarized.super.hasSummary();
    }

    @Override
    public FitSummary summary() {
        return Summarized.super.summary();
    }

    @Override
    public int numFeatures() {
        return model == null ? -1 : model.description().inputs().features().size();
    }

    /**
     * Predicts the target of a row.
     *
     * @throws UserError when the model has several targets
     */
    @Override
    public double predict(Vector features) {
        if (LabelColumns.areGiven(this)) {
            throw new UserError("the model has several targets: use transform, or predictTargets");
        }
        return model.predictions(scores(features))[0];
    }

    /** Returns the predicted targets of a row, in the order of {@code labelCols}. */
    public Vector predictTargets(Vector features) {
        return Vectors.dense(model.predictions(scores(features)));
    }

    /**
     * Returns the predicted quantiles of a row, ascending.
     *
     * @throws UserError when the model was not trained with the loss of quantiles
     */
    public Vector predictQuantiles(Vector features) {
        if (model.network().quantiles().isNone()) {
            throw new UserError("the model predicts no quantiles: expected one that was trained with loss quantile");
        }
        return Vectors.dense(scores(features));
    }

    private double[] scores(Vector features) {
        return scorers.of(this, getFeaturesCol(), false).score(features).scores();
    }

    private boolean addsQuantiles() {
        return model != null
                && !model.network().quantiles().isNone()
                && !getQuantilesCol().isEmpty();
    }

    /** Checks the columns: those of {@code inputCols}, or the one of vectors. */
    @Override
    public StructType transformSchema(StructType schema) {
        StructType transformed = InputColumns.schema(this, schema, super::transformSchema);
        return AddedColumns.withContributions(this, addsQuantiles() ? withQuantiles(transformed) : transformed);
    }

    /**
     * Adds the columns of the prediction (a vector, where there are several targets), the quantiles and the contributions, with the
     * rows of a batch scored together.
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType scored = transformSchema(dataset.schema());
        boolean several = LabelColumns.areGiven(this);
        String prediction = getPredictionCol();
        String contributions = getContributionsCol();
        TrainedModel trained = model;
        BatchTransform.Output output = (row, column) -> {
            if (column.equals(prediction)) {
                double[] predicted = trained.predictions(row.scores());
                return several ? (Object) Vectors.dense(predicted) : predicted[0];
            }
            return column.equals(contributions)
                    ? AddedColumns.contributions(row)
                    : Vectors.dense(row.scores()); // the quantiles
        };
        if (InputColumns.areGiven(this)) {
            return InputColumns.transform(this, model, dataset, scored, output);
        }
        String features = getFeaturesCol();
        BatchTransform.OfVectors scoring = () -> scorers.of(this, features, !contributions.isEmpty());
        Dataset<Row> ofSpark = several ? dataset.toDF() : super.transform(dataset);
        return BatchTransform.of(dataset, ofSpark, scored, features, scoring, output);
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
