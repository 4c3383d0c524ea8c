package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.data.Columns;
import io.firesteel.data.FeatureKinds;
import io.firesteel.data.Table;
import io.firesteel.fit.Recipe;
import io.firesteel.model.Encoding;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** The model that a training starts from: from its weights, with its features, classes and scaling. */
final class WarmStart {
    private final String path;
    private final TrainedModel model;

    private WarmStart(String path, TrainedModel model) {
        this.path = path;
        this.model = model;
    }

    /**
     * Reads the model.
     *
     * @throws UserError when it cannot be read
     */
    static WarmStart open(String path, Configuration hadoop) throws io.firesteel.model.InvalidModelException {
        return new WarmStart(path, SparkCommand.load("--warm-start", path, hadoop));
    }

    /** The model's description. */
    ModelDescription description() {
        return model.description();
    }

    /** The weights to start from. */
    double[] theta() {
        return model.theta();
    }

    /**
     * Makes sure that the model is one of these settings.
     *
     * @param features as they are given; empty where they are not
     * @throws UserError that names each difference
     */
    void expectFits(Recipe recipe, List<String> labels, List<String> features, FeatureKinds kinds) {
        ModelDescription then = model.description();
        List<String> differences = new ArrayList<>();
        compare(differences, "task", then.task(), recipe.task());
        if (!labels.isEmpty()) {
            compare(differences, "label", text(then.labels()), text(labels));
        }
        if (!features.isEmpty()) {
            compare(differences, "features", text(then.features()), text(features));
        }
        compareKinds(differences, then.encoding(), kinds);
        List<Integer> layers = then.layers();
        compare(
                differences,
                "hidden",
                hidden(layers.subList(1, layers.size() - 1)),
                hidden(recipe.config().hidden()));
        compare(
                differences,
                "standardize",
                then.settings().getOrDefault("standardize", Boolean.toString(recipe.standardize())),
                Boolean.toString(recipe.standardize()));
        if (differences.isEmpty()) { // else there is no such network
            int outputs = then.classes().isEmpty()
                    ? then.labels().size()
                    : then.classes().size();
            Network now = recipe.config().network(recipe.task(), then.layout().inputs(), outputs);
            compare(differences, "activation", then.activation(), ModelDescription.activationNames(now));
            compare(differences, "loss", then.loss(), now.loss());
        }
        if (!differences.isEmpty()) {
            throw new UserError(
                    "--warm-start " + path + ": the model is of other settings: " + String.join("; ", differences));
        }
    }

    /** What is said of features, as far as it is; the model's categories and means are kept in any case. */
    private static void compareKinds(List<String> differences, Encoding then, FeatureKinds now) {
        Set<String> categories = new TreeSet<>(then.categories().keySet());
        if (!now.categorical().isEmpty() && !now.categorical().equals(List.of(FeatureKinds.AUTO))) {
            compare(differences, "categorical", categories, new TreeSet<>(now.categorical()));
        }
        if (now.missing() != Encoding.NONE.missing()) {
            compare(differences, "missing", then.missing(), now.missing());
        }
        if (now.unseen() != Encoding.NONE.unseen()) {
            compare(differences, "unseen", then.unseen(), now.unseen());
        }
    }

    private static void compare(List<String> differences, String option, Object then, Object now) {
        if (!then.equals(now)) {
            differences.add("--" + option + " was " + then + ", is " + now);
        }
    }

    private static String hidden(List<Integer> units) {
        return units.isEmpty() ? "none" : text(units);
    }

    private static String text(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** The model's columns in a table. */
    Columns columns(Table table, String weight, String mark, List<String> exclude) {
        return Columns.forWarmStart(table, model.description(), weight, mark, exclude);
    }
}
