package io.firesteel.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An HTML file that needs nothing else: no network and no script. */
final class Page {
    /** No style, script or image comes from anywhere but this file, and no script at all. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private Page() {}

    /**
     * Returns the file's text.
     *
     * @param title as text
     * @param body its sections, as HTML
     * @param version of Firesteel
     */
    static String html(String title, String body, String version) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>" + Html.escape(title)
                + "</title>\n<style>\n" + style("figures.css") + style("report.css")
                + "</style>\n</head>\n<body>\n<main>\n" + body
                + "</main>\n<footer>Firesteel " + Html.escape(version) + "</footer>\n</body>\n</html>\n";
    }

    /** Returns a style sheet of ours: that of figures, tables and tiles, or one that needs it. */
    static String style(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
