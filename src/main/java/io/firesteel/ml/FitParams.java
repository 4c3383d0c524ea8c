package io.firesteel.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What can be asked of an estimator's model. Each Param is the option of {@code train} of the same name, with its meaning, its
 * default while it is not set, and its errors; {@code explainParams()} tells them. A Param is made anew whenever it is asked
 * for: Spark knows it by its owner and name.
 *
 * @param <E> the estimator
 */
public interface FitParams<E> extends Params {
    /** Sets a Param. */
    @SuppressWarnings("unchecked") // an estimator is its own E
    private <T> E asked(Param<T> param, T value) {
        return (E) set(param, value);
    }

    /** The column of row weights. */
    default Param<String> weightCol() {
        return new Param<>(this, "weightCol", "The column of row weights, 0 or more.");
    }

    /** Sets the column of row weights, 0 or more: a row of weight 2 counts as the row twice. */
    default E setWeightCol(String value) {
        return asked(weightCol(), value);
    }

    /** {@code --hidden}. */
    default IntArrayParam hidden() {
        return FitParam.wholes(this, "hidden");
    }

    /** The units of each hidden layer; none for a linear model. */
    default E setHidden(int... units) {
        return asked(hidden(), units);
    }

    /** {@code --activation}. */
    default Param<String> activation() {
        return FitParam.text(this, "activation");
    }

    /** Of the hidden layers: {@code sigmoid}, {@code tanh}, {@code relu}, {@code leaky-relu}, {@code elu}, {@code gelu}, {@code identity}; one for all or, after commas, one each. */
    default E setActivation(String value) {
        return asked(activation(), value);
    }

    /** {@code --init}. */
    default Param<String> init() {
        return FitParam.text(this, "init");
    }

    /** How weights start: {@code normal}, {@code glorot}, {@code he}, {@code zero}. */
    default E setInit(String value) {
        return asked(init(), value);
    }

    /** {@code --init-scale}. */
    default DoubleParam initScale() {
        return FitParam.number(this, "initScale");
    }

    /** A factor for the starting weights; with normal their deviation. */
    default E setInitScale(double value) {
        return asked(initScale(), value);
    }

    /** {@code --optimizer}. */
    default Param<String> optimizer() {
        return FitParam.text(this, "optimizer");
    }

    /** {@code gd}, {@code momentum}, {@code nesterov}, {@code adam}, {@code adamw} or {@code lbfgs}. */
    default E setOptimizer(String value) {
        return asked(optimizer(), value);
    }

    /** {@code --learning-rate}. */
    default DoubleParam learningRate() {
        return FitParam.number(this, "learningRate");
    }

    /** The length of a step. */
    default E setLearningRate(double value) {
        return asked(learningRate(), value);
    }

    /** {@code --momentum}. */
    default DoubleParam momentum() {
        return FitParam.number(this, "momentum");
    }

    /** Of momentum and nesterov: how much of its velocity a step keeps. */
    default E setMomentum(double value) {
        return asked(momentum(), value);
    }

    /** {@code --beta1}. */
    default DoubleParam beta1() {
        return FitParam.number(this, "beta1");
    }

    /** Of adam and adamw. */
    default E setBeta1(double value) {
        return asked(beta1(), value);
    }

    /** {@code --beta2}. */
    default DoubleParam beta2() {
        return FitParam.number(this, "beta2");
    }

    /** Of adam and adamw. */
    default E setBeta2(double value) {
        return asked(beta2(), value);
    }

    /** {@code --epsilon}. */
    default DoubleParam epsilon() {
        return FitParam.number(this, "epsilon");
    }

    /** Of adam and adamw. */
    default E setEpsilon(double value) {
        return asked(epsilon(), value);
    }

    /** {@code --weight-decay}. */
    default DoubleParam weightDecay() {
        return FitParam.number(this, "weightDecay");
    }

    /** Of adamw. */
    default E setWeightDecay(double value) {
        return asked(weightDecay(), value);
    }

    /** {@code --schedule}. */
    default Param<String> schedule() {
        return FitParam.text(this, "schedule");
    }

    /** Of the learning rate: {@code constant}, {@code step:EVERY[,FACTOR]}, {@code inverse-time:DECAY}, {@code cosine}, {@code adaptive[:TOLERANCE]}. */
    default E setSchedule(String value) {
        return asked(schedule(), value);
    }

    /** {@code --warm-up}. */
    default IntParam warmUp() {
        return FitParam.whole(this, "warmUp");
    }

    /** Steps in which the learning rate grows to its full size. */
    default E setWarmUp(int value) {
        return asked(warmUp(), value);
    }

    /** {@code --iterations}. */
    default IntParam iterations() {
        return FitParam.whole(this, "iterations");
    }

    /** The most steps. */
    default E setIterations(int value) {
        return asked(iterations(), value);
    }

    /** {@code --epochs}. */
    default IntParam epochs() {
        return FitParam.whole(this, "epochs");
    }

    /** The most passes over all rows, instead. */
    default E setEpochs(int value) {
        return asked(epochs(), value);
    }

    /** {@code --batch-size}. */
    default IntParam batchSize() {
        return FitParam.whole(this, "batchSize");
    }

    /** The rows that a step sees. */
    default E setBatchSize(int value) {
        return asked(batchSize(), value);
    }

    /** {@code --batch-fraction}. */
    default DoubleParam batchFraction() {
        return FitParam.number(this, "batchFraction");
    }

    /** The part of the rows that a step sees, instead. */
    default E setBatchFraction(double value) {
        return asked(batchFraction(), value);
    }

    /** {@code --tolerance}. */
    default DoubleParam tolerance() {
        return FitParam.number(this, "tolerance");
    }

    /** Training stops when a step improves the loss by less than this part of it. */
    default E setTolerance(double value) {
        return asked(tolerance(), value);
    }

    /** {@code --l2}. */
    default DoubleParam l2() {
        return FitParam.number(this, "l2");
    }

    /** Adds l2 / 2 times the sum of the squared weights to the mean loss. */
    default E setL2(double value) {
        return asked(l2(), value);
    }

    /** {@code --l1}. */
    default DoubleParam l1() {
        return FitParam.number(this, "l1");
    }

    /** Adds l1 times the sum of the sizes of the weights to the mean loss. */
    default E setL1(double value) {
        return asked(l1(), value);
    }

    /** {@code --dropout}. */
    default Param<String> dropout() {
        return FitParam.text(this, "dropout");
    }

    /** The part of the hidden units that a step drops, one for all layers or, after commas, one each. */
    default E setDropout(String value) {
        return asked(dropout(), value);
    }

    /** {@code --input-dropout}. */
    default DoubleParam inputDropout() {
        return FitParam.number(this, "inputDropout");
    }

    /** The part of the inputs that a step drops. */
    default E setInputDropout(double value) {
        return asked(inputDropout(), value);
    }

    /** {@code --seed}. */
    default LongParam seed() {
        return FitParam.seed(this);
    }

    /** Of weights, batches, dropout and the rows held out. */
    default E setSeed(long value) {
        return asked(seed(), value);
    }

    /** {@code --precision}. */
    default Param<String> precision() {
        return FitParam.text(this, "precision");
    }

    /** {@code double} or {@code single}. */
    default E setPrecision(String value) {
        return asked(precision(), value);
    }

    /** {@code --engine}. */
    default Param<String> engine() {
        return FitParam.text(this, "engine");
    }

    /** Where steps run: {@code auto}, {@code job} or {@code local}; the bits are the same. */
    default E setEngine(String value) {
        return asked(engine(), value);
    }

    /** {@code --standardize}. */
    default BooleanParam standardize() {
        return FitParam.flag(this, "standardize");
    }

    /** Whether inputs, and the targets of a regression, are standardised. */
    default E setStandardize(boolean value) {
        return asked(standardize(), value);
    }

    /** {@code --sparse}. */
    default Param<String> sparse() {
        return FitParam.text(this, "sparse");
    }

    /** Whether vectors are held without their zeros: {@code auto}, {@code true} or {@code false}. */
    default E setSparse(String value) {
        return asked(sparse(), value);
    }

    /** {@code --missing}. */
    default Param<String> missing() {
        return FitParam.text(this, "missing");
    }

    /** What NaN in a vector is: {@code error}, or {@code mean} for the mean of its place. */
    default E setMissing(String value) {
        return asked(missing(), value);
    }

    /** {@code --validation-fraction}. */
    default DoubleParam validationFraction() {
        return FitParam.number(this, "validationFraction");
    }

    /** The part of the rows that is held out. */
    default E setValidationFraction(double value) {
        return asked(validationFraction(), value);
    }

    /** {@code --stratify}. */
    default BooleanParam stratify() {
        return FitParam.flag(this, "stratify");
    }

    /** Whether that part is one of each class; by default it is where there are classes. */
    default E setStratify(boolean value) {
        return asked(stratify(), value);
    }

    /** {@code --validation-column}. */
    default Param<String> validationIndicatorCol() {
        return FitParam.text(this, "validationIndicatorCol");
    }

    /** The column that says which rows are held out, instead. */
    default E setValidationIndicatorCol(String value) {
        return asked(validationIndicatorCol(), value);
    }

    /** {@code --metric}. */
    default Param<String> metric() {
        return FitParam.text(this, "metric");
    }

    /** What is measured on the rows held out. */
    default E setMetric(String value) {
        return asked(metric(), value);
    }

    /** {@code --validate-every}. */
    default IntParam validateEvery() {
        return FitParam.whole(this, "validateEvery");
    }

    /** It is measured after each so many steps or, with batches, passes. */
    default E setValidateEvery(int value) {
        return asked(validateEvery(), value);
    }

    /** {@code --patience}. */
    default IntParam patience() {
        return FitParam.whole(this, "patience");
    }

    /** Training stops after so many measurements on end without an improvement. */
    default E setPatience(int value) {
        return asked(patience(), value);
    }

    /** {@code --min-delta}. */
    default DoubleParam minDelta() {
        return FitParam.number(this, "minDelta");
    }

    /** An improvement is one by more than this. */
    default E setMinDelta(double value) {
        return asked(minDelta(), value);
    }

    /** {@code --keep-best}. */
    default BooleanParam keepBest() {
        return FitParam.flag(this, "keepBest");
    }

    /** Whether the model gets the weights that were measured best. */
    default E setKeepBest(boolean value) {
        return asked(keepBest(), value);
    }
}
