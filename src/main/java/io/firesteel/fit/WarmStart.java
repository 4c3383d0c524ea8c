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
        ModelDescription then = model.description();
        InputSettings inputs = settings.inputs();
        List<String> differences = new ArrayList<>();
        compare(differences, Setting.TASK, then.task(), settings.task());
        if (!inputs.labels().isEmpty()) {
            compare(differences, Setting.LABEL, then.targets().labels(), inputs.labels());
        }
        if (!inputs.features().isEmpty()) {
            compare(differences, Setting.FEATURES, then.inputs().columns(), inputs.features());
        }
        compareKinds(differences, then, inputs.kinds());
        List<Integer> layers = then.network().units();
        compare(
                differences,
                Setting.HIDDEN,
                layers.subList(1, layers.size() - 1),
                settings.config().hidden());
        boolean standardize = inputs.standardize();
        String before = then.provenance().settings().get(Setting.STANDARDIZE.key());
        compare(differences, Setting.STANDARDIZE, before == null ? standardize : Boolean.valueOf(before), standardize);
        Map<String, String> noted = then.provenance().settings();
        boolean robust = then.inputs().scaling().clip() > 0;
        compare(differences, Setting.ROBUST, robust, inputs.robust());
        if (robust && inputs.robust()) {
            String pieces = noted.get(Setting.PIECES.key());
            compare(differences, Setting.PIECES, pieces == null ? 0 : Integer.valueOf(pieces), inputs.pieces());
        }
        if (differences.isEmpty()) { // else there is no such network
            int outputs = then.targets().classes().isEmpty()
                    ? then.targets().labels().size()
                    : then.targets().classes().size();
            InputLayout layout = then.inputs().layout();
            Network now = settings.layers()
                    .applied(
                            settings.config().network(settings.task(), layout.inputs(), outputs),
                            layout,
                            inputs.sparse() == Sparse.TRUE);
            compare(differences, Setting.EMBEDDING, embedding(then.network()), embedding(now));
            if (!now.embeddedCategories().equals(then.network().embeddedCategories())) {
                String most = then.provenance().settings().get(Setting.MAX_ONE_HOT.key());
                compare(
                        differences,
                        Setting.MAX_ONE_HOT,
                        most == null ? Encoding.MOST_CATEGORIES : Integer.valueOf(most),
                        settings.layers().mostOneHot());
            }
            compare(differences, Setting.SCALE_INPUTS, then.network().scalesInputs(), now.scalesInputs());
            compare(
                    differences,
                    Setting.PARAMETRIC,
                    then.network().hasParametricActivations(),
                    now.hasParametricActivations());
            compare(differences, Setting.MEMBERS, then.network().members(), now.members());
            compareTexts(differences, "activation", then.network().activationNames(), now.activationNames());
            compareTexts(differences, "loss", then.network().loss(), now.loss());
            if (now.loss() == then.network().loss()) {
                compareTexts(
                        differences,
                        "quantiles",
                        String.join(",", then.network().quantiles().names()),
                        String.join(",", now.quantiles().names()));
            }
        }
        if (!differences.isEmpty()) {
            throw new UserError(mention("warm-start", path) + ": the model was trained with other settings: "
                    + String.join("; ", differences));
        }
        SettingError.expect(
                inputs.sparse() != Sparse.TRUE || then.takesSparse(),
                "sparse",
                true,
                "false with " + mention("warm-start", path) + ", a model that needs the zeros of its inputs");
    }

    private static Embedding embedding(Network network) {
        return network.embeddedNumbers().isEmpty() ? Embedding.NONE : Embedding.PERIODIC;
    }

    /** Compares what is said of features, as far as it is; the model's categories and means are kept in any case. */
    private static void compareKinds(List<String> differences, ModelDescription model, FeatureKinds now) {
        Encoding then = model.inputs().encoding();
        Set<String> categories = new TreeSet<>(then.categories().keySet());
        if (!now.categorical().isEmpty() && !now.isAuto()) {
            compareTexts(differences, "categorical", categories, new TreeSet<>(now.categorical()));
        }
        if (now.missing() != Encoding.NONE.missing()) {
            String noted = model.provenance().settings().get(Setting.MISSING.key());
            compareTexts(
                    differences,
                    "missing",
                    noted == null ? then.missing().toString() : noted,
                    now.missing().toString());
        }
        if (now.unseen() != Encoding.NONE.unseen()) {
            compare(differences, Setting.UNSEEN, then.unseen(), now.unseen());
        }
        if (!then.dates().isEmpty()) {
            compare(differences, Setting.DATES, Dates.EXPAND, now.dates());
        }
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
