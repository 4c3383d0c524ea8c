package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.fit.Preset;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
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
 *
 * <p>With {@code labelCols} there are several labels that are 0 or 1 each, and no classes: {@code probability} has the probability of
 * each label, in the order of the columns, and {@code prediction} is a vector of 1 where it is above 0.5, else of 0.
 */
public final class FiresteelClassificationModel
        extends ProbabilisticClassificationModel<Vector, FiresteelClassificationModel>
        implements ClassificationParams, Summarized, MLWritable {
    private static final long serialVersionUID = 1;

    private String uid; // without an initialiser, which would undo what uid() sets while the superclass is made
    private final SettingParams settingParams;
    private final TrainedModel model; // null in an instance that Spark makes to look at its class
    private final int[] labels; // that of each of the model's classes; of several labels their places
    private final int listedClasses; // by the metadata of the label's column; 0 where these list none
    private final VectorScorers scorers;

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
    }

    /** Sets Spark's thresholds to the model's own, if it has one: Spark predicts the class of the greatest p / threshold. */
    FiresteelClassificationModel withItsThreshold() {
        Double threshold = model.description().targets().threshold();
        if (threshold != null) {
            double[] thresholds = new double[numClasses()];
            Arrays.fill(thresholds, 1);
            thresholds[labels[0]] = 1 - threshold;
            thresholds[labels[1]] = threshold;
            setThresholds(thresholds);
        }
        return this;
    }

    private FiresteelClassificationModel(PresetUid.Done unused, TrainedModel model) {
        super();
        settingParams = new SettingParams(this);
        settingParams.declareDefaults(Preset.DEFAULT);
        this.model = model;
        scorers = new VectorScorers(model);
        labels = model == null ? new int[0] : labels(model.description());
        listedClasses = model == null
                ? 0
                : Integer.parseInt(
                        model.description().provenance().settings().getOrDefault(FrameFit.LISTED_CLASSES, "0"));
    }

    private static int[] labels(ModelDescription description) {
        return description.task() == Task.MULTILABEL
                ? IntStream.range(0, description.targets().labels().size()).toArray()
                : description.targets().classes().stream()
                        .mapToInt(Integer::parseInt)
                        .toArray();
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

    /** Sets the column of contributions; empty for none. */
    public FiresteelClassificationModel setContributionsCol(String value) {
        set(contributionsCol(), value);
        return this;
    }

    @Override
    public TrainedModel trainedModel() {
        return model;
    }

    /** Returns the number of classes; with several labels their number, which is the length of their vectors. */
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
        return ofLabels(
                scorers.of(this, getFeaturesCol(), false).score(features).scores());
    }

    /**
     * Predicts the class of a row.
     *
     * @throws UserError when the model has several labels
     */
    @Override
    public double predict(Vector features) {
        if (LabelColumns.areGiven(this)) {
            throw new UserError("the model has several labels: use transform, or predictProbability");
        }
        return super.predict(features);
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
        return AddedColumns.withContributions(this, InputColumns.schema(this, schema, super::transformSchema));
    }

    /**
     * Adds the columns that Spark's own {@code transform} adds, and that of contributions, with the rows of a batch scored together.
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType scored = transformSchema(dataset.schema());
        boolean several = LabelColumns.areGiven(this);
        String prediction = getPredictionCol();
        String contributions = getContributionsCol();
        BatchTransform.Output output = (row, column) -> {
            if (column.equals(contributions)) {
                return AddedColumns.contributions(row);
            }
            Vector probabilities = ofLabels(row.scores());
            if (!column.equals(prediction)) {
                return probabilities;
            }
            return several ? (Object) decided(probabilities) : probability2prediction(probabilities);
        };
        if (InputColumns.areGiven(this) || several) {
            expectThresholds(several);
        }
        if (InputColumns.areGiven(this)) {
            return InputColumns.transform(this, model, dataset, scored, output);
        }
        String features = getFeaturesCol();
        BatchTransform.OfVectors scoring = () -> scorers.of(this, features, !contributions.isEmpty());
        Dataset<Row> ofSpark = several ? dataset.toDF() : super.transform(dataset); // which checks thresholds
        return BatchTransform.of(dataset, ofSpark, scored, features, scoring, output);
    }

    private void expectThresholds(boolean several) {
        if (isDefined(thresholds())) {
            SettingError.expect(
                    !several && getThresholds().length == numClasses(),
                    "thresholds",
                    Arrays.toString(getThresholds()),
                    several
                            ? "none with labelCols, since each label is predicted where its probability is above 0.5"
                            : "a number for each of " + numClasses() + " classes");
        }
    }

    /** Returns 1 for each label whose probability is above 0.5, else 0. */
    private static Vector decided(Vector probabilities) {
        return Vectors.dense(
                Arrays.stream(probabilities.toArray()).map(p -> p > 0.5 ? 1 : 0).toArray());
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
