package io.firesteel.data;

import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Task;
import io.firesteel.nn.Loss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which columns of a table are what.
 *
 * @param task decides whether labels are classes or numbers
 * @param features in the order of the network's inputs
 * @param labels the target columns; none where rows are only to be scored
 * @param weight the column of row weights, or null
 * @param mark the column that marks the rows that are held out, or null
 * @param ignored the columns that are no inputs and no targets, weight and mark among them
 * @param nonNegative whether a target below 0 is refused
 * @param encoding of the features; its categories are empty where they are to be found in the rows
 * @param vector the column of vectors that the features are in, or null
 * @param sparse whether rows are read without their zeros
 */
public record Columns(
        Task task,
        List<String> features,
        List<String> labels,
        String weight,
        String mark,
        List<String> ignored,
        boolean nonNegative,
        Encoding encoding,
        String vector,
        Sparse sparse)
        implements Serializable {

    /** What the name of a LibSVM file's label is: the file has none. */
    public static final String LIBSVM_LABEL = "label";

    /** The columns for training on all rows, as below. */
    public static Columns forTraining(
            Table table, Task task, List<String> features, List<String> labels, String weight, List<String> exclude) {
        return forTraining(table, task, features, labels, weight, null, exclude);
    }

    /**
     * The columns for training. Vectors and LibSVM files are read without their zeros.
     *
     * @param features empty for all columns that are nothing else; a column of vectors is alone
     * @param mark the column that marks the rows that are held out, or null
     * @param exclude columns to leave out
     */
    public static Columns forTraining(
            Table table,
            Task task,
            List<String> features,
            List<String> labels,
            String weight,
            String mark,
            List<String> exclude) {
        if (mark != null) {
            expectMark(table, mark);
        }
        if (table.format() == Format.LIBSVM) {
            if (task == Task.MULTILABEL) {
                throw new UserError("--task multilabel: " + table.path()
                        + " is a LibSVM file, which has one label a row: expected a table with several label columns");
            }
            expectNone(table, "label", labels);
            expectNone(table, "features", features);
            expectNone(table, "weight", weight == null ? List.of() : List.of(weight));
            expectNone(table, "exclude", exclude);
            return forLibSvm(task, ExampleReader.libSvmFeatures(table));
        }
        if (labels.isEmpty()) {
            throw new UserError("--label is missing: expected the target column, one of " + abbreviated(table.columns())
                    + " in " + table.path());
        }
        if (task == Task.CLASSIFICATION && labels.size() > 1) {
            throw new UserError("--label " + String.join(",", labels)
                    + ": expected one column for a classification (--task multilabel and --task regression may have "
                    + "several)");
        }
        if (task == Task.MULTILABEL && labels.size() == 1) {
            throw new UserError("--label " + labels.get(0)
                    + ": expected several columns with --task multilabel (--task classification has one)");
        }
        for (String label : labels) {
            expectPresent(table, "label", label);
        }
        for (String excluded : exclude) {
            expectPresent(table, "excluded", excluded);
        }
        for (String feature : features) {
            expectPresent(table, "feature", feature);
        }
        if (weight != null) {
            expectPresent(table, "weight", weight);
        }
        Set<String> others = new HashSet<>(labels);
        others.addAll(exclude);
        others.add(weight);
        if (mark != null && !others.add(mark)) {
            throw new UserError("--validation-column " + mark
                    + " is also the label, the weight or left out: expected a " + "column of its own");
        }
        List<String> chosen = features.isEmpty()
                ? table.columns().stream()
                        .filter(name -> !others.contains(name))
                        .toList()
                : features;
        for (String feature : chosen) {
            if (others.contains(feature)) {
                throw new UserError("column " + feature + " is a feature and something else: expected one of "
                        + "--features, --label, --weight, --validation-column, --exclude for each column");
            }
        }
        if (new HashSet<>(chosen).size() < chosen.size() || new HashSet<>(labels).size() < labels.size()) {
            throw new UserError("a column is named twice in --features or --label");
        }
        if (chosen.isEmpty()) {
            throw new UserError(table.path() + ": no feature columns are left besides the label");
        }
        List<String> ignored = table.columns().stream()
                .filter(name -> !chosen.contains(name) && !labels.contains(name))
                .toList();
        String vector = chosen.stream().filter(table::isOfVectors).findFirst().orElse(null);
        if (vector == null) {
            return new Columns(task, chosen, labels, weight, mark, ignored, false, Encoding.NONE, null, Sparse.FALSE);
        }
        if (chosen.size() > 1) {
            throw new UserError(
                    table.path() + ", column " + vector + " holds vectors: expected it to be the only feature"
                            + " column (--features " + vector + ") or to be left out (--exclude " + vector + ")");
        }
        List<String> names = vectorNames(vector, ExampleReader.vectorSize(table, vector));
        return new Columns(task, names, labels, weight, mark, ignored, false, Encoding.NONE, vector, Sparse.AUTO);
    }

    /**
     * The columns for using a model on a table: found by name, in any order.
     *
     * @param withLabels whether rows are to have labels
     * @param exclude columns that the model does not know and that are to be let be
     * @throws UserError when the table lacks a column, or has one that the model has never seen
     */
    public static Columns forModel(
            Table table, ModelDescription model, boolean withLabels, String weight, List<String> exclude) {
        List<String> labels = withLabels ? model.labels() : List.of();
        boolean nonNegative = model.loss().refusesNegativeTargets();
        if (table.format() == Format.LIBSVM) {
            expectNone(table, "weight", weight == null ? List.of() : List.of(weight));
            expectNone(table, "exclude", exclude);
            expectOneLabel(table, model.labels());
            return new Columns(
                    model.task(),
                    model.features(),
                    labels,
                    null,
                    null,
                    List.of(),
                    nonNegative,
                    model.encoding(),
                    null,
                    sparse(model));
        }
        for (String label : labels) {
            expectPresent(table, "label", label);
        }
        if (weight != null) {
            expectPresent(table, "weight", weight);
        }
        String vector = table.columns().stream()
                .filter(column -> table.isOfVectors(column)
                        && model.features()
                                .equals(vectorNames(column, model.features().size())))
                .findFirst()
                .orElse(null);
        List<String> features = vector == null ? model.features() : List.of(vector);
        List<String> missing = new ArrayList<>(features);
        missing.removeAll(table.columns());
        List<String> extra = new ArrayList<>(table.columns());
        extra.removeAll(features);
        extra.removeAll(model.labels());
        extra.removeAll(model.ignored());
        extra.removeAll(exclude);
        extra.remove(weight);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new UserError(table.path() + ": the features differ from the model's: "
                    + (missing.isEmpty() ? "" : "missing " + abbreviated(missing))
                    + (missing.isEmpty() || extra.isEmpty() ? "" : "; ")
                    + (extra.isEmpty()
                            ? ""
                            : "not known to the model " + String.join(", ", extra) + " (--exclude lets a column be)"));
        }
        return new Columns(
                model.task(),
                model.features(),
                labels,
                weight,
                null,
                List.of(),
                nonNegative,
                model.encoding(),
                vector,
                vector == null ? Sparse.FALSE : sparse(model));
    }

    /**
     * The columns for going on with a model: its features, in its order.
     *
     * @param mark the column that marks the rows that are held out, or null
     * @param exclude columns that the model does not know and that are to be let be
     */
    public static Columns forWarmStart(
            Table table, ModelDescription model, String weight, String mark, List<String> exclude) {
        List<String> others = new ArrayList<>(exclude);
        if (mark != null) {
            expectMark(table, mark);
            others.add(mark);
        }
        Columns known = forModel(table, model, true, weight, others);
        List<String> ignored = table.columns().stream()
                .filter(name -> !known.features.contains(name) && !known.labels.contains(name))
                .filter(name -> !name.equals(known.vector))
                .toList();
        return new Columns(
                known.task,
                known.features,
                known.labels,
                weight,
                mark,
                ignored,
                known.nonNegative,
                known.encoding,
                known.vector,
                known.sparse);
    }

    /** A model that centres its inputs fills them. */
    private static Sparse sparse(ModelDescription model) {
        return model.inputs().keepsZeros() ? Sparse.AUTO : Sparse.FALSE;
    }

    /** The names of the features in a column of vectors: V_0, V_1, ... */
    private static List<String> vectorNames(String column, int size) {
        return IntStream.range(0, size).mapToObj(i -> column + "_" + i).toList();
    }

    /** These columns with targets that suit a loss. */
    Columns forLoss(Loss loss) {
        boolean refused = loss.refusesNegativeTargets();
        return new Columns(task, features, labels, weight, mark, ignored, refused, encoding, vector, sparse);
    }

    /** These columns with their features so encoded. */
    Columns encodedAs(Encoding wanted) {
        return new Columns(task, features, labels, weight, mark, ignored, nonNegative, wanted, vector, sparse);
    }

    /** These columns, read as is wanted. */
    public Columns reading(Sparse wanted) {
        return wanted == Sparse.AUTO
                ? this
                : new Columns(task, features, labels, weight, mark, ignored, nonNegative, encoding, vector, wanted);
    }

    /**
     * These columns with what else than numbers their features may be.
     *
     * @throws UserError when a column of categories is no feature, or rows are to be sparse, which categories are not
     */
    public Columns with(Table table, FeatureKinds kinds) {
        List<String> categorical = kinds.isAuto() ? ExampleReader.textFeatures(table, this, true) : kinds.categorical();
        if (table.format() == Format.LIBSVM) {
            expectNone(table, "categorical", kinds.categorical());
        }
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (String column : categorical) {
            expectPresent(table, "categorical", column);
            if (!features.contains(column)) {
                throw new UserError("--categorical " + column
                        + ": expected a feature, which it is not: the features are " + abbreviated(features));
            }
            categories.put(column, List.of());
        }
        if (sparse == Sparse.TRUE && !categories.isEmpty()) {
            throw new UserError("--sparse true: expected features that are numbers, which "
                    + abbreviated(List.copyOf(categories.keySet())) + " of " + table.path()
                    + " are not (--exclude leaves a column out)");
        }
        return encodedAs(new Encoding(kinds.missing(), Map.of(), kinds.unseen(), categories));
    }

    /** The categories of the features that are some, by their place; none of those that are still to be found in the rows. */
    Map<Integer, Labeling.Lookup> categories() {
        Map<Integer, Labeling.Lookup> categories = new HashMap<>();
        for (int i = 0; i < features.size() && !encoding.categories().isEmpty(); i++) {
            List<String> values = encoding.categories().getOrDefault(features.get(i), List.of());
            if (!values.isEmpty()) {
                categories.put(i, new Labeling.Lookup(values));
            }
        }
        return categories;
    }

    /** Makes sure that another table has these columns too. */
    void expectIn(Table table) {
        if (table.format() == Format.LIBSVM) {
            expectNone(table, "weight", weight == null ? List.of() : List.of(weight));
            expectOneLabel(table, labels);
        } else {
            if (vector == null) {
                features.forEach(feature -> expectPresent(table, "feature", feature));
            } else {
                expectPresent(table, "feature", vector);
            }
            labels.forEach(label -> expectPresent(table, "label", label));
            if (weight != null) {
                expectPresent(table, "weight", weight);
            }
        }
    }

    private static void expectOneLabel(Table table, List<String> labels) {
        if (labels.size() > 1) {
            throw new UserError(table.path() + ": a LibSVM file has one label a row, expected the " + labels.size()
                    + " targets " + String.join(", ", labels));
        }
    }

    /** The columns of a LibSVM file with so many features, which are named by their indices from 1. */
    private static Columns forLibSvm(Task task, int features) {
        List<String> names =
                IntStream.rangeClosed(1, features).mapToObj(Integer::toString).toList();
        return new Columns(
                task, names, List.of(LIBSVM_LABEL), null, null, List.of(), false, Encoding.NONE, null, Sparse.AUTO);
    }

    /** How many numbers of a row follow its features. */
    int others() {
        return labels.size() + (weight == null ? 0 : 1);
    }

    private static void expectMark(Table table, String mark) {
        if (table.format() == Format.LIBSVM) {
            expectNone(table, "validation-column", List.of(mark));
        }
        expectPresent(table, "validation", mark);
    }

    private static void expectPresent(Table table, String role, String column) {
        if (!table.columns().contains(column)) {
            throw new UserError(table.path() + " has no " + role + " column " + column
                    + Suggestion.of(column, table.columns()) + ": its columns are " + abbreviated(table.columns()));
        }
    }

    private static void expectNone(Table table, String option, List<String> names) {
        if (!names.isEmpty()) {
            throw new UserError("--" + option + " " + String.join(",", names) + ": " + table.path()
                    + " is a LibSVM file, which has one label, all features and no named columns");
        }
    }

    private static String abbreviated(List<String> names) {
        int most = 40;
        return names.size() <= most
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, most)) + ", ... (" + names.size() + " in all)";
    }
}
