package io.firesteel.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import javax.servlet.http.HttpServletRequest;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.ui.WebUIPage;
import org.json4s.JsonAST.JValue;
import org.json4s.jackson.JsonMethods$;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The page of the tab, for the servlets of Spark 3.5. */
final class TrainingsPage extends WebUIPage {
    private final TrainingTab tab;
    private final Trainings trainings;

    TrainingsPage(TrainingTab tab, Trainings trainings) {
        super("");
        this.tab = tab;
        this.trainings = trainings;
    }

    @Override
    public Seq<Node> render(HttpServletRequest request) {
        String html = trainings.html(request.getParameter("training"));
        return UIUtils.headerSparkPage(
                request, "Training", () -> new Unparsed(html), tab, Option.empty(), false, false);
    }

    @Override
    public JValue renderJson(HttpServletRequest request) {
        String json = trainings.json(request.getParameter("training"));
        try {
            return JsonMethods$.MODULE$.mapper().readValue(json, JValue.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
