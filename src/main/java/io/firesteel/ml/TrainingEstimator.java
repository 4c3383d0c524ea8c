package io.firesteel.ml;

import org.apache.spark.ml.param.Param;

/**
 * An estimator that trains a network. A setter refuses a value that cannot be meant.
 *
 * @param <E> the estimator
 */
public interface TrainingEstimator<E> extends TrainingParams {
    /** Sets a Param. */
    @SuppressWarnings("unchecked") // an estimator is its own E
    private <T> E with(Param<T> param, T value) {
        return (E) set(param, value);
    }

    /** Sets the column of row weights: a row of weight 2 counts as two rows. */
    default E setWeightCol(String value) {
        return with(weightCol(), value);
    }

    /** Sets the number of units of each hidden layer; none for a linear model. */
    default E setHidden(int... units) {
        return with(hidden(), units);
    }

    /** Sets the activation function of the hidden layers, one for all or one each. */
    default E setActivation(String... names) {
        return with(activation(), names);
    }

    /** Sets the initialisation of the weights: {@code normal}, {@code glorot}, {@code he} or {@code zero}. */
    default E setInit(String value) {
        return with(init(), value);
    }

    /** Sets the factor of the initial weights; with {@code normal} their standard deviation. */
    default E setInitScale(double value) {
        return with(initScale(), value);
    }

    /** Sets the optimizer: {@code gd}, {@code momentum}, {@code nesterov}, {@code adam}, {@code adamw} or {@code lbfgs}. */
    default E setOptimizer(String value) {
        return with(optimizer(), value);
    }

    /** Sets the learning rate. */
    default E setLearningRate(double value) {
        return with(learningRate(), value);
    }

    /** Sets the fraction of the previous step's velocity that a step keeps; for momentum and nesterov. */
    default E setMomentum(double value) {
        return with(momentum(), value);
    }

    /** Sets the decay rate of the mean of the gradients; for adam and adamw. */
    default E setBeta1(double value) {
        return with(beta1(), value);
    }

    /** Sets the decay rate of the mean of the squared gradients; for adam and adamw. */
    default E setBeta2(double value) {
        return with(beta2(), value);
    }

    /** Sets the constant that is added to the denominator of a step; for adam and adamw. */
    default E setEpsilon(double value) {
        return with(epsilon(), value);
    }

    /** Sets the weight decay; for adamw. */
    default E setWeightDecay(double value) {
        return with(weightDecay(), value);
    }

    /** Sets the learning rate schedule: {@code constant}, {@code step:EVERY[,FACTOR]}, {@code inverse-time:D}, {@code cosine} or {@code adaptive[:T]}. */
    default E setSchedule(String value) {
        return with(schedule(), value);
    }

    /** Sets the number of steps in which the learning rate grows to its full value. */
    default E setWarmUp(int value) {
        return with(warmUp(), value);
    }

    /** Sets the maximum number of steps. */
    default E setIterations(int value) {
        return with(iterations(), value);
    }

    /** Sets the maximum number of epochs, in place of iterations. */
    default E setEpochs(int value) {
        return with(epochs(), value);
    }

    /** Sets the number of rows in a batch. */
    default E setBatchSize(int value) {
        return with(batchSize(), value);
    }

    /** Sets the size of a batch as a fraction of the rows, in place of batchSize. */
    default E setBatchFraction(double value) {
        return with(batchFraction(), value);
    }

    /** Sets the relative improvement of the loss below which training stops; 0 never stops. */
    default E setTolerance(double value) {
        return with(tolerance(), value);
    }

    /** Sets the factor of the L2 penalty, half the sum of the squared weights. */
    default E setL2(double value) {
        return with(l2(), value);
    }

    /** Sets the factor of the L1 penalty, the sum of the absolute weights. */
    default E setL1(double value) {
        return with(l1(), value);
    }

    /** Sets the dropout rate of the hidden layers, one for all or one each. */
    default E setDropout(double... rates) {
        return with(dropout(), rates);
    }

    /** Sets the dropout rate of the inputs. */
    default E setInputDropout(double value) {
        return with(inputDropout(), value);
    }

    /** Sets the random seed of the initial weights, batches, dropout and validation rows. */
    default E setSeed(long value) {
        return with(seed(), value);
    }

    /** Sets the precision of the rows in memory and of matrix products: {@code double} or {@code single}. */
    default E setPrecision(String value) {
        return with(precision(), value);
    }

    /** Sets where steps are computed: {@code auto}, {@code job} or {@code local}; the result is the same. */
    default E setEngine(String value) {
        return with(engine(), value);
    }

    /** Sets whether inputs and regression targets are standardized. */
    default E setStandardize(boolean value) {
        return with(standardize(), value);
    }

    /** Sets whether vectors are stored sparsely: {@code auto}, {@code true} or {@code false}. */
    default E setSparse(String value) {
        return with(sparse(), value);
    }

    /** Sets the treatment of NaN in a vector: {@code error}, or {@code mean} for the mean of its element. */
    default E setMissing(String value) {
        return with(missing(), value);
    }

    /** Sets the fraction of the rows that is held out for validation. */
    default E setValidationFraction(double value) {
        return with(validationFraction(), value);
    }

    /** Sets whether the same fraction of every class is held out. */
    default E setStratify(boolean value) {
        return with(stratify(), value);
    }

    /** Sets the column that marks the validation rows. */
    default E setValidationIndicatorCol(String value) {
        return with(validationIndicatorCol(), value);
    }

    /** Sets the metric of the validation rows. */
    default E setMetric(String value) {
        return with(metric(), value);
    }

    /** Sets the number of epochs (without batches, steps) from one validation to the next. */
    default E setValidateEvery(int value) {
        return with(validateEvery(), value);
    }

    /** Sets the number of consecutive validations without improvement after which training stops; 0 never stops. */
    default E setPatience(int value) {
        return with(patience(), value);
    }

    /** Sets the smallest improvement of the metric that counts. */
    default E setMinDelta(double value) {
        return with(minDelta(), value);
    }

    /** Sets whether the weights with the best validation are kept, instead of the last ones. */
    default E setKeepBest(boolean value) {
        return with(keepBest(), value);
    }
}
