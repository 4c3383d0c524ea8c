package io.firesteel.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Closeup;
import io.firesteel.model.Encoding;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Importance;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Provenance;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.ModelDescription.Validation;
import io.firesteel.model.Models;
import io.firesteel.model.ResidualSums;
import io.firesteel.model.Residuals;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Samples;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The file of a report: whole, closed against what users write, and of bounded size. */
class ReportTest {
    static final List<String> HOSTILE = List.of(
            "</title></style><script>alert(1)</script>",
            "\" onload=\"alert(1)\" x=\"",
            "' onmouseover='alert(1)",
            "]]><!-- &amp; &#60;b>",
            "x".repeat(10_000),
            "\u202eevil\u2066 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
            "\u0000\u0007\u001b[31m\ud800 \uffff\ufffe",
            "",
            "a\nb\r\nc\td\u2028e",
            "</bdi></td></tr></table>",
            "{{7*7}} ${jndi:ldap://x} javascript:alert(1)",
            "\ud83d\udc69\u200d\ud83d\udd2c".repeat(100));

    /** Every report is well-formed XML, so that a parser tells what a browser would see: nothing but our own elements. */
    static Document parsed(String html) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html)));
        } catch (Exception e) {
            throw new AssertionError(html, e);
        }
    }

    private static void expectClosed(String html) {
        Document document = parsed(html);
        for (String element :
                List.of("script", "iframe", "object", "link", "form", "a", "base", "b", "foreignObject")) {
            assertEquals(0, document.getElementsByTagName(element).getLength(), element);
        }
        expectNoHandlers(document);
        var all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            var attributes = all.item(i).getAttributes();
            for (int k = 0; k < attributes.getLength(); k++) {
                String name = attributes.item(k).getNodeName();
                if (name.equals("src") || name.equals("href")) {
                    assertTrue(attributes.item(k).getNodeValue().startsWith("data:image/png;base64,"), name);
                }
            }
        }
        assertEquals(
                1,
                document.getElementsByTagName("title").item(0).getChildNodes().getLength());
        assertFalse(html.contains("http://") || html.contains("https://"), "the report fetches nothing");
    }

    static void expectNoHandlers(Document document) {
        var all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            var attributes = all.item(i).getAttributes();
            for (int k = 0; k < attributes.getLength(); k++) {
                assertFalse(attributes.item(k).getNodeName().startsWith("on"), attributes.item(k)::toString);
            }
        }
    }

    private static TrainedModel with(
            TrainedModel model, List<String> features, List<String> classes, Provenance origin) {
        ModelDescription d = model.description();
        return new TrainedModel(
                new ModelDescription(
                        d.task(),
                        d.network(),
                        new ModelDescription.Inputs(
                                features,
                                features,
                                d.inputs().encoding(),
                                d.inputs().scaling()),
                        new ModelDescription.Targets(
                                d.task() == Task.CLASSIFICATION ? List.of(features.get(0)) : features,
                                classes,
                                null,
                                d.targets().scaling(),
                                null),
                        origin),
                model.theta());
    }

    private static Provenance origin(
            TrainedModel model, Map<String, String> settings, List<Step> history, Validation v) {
        Provenance o = model.description().provenance();
        return new Provenance(
                o.seed(),
                o.rows(),
                o.validationRows(),
                o.blockRows(),
                o.precision(),
                o.software(),
                settings,
                history,
                v);
    }

    private static Metrics metrics(TrainedModel model, Samples samples) {
        Evaluation evaluation = new Evaluation(model.description());
        double[] sums = new double[evaluation.length()];
        evaluation.sum(backprop(model, samples.size()), samples.all(Precision.DOUBLE), sums);
        return evaluation.metrics(sums);
    }

    private static Backprop backprop(TrainedModel model, int rows) {
        return new Backprop(model.network(), Parameters.of(model.network(), model.theta()), rows);
    }

    private static Closeup closeup(TrainedModel model, Samples samples) {
        if (model.description().task() != Task.REGRESSION) {
            return new Closeup(
                    IntStream.range(0, samples.size())
                            .mapToObj(i -> new Closeup.Example(
                                    samples.x()[i].length == 2 ? samples.x()[i] : new double[0],
                                    samples.y()[i],
                                    samples.y()[i]))
                            .toList(),
                    List.of());
        }
        Examples all = samples.all(Precision.DOUBLE);
        double[] y = IntStream.range(0, samples.size())
                .mapToDouble(i -> samples.y()[i][0])
                .toArray();
        ResidualSums residuals = new ResidualSums(model.description(), List.of(Residuals.Bins.of(y, y)));
        double[] sums = new double[residuals.length()];
        residuals.add(backprop(model, samples.size()), all, sums);
        return new Closeup(List.of(), residuals.residuals(sums));
    }

    private static Measured measured(TrainedModel model, Samples samples, List<Importance> importances) {
        return new Measured(
                Measured.Rows.TABLE,
                HOSTILE.get(0),
                metrics(model, samples),
                closeup(model, samples),
                Metric.LOSS,
                importances);
    }

    private static List<Step> history(int steps, int apart) {
        return IntStream.range(0, steps)
                .mapToObj(i -> new Step(i * apart, 1.0 / (i + 1), 1.5 / (i + 1), 0.5 + i * 1e-6))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, 9})
    void html_ofHostileNames_isClosedAndCut(int from) {
        List<String> names = new ArrayList<>(HOSTILE);
        java.util.Collections.rotate(names, -from);
        TrainedModel model = Models.threeClasses();
        Map<String, String> settings = new TreeMap<>(Map.of("label", HOSTILE.get(0), "data", HOSTILE.get(5)));
        HOSTILE.forEach(text -> settings.put(text, text));
        Validation folds = new Validation(
                Metric.ACCURACY,
                20,
                List.of(new Fold(3, Map.of(HOSTILE.get(0), 1.0)), new Fold(3, Map.of(HOSTILE.get(0), 2.0))));
        TrainedModel hostile =
                with(model, names.subList(0, 2), names.subList(2, 5), origin(model, settings, history(30, 10), folds));
        Samples samples = Samples.random(model.network(), 60, true, 1);
        List<Importance> importances =
                HOSTILE.stream().map(name -> new Importance(name, 0.3, 0.01)).toList();
        String html = new Report(
                        names.get(5), hostile, measured(hostile, samples, importances), null, new ImageSize(2, 1))
                .html();
        expectClosed(html);
        assertFalse(html.contains("x".repeat(300)), "long names are cut");
        assertFalse(html.matches("(?s).*[\\u202a-\\u202e\\u2066\\u2067\\ufffe\\x00\\x07\\x1b].*"), "nothing steers");
        assertTrue(html.length() < 300_000, html.length() + " characters");
    }

    /** The largest of everything: 1,000 classes, 5,000 columns of which one has 100,000 categories, a long history. */
    @Test
    void html_ofMuch_isBelowTwoMegabytes() {
        int columns = 5000;
        List<String> features = IntStream.range(0, columns)
                .mapToObj(i -> i + "-" + "f".repeat(200))
                .toList();
        List<String> classes = IntStream.range(0, 1000)
                .mapToObj(i -> i + "-" + "\u05e9".repeat(200))
                .toList();
        Network network = Network.of(List.of(columns + 99_999, 3, 1000), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
        TrainedModel model =
                Models.model(Task.CLASSIFICATION, network, Scaling.none(columns), classes, Scaling.none(1000));
        List<String> categories =
                IntStream.range(0, 100_000).mapToObj(i -> "category " + i).toList();
        Encoding encoding = new Encoding(
                Encoding.Missing.ERROR, Map.of(), Encoding.Unseen.IGNORE, Map.of(features.get(0), categories));
        ModelDescription d = Models.encoded(model.description(), features, encoding, Scaling.none(columns));
        TrainedModel large = with(
                new TrainedModel(d, model.theta()),
                features,
                classes,
                origin(model, Map.of("label", "y"), history(20_000, 3), new Validation(Metric.LOSS, 300, List.of())));
        double[][] confusion = new double[1000][1000];
        for (double[] row : confusion) {
            Arrays.fill(row, 123_456);
        }
        List<Metrics.PerClass> perClass = classes.stream()
                .map(name -> new Metrics.PerClass(name, 123_456_000, 0.001, 0.001, 0.001))
                .toList();
        Metrics metrics = new Metrics(
                123_456_000_000L,
                7,
                Map.of("accuracy", 0.001),
                new Metrics.Classes(confusion, perClass, List.of(), null));
        List<Importance> importances =
                features.stream().map(name -> new Importance(name, 1, 0.1)).toList();
        Measured measured = new Measured(
                Measured.Rows.TABLE, "d", metrics, new Closeup(List.of(), List.of()), Metric.LOSS, importances);
        String html = new Report("m", large, measured, null, null).html();
        expectClosed(html);
        assertTrue(
                html.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < 1_000_000,
                html.length() + " characters");
    }

    @ParameterizedTest
    @CsvSource({"2000, 28", "60, 8", "3, 500"})
    void html_withImages_isBelowTwoMegabytes(int units, int side) {
        Network network = Network.of(List.of(side * side, units, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel model = Models.model(
                Task.CLASSIFICATION, network, Scaling.none(side * side), List.of("no", "yes"), Scaling.none(1));
        String html = new Report("m", model, null, null, new ImageSize(side, side)).html();
        expectClosed(html);
        assertTrue(html.contains("<img "));
        assertTrue(html.length() < 1_900_000, html.length() + " characters");
    }

    /** Java's own decoder reads our images: blue for weights above 0, red below, as opaque as they are large. */
    @Test
    void image_showsWeights() throws Exception {
        Network network = Network.of(List.of(3, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel model = Models.with(
                Models.model(Task.CLASSIFICATION, network, Scaling.none(3), List.of("no", "yes"), Scaling.none(1)),
                2,
                -1,
                0,
                7);
        String html = new Report("m", model, null, null, new ImageSize(3, 1)).html();
        Matcher url = Pattern.compile("data:image/png;base64,([^\"]+)").matcher(html);
        assertTrue(url.find());
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(url.group(1))));
        assertEquals(3, image.getWidth());
        assertEquals(1, image.getHeight());
        assertEquals(0xff0072b2, image.getRGB(0, 0));
        assertEquals(0x80d55e00, image.getRGB(1, 0));
        assertEquals(0, image.getRGB(2, 0) >>> 24);
    }

    @Test
    void html_ofEachTask_isWhole() {
        for (TrainedModel model : List.of(
                Models.twoClasses(),
                Models.threeClasses(),
                Models.threeLabels(),
                Models.regression(new Scaling(new double[] {3}, new double[] {2})),
                Models.regression(new Scaling(new double[] {3, 1}, new double[] {2, 1})))) {
            Samples samples = Samples.random(model.network(), 40, false, 2);
            Report report = new Report("m", model, measured(model, samples, List.of()), null, null);
            String html = report.html();
            expectClosed(html);
            assertEquals(html, report.html(), "equal reports are equal files");
            expectClosed(new Report("m", model, null, null, null).html());
            for (Map.Entry<String, Double> number :
                    report.measured().metrics().numbers().entrySet()) {
                if (number.getValue() != null) {
                    assertTrue(
                            html.contains(
                                    "id=\"metric-" + number.getKey() + "\"><data value=\"" + number.getValue() + "\">"),
                            number.toString());
                }
            }
        }
    }

    /** Rows of one class only, predictions that are all the same, weights of 0: nothing is divided by 0. */
    @Test
    void html_ofDegenerateRows_hasNoNaN() {
        Samples none = new Samples(new double[][] {{1, 1}, {1, 1}}, new double[][] {{0}, {0}}, null);
        for (TrainedModel model : List.of(
                Models.with(Models.twoClasses(), new double[13]),
                Models.with(Models.regression(Scaling.none(1)), 0, 0, 0))) {
            String html = new Report("m", model, measured(model, none, List.of()), null, null).html();
            expectClosed(html);
            assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
        }
    }

    @Test
    void summary_saysWhichEpochWasKeptAndWhy() {
        TrainedModel model = Models.twoClasses();
        List<Step> history = List.of(
                new Step(0, 0.7, 0.7, 0.5),
                new Step(8, 0.6, 0.6, 0.8),
                new Step(16, 0.5, 0.65, 0.7),
                new Step(24, 0.4, 0.66, 0.6));
        Map<String, String> settings = Map.of("epochs", "10", "patience", "2", "label", "y");
        TrainedModel stopped = with(
                model,
                List.of("a", "b"),
                List.of("no", "yes"),
                origin(model, settings, history, new Validation(Metric.ROC_AUC, 8, List.of())));
        String html = new Report("m", stopped, null, null, null).html();
        assertTrue(
                html.contains(
                        "The model has the weights after epoch 1 of 3, where the roc-auc on the rows held out was best, "
                                + "<data value=\"0.8\">0.8</data>. Training stopped early, after 2 measurements without an "
                                + "improvement."),
                html);
        assertTrue(html.contains("kept: epoch 1"), html);
        assertTrue(html.contains("in 3 epochs (24 steps)"), html);
    }

    @Test
    void imageSize_isParsed() {
        assertEquals(new ImageSize(28, 8), ImageSize.parse("28x8"));
        for (String text : List.of("", "8", "0x8", "8x", "8x8x3", "-8x8", "8 x 8", "123456x1")) {
            assertThrows(IllegalArgumentException.class, () -> ImageSize.parse(text), text);
        }
    }

    private static SearchReport.Trial trial(Map<String, String> settings, Double score, String failure) {
        List<Step> history = score == null
                ? List.of()
                : List.of(new Step(0, 2, 2.5, null), new Step(10, 1, 1.5, null), new Step(20, 0.5, score, null));
        return new SearchReport.Trial(settings, score, null, 1.25, history, 10, failure);
    }

    /** A line for each trial that could be trained goes through the places of its values, the best metric at the top. */
    @Test
    void search_drawsEachTrial_andListsAll() {
        List<SearchReport.Trial> trials = List.of(
                trial(Map.of("learning-rate", "0.1"), 0.25, null),
                trial(Map.of("learning-rate", "0.001"), 0.5, null),
                trial(Map.of("learning-rate", "0.01"), 0.75, null),
                trial(Map.of("learning-rate", "1e9"), null, "training diverged"));
        String html = new SearchReport("t.csv", Metric.LOSS, trials, "1").html();
        expectClosed(html);
        List<String> lines = Pattern.compile("class=\"line s\\d\" d=\"M40 ([\\d.]+)L398 ([\\d.]+)\"><title>")
                .matcher(html)
                .results()
                .map(found -> found.group(1) + " to " + found.group(2))
                .toList();
        // The worst first, under the others: 0.01 is in the middle of 0.001 .. 0.1, and 0.5 of 0.25 .. 0.75.
        assertEquals(List.of("146 to 266", "266 to 146", "26 to 26"), lines);
        assertTrue(html.contains("4 combinations of 1 setting were tried"), html);
        assertTrue(html.contains("1 other could not be trained."), html);
        assertTrue(html.contains("--learning-rate 0.1</code>"), html);
        assertTrue(html.contains("training diverged"), html);
        for (double score : new double[] {0.25, 0.5, 0.75}) {
            assertTrue(html.contains("<td><data value=\"" + score + "\">"), "no " + score);
        }
    }

    @Test
    void search_ofHostileSettings_isClosedAndSmall() {
        List<SearchReport.Trial> trials = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Map<String, String> settings = new TreeMap<>();
            for (int k = 0; k < 12; k++) {
                settings.put("name" + k + HOSTILE.get(k % HOSTILE.size()), HOSTILE.get((i + k) % HOSTILE.size()));
            }
            trials.add(trial(settings, (double) i, null));
        }
        String html = new SearchReport(HOSTILE.get(0), Metric.ACCURACY, trials, HOSTILE.get(3)).html();
        expectClosed(html);
        assertTrue(html.length() < 2_000_000, "" + html.length());
        assertTrue(html.contains("7 more settings found no room."), "the chart says what it leaves out");
        assertTrue(html.contains("300 more are left out."), "so does the table");
    }
}
