package io.firesteel.report;

import io.firesteel.model.Encoding;
import io.firesteel.model.ModelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The input columns, and how they become the network's inputs. */
final class Inputs {
    private static final int MOST_COLUMNS = 300;
    private static final int SHOWN_COLUMNS = 24;
    private static final int MOST_CATEGORIES = 8;
    private static final int MOST_IGNORED = 40;

    private Inputs() {}

    static String html(ModelDescription description) {
        ModelDescription.Inputs inputs = description.inputs();
        Encoding encoding = inputs.encoding();
        int categories = encoding.categories().size();
        int dates = encoding.dates().size();
        int columns = inputs.columns().size();
        StringBuilder text = new StringBuilder("<p>" + Html.counted(columns, "column") + " become"
                + (columns == 1 ? "s " : " ")
                + Html.counted(description.network().inputs(), "input") + " of the network: "
                + (dates == 0
                        ? ""
                        : (dates == 1 ? "1 column" : dates + " columns")
                                + " of dates become numbers: year, month, day of the week, hour and days since 1970; ")
                + (categories == 0
                        ? (dates == 0 ? "all are numbers." : "the others are numbers.")
                        : Html.counted(columns - categories - dates, "number") + " and "
                                + (categories == 1 ? "1 column" : categories + " columns")
                                + " of categories, with an input of 0 or 1 for each category.")
                + " " + missing(encoding) + (categories == 0 ? "" : " " + unseen(encoding)) + "</p>\n");
        if (!inputs.ignored().isEmpty()) {
            text.append("<p>Not used: ")
                    .append(names(inputs.ignored(), MOST_IGNORED))
                    .append(".</p>\n");
        }
        List<List<String>> rows = new ArrayList<>();
        int features = inputs.features().size();
        for (int i = 0; i < Math.min(features, MOST_COLUMNS); i++) {
            rows.add(row(inputs, i));
        }
        String table = Html.table(
                        features > MOST_COLUMNS ? "The first " + MOST_COLUMNS + " columns" : "Columns",
                        List.of("column", "kind", "scaling or categories", "missing becomes"),
                        rows)
                .replace("<table>", "<table class=\"texts\">");
        text.append(features > SHOWN_COLUMNS ? Html.details(Html.counted(columns, "column"), table) : table);
        return Html.section("Inputs", text.toString());
    }

    private static String missing(Encoding encoding) {
        return encoding.missing() == Encoding.Missing.ERROR
                ? "A missing value is refused."
                : "A missing number becomes the mean of its column.";
    }

    private static String unseen(Encoding encoding) {
        return switch (encoding.unseen()) {
            case ERROR -> "A category that training did not have is refused.";
            case IGNORE -> "A category that training did not have counts as none.";
        };
    }

    private static List<String> row(ModelDescription.Inputs inputs, int i) {
        String column = inputs.features().get(i);
        Encoding encoding = inputs.encoding();
        String name = Html.name(column, Html.LONG_NAME);
        if (encoding.isCategory(column)) {
            List<String> values = encoding.categories().get(column);
            String missing = encoding.allowsNaN(true) ? "none of them" : "refused";
            return List.of(
                    name,
                    Html.counted(values.size(), "category").replace("categorys", "categories"),
                    names(values, MOST_CATEGORIES),
                    missing);
        }
        double mean = inputs.scaling().mean()[i];
        double deviation = inputs.scaling().deviation()[i];
        String scaling = mean == 0 && deviation == 1
                ? "as it is"
                : (mean == 0 ? "x" : "(x \u2212 " + Html.digits(mean) + ")") + " / " + Html.digits(deviation);
        if (inputs.scaling().clip() > 0) {
            scaling += ", limited smoothly to " + Html.digits(inputs.scaling().clip());
        }
        Double replacement = encoding.means().get(column);
        String missing = replacement == null
                ? "refused"
                : Html.digits(replacement)
                        + (encoding.indicators().contains(column) ? ", and an indicator input is 1" : "");
        return List.of(name, "number", scaling, missing);
    }

    /** Returns the first of some names. */
    private static String names(List<String> names, int most) {
        return names.stream().limit(most).map(name -> Html.name(name, 24)).collect(Collectors.joining(", "))
                + (names.size() > most ? ", \u2026 (" + Html.count(names.size()) + " in all)" : "");
    }
}
