package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.data.VectorScorer;
import io.firesteel.fit.Preset;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
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
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The model that {@link FiresteelRegressor} fits. */
public final class FiresteelRegressionModel extends RegressionModel<Vector, FiresteelRegressionModel>
        implements RegressionParams, Summarized, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final Param<String> quantilesCol = RegressionParams.quantilesCol(this);
    private final TrainedModel model; // null in an instance that Spark makes to look at its class
    private transient volatile VectorScorer scorer;

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

    @Override
    public double predict(Vector features) {
        return model.predictions(scorer().score(features))[0];
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
        return Vectors.dense(scorer().score(features));
    }

    private VectorScorer scorer() {
        if (InputColumns.areGiven(this)) {
            throw new UserError("this model has the columns of inputCols and no vector of features: use transform, or"
                    + " trainedModel().scoreRow");
        }
        if (scorer == null) {
            scorer = new VectorScorer(model, getFeaturesCol());
        }
        return scorer;
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
        return addsQuantiles() ? withQuantiles(transformed) : transformed;
    }

    /** Adds the columns of the prediction and the quantiles, with the rows of a batch scored together. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        String quantiles = addsQuantiles() ? getQuantilesCol() : "";
        TrainedModel scored = model;
        BatchTransform.Output output =
                (scores, column) -> column.equals(quantiles) ? Vectors.dense(scores) : scored.predictions(scores)[0];
        if (InputColumns.areGiven(this)) {
            return InputColumns.transform(this, model, dataset, transformSchema(dataset.schema()), output);
        }
        Dataset<Row> oneByOne = super.transform(dataset);
        if (!quantiles.isEmpty()) {
            UDF1<Vector, Vector> predicted = this::predictQuantiles;
            oneByOne = oneByOne.withColumn(
                    quantiles,
                    functions.udf(predicted, SQLDataTypes.VectorType()).apply(functions.col(getFeaturesCol())));
        }
        return BatchTransform.of(dataset, oneByOne, getFeaturesCol(), this::scorer, output);
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
