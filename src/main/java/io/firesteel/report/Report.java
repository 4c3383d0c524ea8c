package io.firesteel.report;

import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A model and its training as one HTML file that needs nothing else: no network and no script. It depends on its content alone,
 * so that two equal trainings have equal reports.
 *
 * @param name of the model, such as its path
 * @param measured what the model was measured to be; null where it was not
 * @param run what is known of the training that has just ended; null where the model was loaded
 * @param image the size of the images that the features are the pixels of; null for none
 */
public record Report(String name, TrainedModel model, Measured measured, Run run, ImageSize image) {
    /** Writes the file. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(html().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the file's text. */
    public String html() {
        ModelDescription description = model.description();
        Course course = Course.of(description.provenance());
        StringBuilder body = new StringBuilder();
        body.append(new Summary(name, description, measured, run, course).html());
        body.append(new Learning(course).html());
        if (measured != null) {
            body.append(Results.html(description, measured));
        }
        body.append(new Insight(model, measured, image).html());
        body.append(Inputs.html(description));
        body.append(new ModelOrigin(description.provenance(), run).html());
        return Page.html(
                "Report of " + Html.cut(name, Html.LONG_NAME),
                body.toString(),
                description.provenance().software().firesteel());
    }
}
