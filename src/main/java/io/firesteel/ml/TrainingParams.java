package io.firesteel.ml;

import io.firesteel.fit.Setting;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The Params of a training, which an estimator and the model that it has fitted share. Each is the setting of the same name of
 * {@link io.firesteel.fit.Setting}, with its default, its check and its description; {@code explainParams()} lists them.
 */
public interface TrainingParams extends Params {
    /** Returns the Params of this instance. */
    SettingParams settingParams();

    /** Returns the Param of the column of row weights: a row of weight 2 counts as two rows. */
    default Param<String> weightCol() {
        return settingParams().text("weight");
    }

    /** Returns the column of row weights: a row of weight 2 counts as two rows. */
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** Returns the Param of the feature columns, in place of one column of vectors. */
    default StringArrayParam inputCols() {
        return settingParams().texts("features");
    }

    /** Returns the feature columns, in place of one column of vectors. */
    default String[] getInputCols() {
        return getOrDefault(inputCols());
    }

    /** Returns the Param of several label columns, in place of one. */
    default StringArrayParam labelCols() {
        return settingParams().texts("label");
    }

    /** Returns several label columns, in place of one. */
    default String[] getLabelCols() {
        return getOrDefault(labelCols());
    }

    /** Returns the Param of the column of contributions; empty for none. */
    default Param<String> contributionsCol() {
        return settingParams().contributionsCol();
    }

    /** Returns the column of contributions; empty for none. */
    default String getContributionsCol() {
        return getOrDefault(contributionsCol());
    }

    /** Returns the Param of the columns that hold categories; {@code auto} stands for those whose values are not all numbers. */
    default StringArrayParam categorical() {
        return settingParams().texts("categorical");
    }

    /** Returns the columns that hold categories; {@code auto} stands for those whose values are not all numbers. */
    default String[] getCategorical() {
        return getOrDefault(categorical());
    }

    /** Returns the Param of the treatment of a category that training did not have: {@code error} or {@code ignore}. */
    default Param<String> unseen() {
        return settingParams().text("unseen");
    }

    /** Returns the treatment of a category that training did not have: {@code error} or {@code ignore}. */
    default String getUnseen() {
        return getOrDefault(unseen());
    }

    /** Returns the Param of the treatment of columns of dates: {@code none}, or {@code expand} for numbers that are made of them. */
    default Param<String> dates() {
        return settingParams().text("dates");
    }

    /** Returns the treatment of columns of dates: {@code none}, or {@code expand} for numbers that are made of them. */
    default String getDates() {
        return getOrDefault(dates());
    }

    /** Returns the Param of the defaults of all other Params: {@code default}, {@code best}, {@code fast} or {@code notes}. */
    default Param<String> preset() {
        return settingParams().text("preset");
    }

    /** Returns the defaults of all other Params: {@code default}, {@code best}, {@code fast} or {@code notes}. */
    default String getPreset() {
        return getOrDefault(preset());
    }

    /** Returns the Param of the number of units of each hidden layer; none for a linear model. */
    default IntArrayParam hidden() {
        return settingParams().wholes("hidden");
    }

    /** Returns the number of units of each hidden layer; none for a linear model. */
    default int[] getHidden() {
        return getOrDefault(hidden());
    }

    /** Returns the Param of the activation function of the hidden layers, one for all or one each. */
    default StringArrayParam activation() {
        return settingParams().texts("activation");
    }

    /** Returns the activation function of the hidden layers, one for all or one each. */
    default String[] getActivation() {
        return getOrDefault(activation());
    }

    /** Returns the Param of the initialisation of the weights. */
    default Param<String> init() {
        return settingParams().text("init");
    }

    /** Returns the initialisation of the weights. */
    default String getInit() {
        return getOrDefault(init());
    }

    /** Returns the Param of the factor of the initial weights; with {@code normal} their standard deviation. */
    default DoubleParam initScale() {
        return settingParams().number("init-scale");
    }

    /** Returns the factor of the initial weights; with {@code normal} their standard deviation. */
    default double getInitScale() {
        return (double) getOrDefault(initScale());
    }

    /** Returns the Param of the optimizer. */
    default Param<String> optimizer() {
        return settingParams().text("optimizer");
    }

    /** Returns the optimizer. */
    default String getOptimizer() {
        return getOrDefault(optimizer());
    }

    /** Returns the Param of the learning rate. */
    default DoubleParam learningRate() {
        return settingParams().number("learning-rate");
    }

    /** Returns the learning rate. */
    default double getLearningRate() {
        return (double) getOrDefault(learningRate());
    }

    /** Returns the Param of the fraction of the previous step's velocity that a step keeps; for momentum and nesterov. */
    default DoubleParam momentum() {
        return settingParams().number("momentum");
    }

    /** Returns the fraction of the previous step's velocity that a step keeps; for momentum and nesterov. */
    default double getMomentum() {
        return (double) getOrDefault(momentum());
    }

    /** Returns the Param of the decay rate of the mean of the gradients; for adam and adamw. */
    default DoubleParam beta1() {
        return settingParams().number("beta1");
    }

    /** Returns the decay rate of the mean of the gradients; for adam and adamw. */
    default double getBeta1() {
        return (double) getOrDefault(beta1());
    }

    /** Returns the Param of the decay rate of the mean of the squared gradients; for adam and adamw. */
    default DoubleParam beta2() {
        return settingParams().number("beta2");
    }

    /** Returns the decay rate of the mean of the squared gradients; for adam and adamw. */
    default double getBeta2() {
        return (double) getOrDefault(beta2());
    }

    /** Returns the Param of the constant that is added to the denominator of a step; for adam and adamw. */
    default DoubleParam epsilon() {
        return settingParams().number("epsilon");
    }

    /** Returns the constant that is added to the denominator of a step; for adam and adamw. */
    default double getEpsilon() {
        return (double) getOrDefault(epsilon());
    }

    /** Returns the Param of the weight decay; for adamw. */
    default DoubleParam weightDecay() {
        return settingParams().number("weight-decay");
    }

    /** Returns the weight decay; for adamw. */
    default double getWeightDecay() {
        return (double) getOrDefault(weightDecay());
    }

    /** Returns the Param of the learning rate schedule. */
    default Param<String> schedule() {
        return settingParams().text("schedule");
    }

    /** Returns the learning rate schedule. */
    default String getSchedule() {
        return getOrDefault(schedule());
    }

    /** Returns the Param of the number of steps in which the learning rate grows to its full value. */
    default IntParam warmUp() {
        return settingParams().whole("warm-up");
    }

    /** Returns the number of steps in which the learning rate grows to its full value. */
    default int getWarmUp() {
        return (int) getOrDefault(warmUp());
    }

    /** Returns the Param of the maximum number of steps. */
    default IntParam iterations() {
        return settingParams().whole("iterations");
    }

    /** Returns the maximum number of steps. */
    default int getIterations() {
        return (int) getOrDefault(iterations());
    }

    /** Returns the Param of the maximum number of epochs, in place of iterations. */
    default IntParam epochs() {
        return settingParams().whole("epochs");
    }

    /** Returns the maximum number of epochs, in place of iterations. */
    default int getEpochs() {
        return (int) getOrDefault(epochs());
    }

    /** Returns the Param of the number of rows in a batch. */
    default IntParam batchSize() {
        return settingParams().whole("batch-size");
    }

    /** Returns the number of rows in a batch. */
    default int getBatchSize() {
        return (int) getOrDefault(batchSize());
    }

    /** Returns the Param of the size of a batch as a fraction of the rows, in place of batchSize. */
    default DoubleParam batchFraction() {
        return settingParams().number("batch-fraction");
    }

    /** Returns the size of a batch as a fraction of the rows, in place of batchSize. */
    default double getBatchFraction() {
        return (double) getOrDefault(batchFraction());
    }

    /** Returns the Param of the relative improvement of the loss below which training stops; 0 never stops. */
    default DoubleParam tolerance() {
        return settingParams().number("tolerance");
    }

    /** Returns the relative improvement of the loss below which training stops; 0 never stops. */
    default double getTolerance() {
        return (double) getOrDefault(tolerance());
    }

    /** Returns the Param of the factor of the L2 penalty, half the sum of the squared weights. */
    default DoubleParam l2() {
        return settingParams().number("l2");
    }

    /** Returns the factor of the L2 penalty, half the sum of the squared weights. */
    default double getL2() {
        return (double) getOrDefault(l2());
    }

    /** Returns the Param of the factor of the L1 penalty, the sum of the absolute weights. */
    default DoubleParam l1() {
        return settingParams().number("l1");
    }

    /** Returns the factor of the L1 penalty, the sum of the absolute weights. */
    default double getL1() {
        return (double) getOrDefault(l1());
    }

    /** Returns the Param of the dropout rate of the hidden layers, one for all or one each. */
    default DoubleArrayParam dropout() {
        return settingParams().numbers("dropout");
    }

    /** Returns the dropout rate of the hidden layers, one for all or one each. */
    default double[] getDropout() {
        return getOrDefault(dropout());
    }

    /** Returns the Param of the dropout rate of the inputs. */
    default DoubleParam inputDropout() {
        return settingParams().number("input-dropout");
    }

    /** Returns the dropout rate of the inputs. */
    default double getInputDropout() {
        return (double) getOrDefault(inputDropout());
    }

    /** Returns the Param of the random seed of the initial weights, batches, dropout and validation rows. */
    default LongParam seed() {
        return settingParams().longWhole("seed");
    }

    /** Returns the random seed of the initial weights, batches, dropout and validation rows. */
    default long getSeed() {
        return (long) getOrDefault(seed());
    }

    /** Returns the Param of the precision of the rows in memory and of matrix products: {@code double} or {@code single}. */
    default Param<String> precision() {
        return settingParams().text("precision");
    }

    /** Returns the precision of the rows in memory and of matrix products: {@code double} or {@code single}. */
    default String getPrecision() {
        return getOrDefault(precision());
    }

    /** Returns the Param of where steps are computed: {@code auto}, {@code job} or {@code local}; the result is the same. */
    default Param<String> engine() {
        return settingParams().text("engine");
    }

    /** Returns where steps are computed: {@code auto}, {@code job} or {@code local}; the result is the same. */
    default String getEngine() {
        return getOrDefault(engine());
    }

    /** Returns the Param of whether inputs and regression targets are standardized. */
    default BooleanParam standardize() {
        return settingParams().flag("standardize");
    }

    /** Returns whether inputs and regression targets are standardized. */
    default boolean getStandardize() {
        return (boolean) getOrDefault(standardize());
    }

    /** Returns the Param of whether inputs are standardized by their median and quartiles, with outliers limited. */
    default BooleanParam robust() {
        return settingParams().flag("robust");
    }

    /** Returns whether inputs are standardized by their median and quartiles, with outliers limited. */
    default boolean getRobust() {
        return (boolean) getOrDefault(robust());
    }

    /** Returns the Param of whether the network learns a factor for each input. */
    default BooleanParam scaleInputs() {
        return settingParams().flag("scale-inputs");
    }

    /** Returns whether the network learns a factor for each input. */
    default boolean getScaleInputs() {
        return (boolean) getOrDefault(scaleInputs());
    }

    /** Returns the Param of the number of networks whose mean the model is. */
    default IntParam members() {
        return settingParams().whole("members");
    }

    /** Returns the number of networks whose mean the model is. */
    default int getMembers() {
        return (int) getOrDefault(members());
    }

    /** Returns the Param of whether each tensor has a learning rate that fits its number of inputs. */
    default BooleanParam scaleRates() {
        return settingParams().flag("scale-rates");
    }

    /** Returns whether each tensor has a learning rate that fits its number of inputs. */
    default boolean getScaleRates() {
        return (boolean) getOrDefault(scaleRates());
    }

    /** Returns the Param of whether each hidden unit learns how much of the activation function it applies. */
    default BooleanParam parametric() {
        return settingParams().flag("parametric");
    }

    /** Returns whether each hidden unit learns how much of the activation function it applies. */
    default boolean getParametric() {
        return (boolean) getOrDefault(parametric());
    }

    /** Returns the Param of whether dropout and weight decay fall to 0 in the second half of the training. */
    default BooleanParam anneal() {
        return settingParams().flag("anneal");
    }

    /** Returns whether dropout and weight decay fall to 0 in the second half of the training. */
    default boolean getAnneal() {
        return (boolean) getOrDefault(anneal());
    }

    /** Returns the Param of the embedding of the inputs that are numbers. */
    default Param<String> embedding() {
        return settingParams().text("embedding");
    }

    /** Returns the embedding of the inputs that are numbers. */
    default String getEmbedding() {
        return getOrDefault(embedding());
    }

    /** Returns the Param of the maximum number of pieces of a column of numbers. */
    default IntParam pieces() {
        return settingParams().whole("pieces");
    }

    /** Returns the maximum number of pieces of a column of numbers; 0 for none. */
    default int getPieces() {
        return (int) getOrDefault(pieces());
    }

    /** Returns the Param of the most categories of a column that have an input each. */
    default IntParam maxOneHot() {
        return settingParams().whole("max-one-hot");
    }

    /** Returns the most categories of a column that have an input each. */
    default int getMaxOneHot() {
        return (int) getOrDefault(maxOneHot());
    }

    /** Returns the Param of whether vectors are stored sparsely: {@code auto}, {@code true} or {@code false}. */
    default Param<String> sparse() {
        return settingParams().text("sparse");
    }

    /** Returns whether vectors are stored sparsely: {@code auto}, {@code true} or {@code false}. */
    default String getSparse() {
        return getOrDefault(sparse());
    }

    /** Returns the Param of the treatment of missing values: {@code error}, {@code mean} for the mean of the training, or {@code indicator}. */
    default Param<String> missing() {
        return settingParams().text("missing");
    }

    /** Returns the treatment of missing values: {@code error}, {@code mean} for the mean of the training, or {@code indicator}. */
    default String getMissing() {
        return getOrDefault(missing());
    }

    /** Returns the Param of the fraction of the rows that is held out for validation. */
    default DoubleParam validationFraction() {
        return settingParams().number("validation-fraction");
    }

    /** Returns the fraction of the rows that is held out for validation. */
    default double getValidationFraction() {
        return (double) getOrDefault(validationFraction());
    }

    /** Returns the Param of whether the same fraction of every class is held out. */
    default BooleanParam stratify() {
        return settingParams().flag("stratify");
    }

    /** Returns whether the same fraction of every class is held out. */
    default boolean getStratify() {
        return (boolean) getOrDefault(stratify());
    }

    /** Returns the Param of whether the model is trained again on all rows, those held out among them. */
    default BooleanParam refit() {
        return settingParams().flag("refit");
    }

    /** Returns whether the model is trained again on all rows, those held out among them. */
    default boolean getRefit() {
        return (boolean) getOrDefault(refit());
    }

    /** Returns the Param of the column that marks the validation rows. */
    default Param<String> validationIndicatorCol() {
        return settingParams().text("validation-column");
    }

    /** Returns the column that marks the validation rows. */
    default String getValidationIndicatorCol() {
        return getOrDefault(validationIndicatorCol());
    }

    /** Returns the Param of the metric of the validation rows. */
    default Param<String> metric() {
        return settingParams().text("metric");
    }

    /** Returns the metric of the validation rows. */
    default String getMetric() {
        return getOrDefault(metric());
    }

    /** Returns the Param of the number of epochs (without batches, steps) from one validation to the next. */
    default IntParam validateEvery() {
        return settingParams().whole("validate-every");
    }

    /** Returns the number of epochs (without batches, steps) from one validation to the next. */
    default int getValidateEvery() {
        return (int) getOrDefault(validateEvery());
    }

    /** Returns the Param of the number of consecutive validations without improvement after which training stops; 0 never stops. */
    default IntParam patience() {
        return settingParams().whole("patience");
    }

    /** Returns the number of consecutive validations without improvement after which training stops; 0 never stops. */
    default int getPatience() {
        return (int) getOrDefault(patience());
    }

    /** Returns the Param of the smallest improvement of the metric that counts. */
    default DoubleParam minDelta() {
        return settingParams().number("min-delta");
    }

    /** Returns the smallest improvement of the metric that counts. */
    default double getMinDelta() {
        return (double) getOrDefault(minDelta());
    }

    /** Returns the Param of whether the weights with the best validation are kept, instead of the last ones. */
    default BooleanParam keepBest() {
        return settingParams().flag("keep-best");
    }

    /** Returns whether the weights with the best validation are kept, instead of the last ones. */
    default boolean getKeepBest() {
        return (boolean) getOrDefault(keepBest());
    }

    /**
     * The Params of an estimator, with their setters, which refuse a value that the setting does not allow.
     *
     * @param <E> the estimator
     */
    interface Setters<E> extends TrainingParams {
        /** Sets a Param. */
        @SuppressWarnings("unchecked") // an estimator is its own E
        private <T> E with(Param<T> param, T value) {
            return (E) set(param, value);
        }

        /** Sets the column of row weights: a row of weight 2 counts as two rows. */
        default E setWeightCol(String value) {
            return with(weightCol(), value);
        }

        /** Sets the feature columns, in place of one column of vectors. */
        default E setInputCols(String... names) {
            return with(inputCols(), names);
        }

        /** Sets several label columns, in place of one: the targets of a regression, or labels of 0 and 1 of a classifier. */
        default E setLabelCols(String... names) {
            return with(labelCols(), names);
        }

        /** Sets the column of contributions that the model's transform adds; empty for none. */
        default E setContributionsCol(String value) {
            return with(contributionsCol(), value);
        }

        /** Sets the columns that hold categories; {@code auto} stands for those whose values are not all numbers. */
        default E setCategorical(String... names) {
            return with(categorical(), names);
        }

        /** Sets the treatment of a category that training did not have: {@code error} or {@code ignore}. */
        default E setUnseen(String value) {
            return with(unseen(), value);
        }

        /** Sets the treatment of columns of dates: {@code none}, or {@code expand} for numbers that are made of them. */
        default E setDates(String value) {
            return with(dates(), value);
        }

        /** Sets the preset, and declares its defaults of all other Params. */
        default E setPreset(String value) {
            E estimator = with(preset(), value);
            settingParams().declareDefaults(Setting.PRESET.parse(value));
            return estimator;
        }

        /** Sets the number of units of each hidden layer; none for a linear model. */
        default E setHidden(int... units) {
            return with(hidden(), units);
        }

        /** Sets the activation function of the hidden layers, one for all or one each. */
        default E setActivation(String... names) {
            return with(activation(), names);
        }

        /** Sets the initialisation of the weights. */
        default E setInit(String value) {
            return with(init(), value);
        }

        /** Sets the factor of the initial weights; with {@code normal} their standard deviation. */
        default E setInitScale(double value) {
            return with(initScale(), value);
        }

        /** Sets the optimizer. */
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

        /** Sets the learning rate schedule. */
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

        /** Sets whether inputs are standardized by their median and quartiles, with outliers limited. */
        default E setRobust(boolean value) {
            return with(robust(), value);
        }

        /** Sets whether the network learns a factor for each input. */
        default E setScaleInputs(boolean value) {
            return with(scaleInputs(), value);
        }

        /** Sets the maximum number of pieces of a column of numbers; 0 for none. */
        default E setPieces(int value) {
            return with(pieces(), value);
        }

        /** Sets the most categories of a column that have an input each; those of a column with more are embedded. */
        default E setMaxOneHot(int value) {
            return with(maxOneHot(), value);
        }

        /** Sets the number of networks whose mean the model is. */
        default E setMembers(int value) {
            return with(members(), value);
        }

        /** Sets whether each tensor has a learning rate that fits its number of inputs. */
        default E setScaleRates(boolean value) {
            return with(scaleRates(), value);
        }

        /** Sets whether each hidden unit learns how much of the activation function it applies. */
        default E setParametric(boolean value) {
            return with(parametric(), value);
        }

        /** Sets whether dropout and weight decay fall to 0 in the second half of the training. */
        default E setAnneal(boolean value) {
            return with(anneal(), value);
        }

        /** Sets the embedding of the inputs that are numbers. */
        default E setEmbedding(String value) {
            return with(embedding(), value);
        }

        /** Sets whether vectors are stored sparsely: {@code auto}, {@code true} or {@code false}. */
        default E setSparse(String value) {
            return with(sparse(), value);
        }

        /** Sets the treatment of missing values: {@code error}, {@code mean} for the mean of the training, or {@code indicator}. */
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

        /** Sets whether the model is trained again on all rows, those held out among them. */
        default E setRefit(boolean value) {
            return with(refit(), value);
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
}
