package io.firesteel.report;

import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
    /** No style, script or image comes from anywhere but this file, and no script at all. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

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
        body.append(new Learning(description, course).html());
        if (measured != null) {
            body.append(Results.html(description, measured));
        }
        body.append(new Insight(model, measured, image).html());
        body.append(Inputs.html(description));
        body.append(new Origin(description.provenance(), run).html());
        String title = "Report of " + Html.cut(name, Html.LONG_NAME);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>" + Html.escape(title)
                + "</title>\n<style>\n" + style() + "</style>\n</head>\n<body>\n<main>\n" + body
                + "</main>\n<footer>Firesteel "
                + Html.escape(description.provenance().software().firesteel())
                + "</footer>\n</body>\n</html>\n";
    }

    private static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
