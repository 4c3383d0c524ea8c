package io.firesteel.table;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules;
import io.firesteel.model.Compared;
import io.firesteel.model.DatePart;
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
 * The roles of a table's columns: a plain value, made of the table's {@link Schema} without reading rows.
 *
 * @param task decides whether labels are classes or numbers
 * @param inputs the features
 * @param labels the target columns; none where rows are only to be scored
 * @param nonNegative whether a target below 0 is refused
 * @param weight the column of row weights, or null
 * @param mark the column that marks the validation rows, or null
 * @param ignored the columns that are neither features nor targets, weight and mark among them
 */
public record Columns(
        Task task,
        Inputs inputs,
        List<String> labels,
        boolean nonNegative,
        String weight,
        String mark,
        List<String> ignored)
        implements Serializable {

    /** The name for the label of a LibSVM file, which has no column names. */
    public static final String LIBSVM_LABEL = "label";

    /**
     * The features of a table.
     *
     * @param features their names, in the order of the network's inputs
     * @param encoding what they may be besides numbers; its categories are empty where they are to be learnt
     * @param vectors the columns of vectors or arrays that some of them are in, with their sizes
     * @param sparse whether rows are read without their zeros
     */
    public record Inputs(List<String> features, Encoding encoding, Map<String, Integer> vectors, Sparse sparse)
            implements Serializable {
        /** Creates features that are numbers. Their zeros may be left out where some are those of vectors. */
        private static Inputs ofColumns(List<String> features, Map<String, Integer> vectors) {
            return new Inputs(features, Encoding.NONE, vectors, vectors.isEmpty() ? Sparse.FALSE : Sparse.AUTO);
        }

        /** Creates the features of LibSVM's lines, whose zeros may be left out. */
        private static Inputs ofPairs(List<String> features) {
            return new Inputs(features, Encoding.NONE, Map.of(), Sparse.AUTO);
        }

        /** Creates a model's features; a model that centres its inputs needs the zeros. */
        private static Inputs of(ModelDescription model, Map<String, Integer> vectors, boolean pairs) {
            Sparse sparse = pairs && model.takesSparse() ? Sparse.AUTO : Sparse.FALSE;
            return new Inputs(model.inputs().features(), Encoding.NONE, vectors, sparse)
                    .encodedAs(model.inputs().encoding());
        }

        /** Returns these features with another encoding; rows of categories or dates are read with their zeros. */
        private Inputs encodedAs(Encoding other) {
            boolean areNumbers = other.categories().isEmpty() && other.dates().isEmpty();
            return new Inputs(features, other, vectors, areNumbers || sparse != Sparse.AUTO ? sparse : Sparse.FALSE);
        }
    }

    /** Returns the features, in the order of the network's inputs. */
    public List<String> features() {
        return inputs.features;
    }

    /** Returns the encoding of the features. */
    public Encoding encoding() {
        return inputs.encoding;
    }

    /** Returns the columns of vectors or arrays that some features are in, with their sizes. */
    public Map<String, Integer> vectors() {
        return inputs.vectors;
    }

    /** Returns whether rows are read without their zeros. */
    public Sparse sparse() {
        return inputs.sparse;
    }

    /** Chooses the columns for training on all rows, as below. */
    public static Columns forTraining(
            Schema schema, Task task, List<String> features, List<String> labels, String weight, List<String> exclude) {
        return forTraining(schema, task, features, labels, weight, null, exclude);
    }

    /**
     * Chooses the columns for training. Vectors and LibSVM files are read without their zeros.
     *
     * @param schema with the sizes of vectors and arrays: {@link Table#measured}
     * @param features empty for all columns that are nothing else; each element of a vector or an array is a feature
     * @param mark the column that marks the rows that are held out, or null
     * @param exclude columns to leave out
     * @throws UserError when a column is missing, or is two things
     */
    public static Columns forTraining(
            Schema schema,
            Task task,
            List<String> features,
            List<String> labels,
            String weight,
            String mark,
            List<String> exclude) {
        if (schema.isLibSvm()) {
            if (task == Task.MULTILABEL) {
                throw new SettingError(
                        "task",
                        task,
                        "a table with several label columns; " + schema.table()
                                + " is a LibSVM file, which has one label a row");
            }
            expectNone(schema, "label", labels);
            expectNone(schema, "features", features);
            expectNone(schema, "weight", weight);
            expectNone(schema, "validation-column", mark);
            expectNone(schema, "exclude", exclude);
            return forLibSvm(task, schema.firstIndex(), schema.size(Schema.LINE));
        }
        expectLabels(schema, task, labels);
        schema.expect("excluded", exclude);
        schema.expect("feature", features);
        expectOthers(schema, weight, mark);
        Set<String> others = others(labels, weight, mark, exclude);
        List<String> chosen = features.isEmpty()
                ? schema.columns().stream()
                        .filter(name ->
                                !others.contains(name) && !schema.rowNames().contains(name))
                        .toList()
                : features;
        expectDistinct(schema, chosen, labels, others, exclude);
        Set<String> used = new HashSet<>(chosen);
        used.addAll(labels);
        List<String> ignored =
                schema.columns().stream().filter(name -> !used.contains(name)).toList();
        return new Columns(task, inputs(schema, chosen), labels, false, weight, mark, ignored);
    }

    private static void expectLabels(Schema schema, Task task, List<String> labels) {
        if (labels.isEmpty()) {
            throw new UserError(SettingNames.mention("label") + " is missing: expected the target column, one of "
                    + Schema.listed(schema.columns()) + " in " + schema.table());
        }
        if (task == Task.CLASSIFICATION && labels.size() > 1) {
            throw new SettingError(
                    "label",
                    labels,
                    "one column for a classification",
                    SettingNames.mention("task", Task.MULTILABEL) + " and "
                            + SettingNames.mention("task", Task.REGRESSION) + " may have several");
        }
        if (task == Task.MULTILABEL && labels.size() == 1) {
            throw new SettingError(
                    "label",
                    labels,
                    "several columns with " + SettingNames.mention("task", task),
                    SettingNames.mention("task", Task.CLASSIFICATION) + " has one");
        }
        schema.expect("label", labels);
    }

    private static void expectOthers(Schema schema, String weight, String mark) {
        if (weight != null) {
            schema.expect("weight", weight);
        }
        if (mark != null) {
            schema.expect("validation", mark);
        }
    }

    /** Returns the columns that are no features. */
    private static Set<String> others(List<String> labels, String weight, String mark, List<String> exclude) {
        Set<String> others = new HashSet<>(labels);
        for (String name : exclude) {
            SettingError.expect(!labels.contains(name), "exclude", name, "a column that is not also the label");
            others.add(name);
        }
        SettingError.expect(
                weight == null || others.add(weight),
                "weight",
                weight,
                "a column that is not also the label or left out");
        SettingError.expect(
                mark == null || others.add(mark),
                "validation-column",
                mark,
                "a column that is not also the label, the weight or left out");
        return others;
    }

    private static void expectDistinct(
            Schema schema, List<String> features, List<String> labels, Set<String> others, List<String> exclude) {
        for (String feature : features) {
            if (others.contains(feature)) {
                throw new UserError("column " + feature + " is a feature and something else: expected one of "
                        + SettingNames.mention("features") + ", " + SettingNames.mention("label") + ", "
                        + SettingNames.mention("weight") + ", " + SettingNames.mention("validation-column")
                        + (exclude.isEmpty() ? "" : ", " + SettingNames.mention("exclude")) + " for each column");
            }
        }
        if (new HashSet<>(features).size() < features.size() || new HashSet<>(labels).size() < labels.size()) {
            throw new UserError("a column is named twice in " + SettingNames.mention("features") + " or "
                    + SettingNames.mention("label"));
        }
        if (features.isEmpty()) {
            throw new UserError(schema.table() + ": no feature columns are left besides the label");
        }
    }

    private static Inputs inputs(Schema schema, List<String> chosen) {
        Map<String, Integer> vectors = new LinkedHashMap<>();
        List<String> features = new ArrayList<>();
        for (String column : chosen) {
            if (schema.isOfVectors(column)) {
                vectors.put(column, schema.size(column));
                features.addAll(vectorNames(column, schema.size(column)));
            } else {
                features.add(column);
            }
        }
        expectDistinct(schema, features, "an element of a vector");
        return Inputs.ofColumns(features, vectors);
    }

    /** Fails when two features have one name, which some of them have as parts of a column. */
    private static void expectDistinct(Schema schema, List<String> features, String part) {
        Set<String> distinct = new HashSet<>();
        for (String name : features) {
            if (!distinct.add(name)) {
                throw new UserError(
                        schema.table() + " has a column " + name + " already, which " + part + " would be: rename it",
                        excludeHint(name),
                        null);
            }
        }
    }

    /**
     * Finds the columns for using a model on a table, by name, in any order.
     *
     * @param withLabels whether rows are to have labels
     * @param exclude columns to ignore that the model does not know
     * @throws UserError when the table lacks a column, or has one that the model has never seen
     */
    public static Columns forModel(
            Schema schema, ModelDescription model, boolean withLabels, String weight, List<String> exclude) {
        List<String> labels = withLabels ? model.targets().labels() : List.of();
        if (schema.isLibSvm()) {
            expectNone(schema, "weight", weight);
            expectNone(schema, "exclude", exclude);
            expectOneLabel(schema, model.targets().labels());
            if (schema.firstIndex() == 0 && model.inputs().features().get(0).equals("1")) {
                throw new SettingError(
                        "option",
                        Format.ZERO_BASED + "=true",
                        "none: the model was trained on features that are counted from 1");
            }
            return ofModel(model, Inputs.of(model, Map.of(), true), labels, null, null, List.of());
        }
        schema.expect("label", labels);
        expectOthers(schema, weight, null);
        Set<String> others = new HashSet<>();
        List.of(model.targets().labels(), model.inputs().ignored(), exclude, schema.rowNames())
                .forEach(others::addAll);
        others.add(weight);
        Map<String, Integer> vectors = vectors(schema, model.inputs().features(), others);
        Columns chosen = ofModel(model, Inputs.of(model, vectors, !vectors.isEmpty()), labels, weight, null, List.of());
        List<String> features = chosen.featureColumns();
        Set<String> columns = new HashSet<>(schema.columns());
        List<String> missing =
                features.stream().filter(name -> !columns.contains(name)).toList();
        Set<String> known = new HashSet<>(others);
        known.addAll(features);
        List<String> extra =
                schema.columns().stream().filter(name -> !known.contains(name)).toList();
        for (String column : extra) {
            if (missing.contains(elementName(column, 0))) {
                throw new UserError(schema.table() + ", column " + column + " is of type "
                        + schema.type(column).catalogString() + ": expected vectors or arrays of numbers");
            }
        }
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new UserError(
                    schema.table() + ": the features differ from the model's: "
                            + (missing.isEmpty() ? "" : "missing " + Schema.listed(missing))
                            + (missing.isEmpty() || extra.isEmpty() ? "" : "; ")
                            + (extra.isEmpty() ? "" : "not known to the model " + String.join(", ", extra)),
                    extra.isEmpty() ? "" : "use " + SettingNames.mention("exclude") + " to ignore a column",
                    null);
        }
        return chosen;
    }

    /**
     * Returns the columns of vectors or arrays that hold features of a model, with their sizes there: V_0, V_1, ... of V, up to a
     * feature that is a column of its own.
     *
     * @param others the columns that hold no features
     */
    private static Map<String, Integer> vectors(Schema schema, List<String> features, Set<String> others) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < features.size(); i++) {
            places.put(features.get(i), i);
        }
        Set<String> own = new HashSet<>(schema.columns());
        own.removeAll(others);
        own.forEach(places::remove);
        Map<String, Integer> vectors = new LinkedHashMap<>();
        for (String column : schema.columns()) {
            Integer first = places.get(elementName(column, 0));
            if (first != null && own.contains(column) && schema.isOfVectors(column)) {
                int size = 1;
                while (Integer.valueOf(first + size).equals(places.get(elementName(column, size)))) {
                    size++;
                }
                vectors.put(column, size);
            }
        }
        return vectors;
    }

    /**
     * Finds the columns for going on with a model: its features, in its order.
     *
     * @param mark the column that marks the rows that are held out, or null
     * @param exclude columns to ignore that the model does not know
     */
    public static Columns forWarmStart(
            Schema schema, ModelDescription model, String weight, String mark, List<String> exclude) {
        List<String> others = new ArrayList<>(exclude);
        if (mark != null) {
            if (schema.isLibSvm()) {
                expectNone(schema, "validation-column", mark);
            }
            schema.expect("validation", mark);
            others.add(mark);
        }
        Columns known = forModel(schema, model, true, weight, others);
        others(known.labels, weight, mark, exclude);
        Set<String> used = new HashSet<>(known.featureColumns());
        used.addAll(known.labels);
        List<String> ignored =
                schema.columns().stream().filter(name -> !used.contains(name)).toList();
        return ofModel(model, known.inputs, known.labels, weight, mark, ignored);
    }

    private static Columns ofModel(
            ModelDescription model,
            Inputs inputs,
            List<String> labels,
            String weight,
            String mark,
            List<String> ignored) {
        return new Columns(
                model.task(), inputs, labels, model.network().loss().refusesNegativeTargets(), weight, mark, ignored);
    }

    /** Returns the name of the feature that is an element of a vector or an array. */
    private static String elementName(String column, int i) {
        return column + "_" + i;
    }

    /** Returns the names of the features in a column of vectors or arrays: V_0, V_1, ... */
    private static List<String> vectorNames(String column, int size) {
        return IntStream.range(0, size).mapToObj(i -> elementName(column, i)).toList();
    }

    /** Returns the columns of a LibSVM file with these indices of features, which are their names. */
    private static Columns forLibSvm(Task task, int first, int last) {
        List<String> names =
                IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
        Inputs inputs = Inputs.ofPairs(names);
        return new Columns(task, inputs, List.of(LIBSVM_LABEL), false, null, null, List.of());
    }

    private Columns with(Inputs wanted) {
        return new Columns(task, wanted, labels, nonNegative, weight, mark, ignored);
    }

    /** Returns these columns with targets that suit a loss; null for the task's usual one. */
    public Columns forLoss(Loss loss) {
        return loss == null
                ? this
                : new Columns(task, inputs, labels, loss.refusesNegativeTargets(), weight, mark, ignored);
    }

    /** Returns these columns with another encoding of their features. */
    public Columns encodedAs(Encoding encoding) {
        return with(inputs.encodedAs(encoding));
    }

    /** Returns these columns with rows read densely or sparsely; {@link Sparse#AUTO} changes nothing. */
    public Columns reading(Sparse wanted) {
        return wanted == Sparse.AUTO
                ? this
                : with(new Inputs(inputs.features, inputs.encoding, inputs.vectors, wanted));
    }

    /** Returns these columns with the given kinds of features and without dates, as below. */
    public Columns with(Schema schema, FeatureKinds kinds) {
        return with(schema, kinds, Map.of());
    }

    /**
     * Returns these columns with the given kinds of features.
     *
     * @param kinds names the columns of categories
     * @param dates the columns of dates, with their parts
     * @throws UserError when a column of categories is not a feature, when rows are to be sparse and have categories, or when a
     *     date's part has the name of another feature
     */
    public Columns with(Schema schema, FeatureKinds kinds, Map<String, List<DatePart>> dates) {
        if (schema.isLibSvm()) {
            expectNone(schema, "categorical", kinds.categorical());
        }
        Map<String, List<String>> categories = new LinkedHashMap<>();
        Map<String, Compared> compared = new LinkedHashMap<>();
        Set<String> single = new HashSet<>(singleColumns());
        for (String column : kinds.categorical()) {
            if (!single.contains(column)) {
                if (vectors().containsKey(column) || features().contains(column)) {
                    throw new SettingError(
                            "categorical", column, "a column of single values: the elements of vectors are numbers");
                }
                schema.expect("categorical", column);
                throw new SettingError(
                        "categorical", column, "a feature: the features are " + Schema.listed(featureColumns()));
            }
            categories.put(column, List.of());
            compared.put(column, schema.nameKind(column).compared());
        }
        if (sparse() == Sparse.TRUE && !categories.isEmpty()) {
            throw new SettingError(
                    "sparse",
                    sparse(),
                    "features that are numbers, which " + Schema.listed(List.copyOf(categories.keySet())) + " of "
                            + schema.table() + " are not",
                    SettingNames.mention("exclude") + " leaves a column out");
        }
        Encoding encoding =
                new Encoding(kinds.missing(), Map.of(), kinds.unseen(), categories, compared, Map.of(), List.of());
        return dates.isEmpty() ? encodedAs(encoding) : encodedAs(encoding).expanding(schema, dates);
    }

    /** Returns these columns with the parts of dates as features. */
    private Columns expanding(Schema schema, Map<String, List<DatePart>> dates) {
        Map<String, List<DatePart>> parts = new LinkedHashMap<>(); // in the order of the features
        List<String> expanded = new ArrayList<>();
        for (String column : features()) { // of which elements of vectors are no columns
            if (dates.containsKey(column) && !encoding().isCategory(column)) {
                parts.put(column, dates.get(column));
                expanded.addAll(DatePart.features(column, dates.get(column)));
            } else {
                expanded.add(column);
            }
        }
        expectDistinct(schema, expanded, "a part of a date");
        return with(new Inputs(expanded, encoding(), vectors(), sparse())
                .encodedAs(encoding().withDates(parts)));
    }

    /** Returns whether the values of a column name classes or categories. */
    boolean isNames(String column) {
        return encoding().isCategory(column) || (task == Task.CLASSIFICATION && labels.contains(column));
    }

    /** Returns the known categories by feature; categories that are still to be learnt are not among them. */
    public Map<Integer, Labeling.Lookup> categories() {
        Map<Integer, Labeling.Lookup> categories = new HashMap<>();
        for (int i = 0; i < features().size() && !encoding().categories().isEmpty(); i++) {
            List<String> values =
                    encoding().categories().getOrDefault(features().get(i), List.of());
            if (!values.isEmpty()) {
                Compared compared = encoding().compared(features().get(i));
                categories.put(i, new Labeling.Lookup(values, compared));
            }
        }
        return categories;
    }

    /**
     * Returns the rules for the cells of the features.
     *
     * @param decimalCommas whether texts write numbers with a comma before the fraction
     */
    CellRules rules(boolean decimalCommas) {
        return new CellRules(featureColumns(), vectors(), encoding(), decimalCommas);
    }

    /** Makes sure that another table has these columns. */
    void expectIn(Schema schema) {
        if (schema.isLibSvm()) {
            expectNone(schema, "weight", weight);
            expectOneLabel(schema, labels);
            return;
        }
        schema.expect("feature", featureColumns());
        schema.expect("label", labels);
        expectOthers(schema, weight, null);
    }

    /** Returns the columns that hold the features; of LibSVM's lines, which have no columns, the features. */
    public List<String> featureColumns() {
        List<String> columns = encoding().columns(features());
        if (vectors().isEmpty()) {
            return columns;
        }
        Map<String, String> firsts = new HashMap<>(); // the first feature of each column of vectors
        vectors().keySet().forEach(column -> firsts.put(elementName(column, 0), column));
        List<String> folded = new ArrayList<>();
        for (int i = 0; i < columns.size(); ) {
            String vector = firsts.get(columns.get(i));
            folded.add(vector == null ? columns.get(i) : vector);
            i += vector == null ? 1 : vectors().get(vector);
        }
        return folded;
    }

    /** Returns the columns that hold one feature each, or the parts of a date. */
    List<String> singleColumns() {
        return featureColumns().stream()
                .filter(column -> !vectors().containsKey(column))
                .toList();
    }

    /** Returns the number of columns that the features are; each element of vectors counts as one. */
    public int columnCount() {
        return encoding().columns(features()).size();
    }

    /** Returns the columns of a table's cells: features or their vector, labels, weight. */
    List<String> cells() {
        List<String> cells = new ArrayList<>(featureColumns());
        cells.addAll(labels);
        if (weight != null) {
            cells.add(weight);
        }
        return cells;
    }

    /** Returns the index of the first feature in LibSVM's lines: as the features are named, or else as the table says. */
    int firstIndex(Schema schema) {
        return switch (features().get(0)) {
            case "0" -> 0;
            case "1" -> 1;
            default -> schema.firstIndex();
        };
    }

    /** Returns the number of targets and weights that follow the features of a row. */
    public int others() {
        return labels.size() + (weight == null ? 0 : 1);
    }

    private static void expectOneLabel(Schema schema, List<String> labels) {
        if (labels.size() > 1) {
            throw new UserError(schema.table() + ": a LibSVM file has one label a row, expected the " + labels.size()
                    + " targets " + String.join(", ", labels));
        }
    }

    private static void expectNone(Schema schema, String setting, String name) {
        expectNone(schema, setting, name == null ? List.of() : List.of(name));
    }

    private static void expectNone(Schema schema, String setting, List<String> names) {
        if (!names.isEmpty()) {
            throw new SettingError(
                    setting,
                    names,
                    "none, since " + schema.table()
                            + " is a LibSVM file, which has one label, all features and no named columns");
        }
    }

    /** Returns the beginning of a hint that dates may be read. */
    public static String datesHint(String what) {
        return SettingNames.mention("dates", FeatureKinds.Dates.EXPAND) + " " + what + ", ";
    }

    /** Returns the hint that a column may be ignored. */
    public static String excludeHint(String column) {
        return SettingNames.mention("exclude", column) + " leaves it out";
    }
}
