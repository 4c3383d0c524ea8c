package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.data.Columns;
import io.firesteel.data.Table;
import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.fit.FitOptions;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Recipe;
import io.firesteel.fit.Values;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import scala.Option;

/**
 * The fitting of a model to a DataFrame, as an estimator's Params ask for it.
 *
 * @param features the column of vectors
 */
record FrameFit(Params estimator, String features, String label) {
    static FrameFit of(Params estimator, String features, String label) {
        return new FrameFit(estimator, features, label);
    }

    /**
     * Fits the model.
     *
     * @throws UserError when Params or rows cannot be used
     */
    TrainedModel fit(Task task, Dataset<?> frame) {
        try {
            CommandLine options = new CommandLine(new FitOptions());
            Values.register(options);
            options.parseArgs(arguments(task));
            FitOptions asked = options.getCommand();
            Recipe recipe = asked.resolve(options.getCommandSpec().options());
            String weight = text("weightCol");
            Table table = Table.of(select(frame, Stream.of(features, label, weight, asked.mark())));
            Columns columns = Columns.forTraining(
                    table, task, List.of(features), List.of(label), weight, asked.mark(), List.of());
            try (TrainingRows rows = asked.read(table, columns);
                    TrainingData data = recipe.data(rows, asked.heldOut(FrameFit::none))) {
                expectNumbered(data.classes());
                rows.forget();
                Fitting fitting = new Fitting(recipe, data);
                Fitting.Prepared prepared = fitting.from(fitting.start(), List.of());
                return prepared.run(prepared.beginning(), step -> {}).model();
            }
        } catch (UserError e) {
            throw new UserError(e.render(new ParamNames(estimator)), e);
        } catch (ParameterException e) {
            String option = ((OptionSpec) e.getArgSpec()).longestName().substring(2);
            String problem = e.getMessage().substring(e.getMessage().indexOf(": "));
            throw new UserError(new ParamNames(estimator).name(option) + problem, e);
        }
    }

    private static Table none(String path) {
        throw new IllegalStateException("no Param names a table such as " + path);
    }

    private static Dataset<Row> select(Dataset<?> frame, Stream<String> columns) {
        return frame.select(columns.filter(Objects::nonNull)
                .distinct()
                .map(name -> frame.col("`" + name.replace("`", "``") + "`"))
                .toArray(Column[]::new));
    }

    /** What is set, as a command line. */
    private String[] arguments(Task task) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--task=" + task);
        for (Param<?> param : estimator.params()) {
            if (FitParam.option(param.name()) != null && value(param) != null) {
                arguments.add(FitParam.option(param.name()).longestName() + "=" + written(value(param)));
            }
        }
        return arguments.toArray(String[]::new);
    }

    private Object value(Param<?> param) {
        Option<?> value = estimator.get(param);
        return value.isDefined() ? value.get() : null;
    }

    private String text(String param) {
        return (String) value(estimator.getParam(param));
    }

    private static String written(Object value) {
        if (!(value instanceof int[] units)) {
            return value.toString();
        }
        return units.length == 0
                ? "none"
                : Arrays.stream(units).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /** Spark ML takes a class's label for its number. */
    private void expectNumbered(List<String> classes) {
        for (String name : classes) {
            if (!name.matches("\\d{1,5}")) {
                throw new UserError("the DataFrame, column " + label + ": the label " + name
                        + " is none of 0, 1, 2, ... : a StringIndexer makes such of any labels");
            }
        }
    }
}
