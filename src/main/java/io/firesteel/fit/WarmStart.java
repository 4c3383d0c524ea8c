package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.TableRows;
import io.firesteel.model.Encoding;
import io.firesteel.model.InputLayout;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.FeatureKinds.Dates;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Sparse;
import io.firesteel.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The model that a training starts from: from its weights, with its features, classes and scaling.
 *
 * @param path where it is
 */
public record WarmStart(String path, TrainedModel model) {
    private static final List<Setting<?>> ADOPTED = List.of(
            Setting.TASK,
            Setting.HIDDEN,
            Setting.ACTIVATION,
            Setting.LOSS,
            Setting.QUANTILES,
            Setting.STANDARDIZE,
            Setting.ROBUST,
            Setting.PIECES,
            Setting.EMBEDDING,
            Setting.MAX_ONE_HOT,
            Setting.SCALE_INPUTS,
            Setting.PARAMETRIC,
            Setting.MEMBERS,
            Setting.CATEGORICAL,
            Setting.MISSING,
            Setting.UNSEEN,
            Setting.DATES);

    private static <T> String text(Setting<T> setting, Preset preset) {
        return setting.type().write().apply(setting.byDefault(preset));
    }

    /** Returns the given settings, with those of the model that decide the network, its inputs and its task. */
    public Settings.Builder adopted(Settings.Builder given) {
        Settings.Builder adopted = given.copy();
        Map<String, String> settings = model.description().provenance().settings();
        for (Setting<?> setting : ADOPTED) {
            if (setting == Setting.QUANTILES && adopted.get(Setting.LOSS) != Loss.QUANTILE) {
                continue; // another loss was given, which is told when all differences are
            }
            if (setting == Setting.PIECES && !adopted.get(Setting.ROBUST)) {
                continue; // which was given, and is told when all differences are
            }
            if (!given.isGiven(setting) && settings.containsKey(setting.key())) {
                adopted.set(setting.key(), settings.get(setting.key()));
            } else if (!given.isGiven(setting)
                    && setting.byDefault(Preset.NOTES) != null
                    && !setting.isWritten(
                            Preset.NOTES)) { // so a model that does not have it was trained with this default
                adopted.set(setting.key(), text(setting, Preset.NOTES));
            }
        }
        return adopted;
    }

    /**
     * Makes sure that the model is one of some settings.
     *
     * @param given what was given of them
     * @throws UserError that names each difference
     */
    public void expectFits(Settings.Builder given, Settings settings) {
        if (given.isGiven(Setting.INIT) || given.isGiven(Setting.INIT_SCALE)) {
            throw new UserError(mention("init") + " and " + mention("init-scale") + ": expected neither with "
                    + mention("warm-start") + ", which gives the initial weights");
        }
        InputSettings inputs = settings.inputs();
        List<String> differences = new ArrayList<>();
        compare(differences, Setting.TASK, model.description().task(), settings.task());
        compareColumns(differences, inputs);
        List<Integer> layers = model.network().units();
        compare(
                differences,
                Setting.HIDDEN,
                layers.subList(1, layers.size() - 1),
                settings.config().hidden());
        compareScaling(differences, inputs);
        if (differences.isEmpty()) { // else there is no such network
            compareNetworks(differences, settings);
        }
        if (!differences.isEmpty()) {
            throw new UserError(mention("warm-start", path) + ": the model was trained with other settings: "
                    + String.join("; ", differences));
        }
        SettingError.expect(
                inputs.sparse() != Sparse.TRUE || model.description().takesSparse(),
                "sparse",
                true,
                "false with " + mention("warm-start", path) + ", a model that needs the zeros of its inputs");
    }

    /** Returns the text of a setting in the training of the model; null where the model does not say it. */
    private String noted(Setting<?> setting) {
        return model.description().provenance().settings().get(setting.key());
    }

    /** Compares labels and features, as far as they are said; the model's categories and means are kept in any case. */
    private void compareColumns(List<String> differences, InputSettings now) {
        ModelDescription then = model.description();
        if (!now.labels().isEmpty()) {
            compare(differences, Setting.LABEL, then.targets().labels(), now.labels());
        }
        if (!now.features().isEmpty()) {
            compare(differences, Setting.FEATURES, then.inputs().columns(), now.features());
        }
        Encoding encoding = then.inputs().encoding();
        FeatureKinds kinds = now.kinds();
        if (!kinds.categorical().isEmpty() && !kinds.isAuto()) {
            Set<String> categories = new TreeSet<>(encoding.categories().keySet());
            compareTexts(differences, "categorical", categories, new TreeSet<>(kinds.categorical()));
        }
        if (kinds.missing() != Encoding.NONE.missing()) {
            String missing = noted(Setting.MISSING);
            compareTexts(
                    differences,
                    "missing",
                    missing == null ? encoding.missing().toString() : missing,
                    kinds.missing().toString());
        }
        if (kinds.unseen() != Encoding.NONE.unseen()) {
            compare(differences, Setting.UNSEEN, encoding.unseen(), kinds.unseen());
        }
        if (!encoding.dates().isEmpty()) {
            compare(differences, Setting.DATES, Dates.EXPAND, kinds.dates());
        }
    }

    private void compareScaling(List<String> differences, InputSettings now) {
        String standardize = noted(Setting.STANDARDIZE);
        if (standardize != null) {
            compare(differences, Setting.STANDARDIZE, Boolean.valueOf(standardize), now.standardize());
        }
        boolean robust = model.description().inputs().scaling().clip() > 0;
        compare(differences, Setting.ROBUST, robust, now.robust());
        if (robust && now.robust()) {
            compare(differences, Setting.PIECES, number(Setting.PIECES, 0), now.pieces());
        }
    }

    private int number(Setting<Integer> setting, int otherwise) {
        String noted = noted(setting);
        return noted == null ? otherwise : Integer.parseInt(noted);
    }

    private void compareNetworks(List<String> differences, Settings settings) {
        ModelDescription.Targets targets = model.description().targets();
        int outputs = targets.classes().isEmpty()
                ? targets.labels().size()
                : targets.classes().size();
        InputLayout layout = model.description().inputs().layout();
        Network then = model.network();
        Network now = settings.layers()
                .applied(
                        settings.config().network(settings.task(), layout.inputs(), outputs),
                        layout,
                        settings.inputs().sparse() == Sparse.TRUE);
        compare(differences, Setting.EMBEDDING, embedding(then), embedding(now));
        if (!now.embeddedCategories().equals(then.embeddedCategories())) {
            compare(
                    differences,
                    Setting.MAX_ONE_HOT,
                    number(Setting.MAX_ONE_HOT, Encoding.MOST_CATEGORIES),
                    settings.layers().mostOneHot());
        }
        compare(differences, Setting.SCALE_INPUTS, then.scalesInputs(), now.scalesInputs());
        compare(differences, Setting.PARAMETRIC, then.hasParametricActivations(), now.hasParametricActivations());
        compare(differences, Setting.MEMBERS, then.members(), now.members());
        compareTexts(differences, "activation", then.activationNames(), now.activationNames());
        compareTexts(differences, "loss", then.loss(), now.loss());
        if (now.loss() == then.loss()) {
            compareTexts(
                    differences,
                    "quantiles",
                    String.join(",", then.quantiles().names()),
                    String.join(",", now.quantiles().names()));
        }
    }

    private static Embedding embedding(Network network) {
        return network.embeddedNumbers().isEmpty() ? Embedding.NONE : Embedding.PERIODIC;
    }

    private static <T> void compare(List<String> differences, Setting<T> setting, T then, T now) {
        compareTexts(
                differences,
                setting.key(),
                setting.type().write().apply(then),
                setting.type().write().apply(now));
    }

    private static void compareTexts(List<String> differences, String key, Object then, Object now) {
        if (!then.equals(now)) {
            differences.add(mention(key) + " was " + then + ", is " + now);
        }
    }

    /** Reads a table's rows by the model's columns. */
    TableRows read(Table table, Settings settings) {
        InputSettings inputs = settings.inputs();
        Columns columns = Columns.forWarmStart(
                table.schema(),
                model.description(),
                inputs.weight(),
                settings.validation().column(),
                inputs.exclude());
        return TableRows.of(
                NumberedRows.read(
                        table,
                        columns.reading(inputs.sparse())
                                .forLoss(settings.config().loss())),
                model.description());
    }
}
