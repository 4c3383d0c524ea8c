package io.firesteel.ml;

import io.firesteel.data.VectorScorer;
import io.firesteel.fit.Preset;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple3;

/**
 * The model that {@link FiresteelClassifier} fits. Class k is the label k; a label that no row had has the probability 0: one
 * below the greatest, and one that the metadata of the label's column list. The raw prediction is the probability, as with Spark's trees.
 */
public final class FiresteelClassificationModel
        extends ProbabilisticClassificationModel<Vector, FiresteelClassificationModel>
        implements TrainingParams, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final TrainedModel model;
    private final int[] labels; // that of each of the model's classes
    private final int listedClasses; // by the metadata of the label's column; 0 where these list none
    private transient volatile VectorScorer scorer;

    FiresteelClassificationModel(String uid, TrainedModel model) {
        this(PresetUid.set(uid), model);
    }

    private FiresteelClassificationModel(PresetUid.Done unused, TrainedModel model) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        this.model = model;
        labels = model.description().targets().classes().stream()
                .mapToInt(Integer::parseInt)
                .toArray();
        listedClasses = Integer.parseInt(
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

    /** Returns the model itself: its description, history and weights, and scoring without Spark. */
    public TrainedModel trainedModel() {
        return model;
    }

    @Override
    public int numClasses() {
        return Math.max(labels[labels.length - 1] + 1, listedClasses);
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
    public Vector predictRaw(Vector features) {
        return ofLabels(scorer().score(features));
    }

    private VectorScorer scorer() {
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

    /** Adds the columns that Spark's own {@code transform} adds, with the rows of a batch scored together. */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        Dataset<Row> oneByOne = super.transform(dataset); // checks thresholds, and which columns there are to be
        String prediction = getPredictionCol();
        return BatchTransform.of(dataset, oneByOne, getFeaturesCol(), this::scorer, (scores, column) -> {
            Vector probabilities = ofLabels(scores);
            return column.equals(prediction) ? (Object) probability2prediction(probabilities) : probabilities;
        });
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
