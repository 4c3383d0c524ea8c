package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.VectorScorer;
import io.firesteel.fit.Preset;
import io.firesteel.model.TrainedModel;
import java.util.Arrays;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * The model that {@link FiresteelClassifier} fits. Class k is the label k; a label that no row had has the probability 0: one
 * below the greatest, and one that the metadata of the label's column list. The raw prediction is the probability, as with Spark's trees.
 */
public final class FiresteelClassificationModel
        extends ProbabilisticClassificationModel<Vector, FiresteelClassificationModel>
        implements Summarized, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final TrainedModel model; // null in an instance that Spark makes to look at its class
    private final int[] labels; // that of each of the model's classes
    private final int listedClasses; // by the metadata of the label's column; 0 where these list none
    private transient volatile VectorScorer scorer;

    /** Creates an instance without a model, as Spark Connect makes it to look at the class. */
    public FiresteelClassificationModel() {
        this(Identifiable$.MODULE$.randomUID("firesteelClassificationModel"));
    }

    /** Creates an instance without a model, as Spark Connect makes it to look at the class. */
    public FiresteelClassificationModel(String uid) {
        this(uid, null);
    }

    FiresteelClassificationModel(String uid, TrainedModel model) {
        this(PresetUid.set(uid), model);
        Double threshold = model == null ? null : model.description().targets().threshold();
        if (threshold != null) { // Spark predicts the class of the greatest p / threshold
            double[] thresholds = new double[numClasses()];
            Arrays.fill(thresholds, 1);
            thresholds[labels[0]] = 1 - threshold;
            thresholds[labels[1]] = threshold;
            setThresholds(thresholds);
        }
    }

    private FiresteelClassificationModel(PresetUid.Done unused, TrainedModel model) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        this.model = model;
        labels = model == null
                ? new int[0]
                : model.description().targets().classes().stream()
                        .mapToInt(Integer::parseInt)
                        .toArray();
        listedClasses = model == null
                ? 0
                : Integer.parseInt(
                        model.description().provenance().settings().getOrDefault(FrameFit.LISTED_CLASSES, "0"));
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

    /** Returns the Param of the class weights that the model was trained with. */
    public Param<String> classWeight() {
        return settingParams.text("class-weight");
    }

    /** Returns the class weights that the model was trained with. */
    public String getClassWeight() {
        return getOrDefault(classWeight());
    }

    /** Returns the Param of the threshold between two classes that the training was asked for. */
    public Param<String> threshold() {
        return settingParams.text("threshold");
    }

    /** Returns the threshold that the training was asked for; {@code getThresholds} has the one that it came to. */
    public String getThreshold() {
        return getOrDefault(threshold());
    }

    @Override
    public TrainedModel trainedModel() {
        return model;
    }

    @Override
    public int numClasses() {
        return labels.length == 0 ? 0 : Math.max(labels[labels.length - 1] + 1, listedClasses);
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
    public Vector predictRaw(Vector features) {
        return ofLabels(scorer().score(features));
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

    /** Returns the scores of the model's classes as a vector with one element for each label. */
    private Vector ofLabels(double[] scores) {
        double[] ofLabels = new double[numClasses()];
        for (int c = 0; c < labels.length; c++) {
            ofLabels[labels[c]] = scores[c];
        }
        return Vectors.dense(ofLabels);
    }

    /** Checks the columns: those of {@code inputCols}, or the one of vectors. */
    @Override
    public StructType transformSchema(StructType schema) {
        return InputColumns.schema(this, schema, super::transformSchema);
    }

    /** Adds the columns that Spark's own {@code transform} adds, with the rows of a batch scored together. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        String prediction = getPredictionCol();
        BatchTransform.Output output = (scores, column) -> {
            Vector probabilities = ofLabels(scores);
            return column.equals(prediction) ? (Object) probability2prediction(probabilities) : probabilities;
        };
        if (InputColumns.areGiven(this)) {
            StructType scored = transformSchema(dataset.schema());
            SettingError.expect(
                    !isDefined(thresholds()) || getThresholds().length == numClasses(),
                    "thresholds",
                    Arrays.toString(isDefined(thresholds()) ? getThresholds() : null),
                    "a number for each of " + numClasses() + " classes");
            return InputColumns.transform(this, model, dataset, scored, output);
        }
        Dataset<Row> oneByOne = super.transform(dataset); // checks thresholds, and which columns there are to be
        return BatchTransform.of(dataset, oneByOne, getFeaturesCol(), this::scorer, output);
    }

    @Override
    public Vector raw2probabilityInPlace(Vector raw) {
        return raw;
    }

    // javac sees two of these in the superclass, one of another return type.
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
        return super.findSummaryModel();
    }

    @Override
    public FiresteelClassificationModel copy(ParamMap extra) {
        FiresteelClassificationModel copied = new FiresteelClassificationModel(uid(), model);
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
    public static MLReader<FiresteelClassificationModel> read() {
        return ModelFiles.reader(FiresteelClassificationModel.class, FiresteelClassificationModel::new);
    }

    /** Reads a model that was saved to a path. */
    public static FiresteelClassificationModel load(String path) {
        return read().load(path);
    }
}
