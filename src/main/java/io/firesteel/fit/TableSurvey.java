package io.firesteel.fit;

import io.firesteel.base.NameList;
import io.firesteel.base.UserError;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.table.ColumnSurvey;
import io.firesteel.table.ColumnSurvey.Entry;
import io.firesteel.table.ColumnSurvey.Remedy;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.FeatureKinds.Dates;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is in the way of a training on a table, and the settings that let it be read.
 *
 * @param columns what they hold
 * @param remedies the settings that are to be changed, by key, with the texts of their new values
 * @param remaining what is then still in the way; null for nothing
 */
public record TableSurvey(ColumnSurvey columns, Map<String, String> remedies, UserError remaining) {
    /** With fewer problems one line tells all. */
    private static final int FEWEST_PROBLEMS = 2;

    /**
     * Looks through a table on which a training was refused for one of its columns; none if it has no other problem.
     *
     * @param given what was given of the settings of the training
     */
    public static Optional<TableSurvey> of(Settings.Builder given, Table table) {
        Settings settings = given.build();
        InputSettings inputs = settings.inputs();
        if (!table.schema().hasColumns()) {
            return Optional.empty();
        }
        Schema schema = table.measured();
        Columns chosen = Columns.forTraining(
                schema, settings.task(), inputs.features(), inputs.labels(), inputs.weight(), inputs.exclude());
        ColumnSurvey survey = ColumnSurvey.of(table, chosen, inputs.kinds());
        if (survey.obstacles().count() < FEWEST_PROBLEMS) {
            return Optional.empty();
        }
        Map<String, String> remedies = remedies(survey, inputs);
        return Optional.of(new TableSurvey(survey, remedies, remaining(given, remedies, table)));
    }

    private static Map<String, String> remedies(ColumnSurvey survey, InputSettings inputs) {
        Map<String, String> remedies = new LinkedHashMap<>();
        if (needs(survey, Remedy.CATEGORICAL)) {
            List<String> categorical = new ArrayList<>(List.of(FeatureKinds.AUTO));
            categorical.addAll(inputs.kinds().named());
            remedies.put(Setting.CATEGORICAL.key(), NameList.join(categorical));
        }
        if (needs(survey, Remedy.DATES)) {
            remedies.put(Setting.DATES.key(), Dates.EXPAND.toString());
        }
        if (needs(survey, Remedy.MISSING)) {
            remedies.put(Setting.MISSING.key(), Missing.MEAN.toString());
        }
        List<String> unusable = survey.entries().stream()
                .filter(entry -> needs(entry, Remedy.EXCLUDE))
                .map(Entry::column)
                .toList();
        if (!unusable.isEmpty() && inputs.features().isEmpty()) {
            List<String> exclude = new ArrayList<>(inputs.exclude());
            exclude.addAll(unusable);
            remedies.put(Setting.EXCLUDE.key(), NameList.join(exclude));
        } else if (!unusable.isEmpty()) {
            List<String> features = new ArrayList<>(inputs.features());
            features.removeAll(unusable);
            remedies.put(Setting.FEATURES.key(), NameList.join(features));
        }
        return remedies;
    }

    private static boolean needs(ColumnSurvey survey, Remedy remedy) {
        return survey.entries().stream().anyMatch(entry -> needs(entry, remedy));
    }

    private static boolean needs(Entry entry, Remedy remedy) {
        return entry.obstacles().stream().anyMatch(obstacle -> obstacle.remedy() == remedy);
    }

    /** Returns the error that is met when the table is read with other settings. */
    private static UserError remaining(Settings.Builder given, Map<String, String> remedies, Table table) {
        Settings.Builder changed = given.copy();
        remedies.forEach(changed::set);
        try {
            changed.build().read(table).close();
            return null;
        } catch (UserError e) {
            return e;
        }
    }
}
