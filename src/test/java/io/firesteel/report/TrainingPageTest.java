package io.firesteel.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.report.WatchedTraining.Ending;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.Layer;
import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import io.firesteel.report.WatchedTraining.State;
import io.firesteel.report.WatchedTraining.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The page of trainings: what it says, and that nothing of a user's is markup. */
class TrainingPageTest {
    private static final long START = 1_000_000;

    private static Facts facts(List<String> labels, Map<String, String> settings) {
        return new Facts(
                START,
                "classification",
                labels,
                labels.size(),
                "4-3-2, relu",
                "here",
                1200,
                300,
                0,
                40,
                4,
                "rocAuc",
                false,
                settings);
    }

    /** After 20 of 40 steps, which took 10 seconds. */
    private static WatchedTraining training(long number, Facts facts, Ending ending) {
        List<Mean> losses = new ArrayList<>();
        List<Measure> heldOut = new ArrayList<>();
        for (int step = 0; step < 20; step++) {
            losses.add(new Mean(step, 1, 10.0 / (1 + step), step < 10 ? 0.1 : 0.05));
            if (step % 4 == 0) {
                heldOut.add(new Measure(step, 11.0 / (1 + step), 0.5 + step / 100.0));
            }
        }
        State state = new State(
                10_000,
                20,
                16,
                new Times(8_000_000_000L, 4_000_000_000L, 1_000_000_000L),
                List.of(
                        new Layer(List.of("W1", "b1"), 0.25, 0.5, 0.125),
                        new Layer(List.of("W2", "b2"), 0.75, null, null)));
        return new WatchedTraining(number, facts, losses, heldOut, state, ending);
    }

    private static Document page(List<WatchedTraining> all, WatchedTraining shown) {
        return ReportTest.parsed(TrainingPage.html(all, shown, START + 12_000));
    }

    private static String text(Document page) {
        return page.getDocumentElement().getTextContent().replaceAll("\\s+", " ");
    }

    @Test
    void training_thatRuns_isShownWithWhatIsLeft() {
        WatchedTraining one = training(1, facts(List.of("income"), Map.of("seed", "7")), null);
        Document page = page(List.of(one), one);
        String text = text(page);
        for (String part : List.of(
                "Training 1, running",
                "learns income (classification) from 1,200 rows; 300 rows held out",
                "epoch5 of 10", // of 4 steps each
                "loss0.5000",
                "held-out loss0.6471",
                "held-out ROC-AUC0.6600",
                "learning rate0.05",
                "so far12.0 s",
                "left, at most8.0 s", // 40 steps of half a second each, 12 s ago
                "best: epoch 4",
                "matrix products4.0 s50.0%",
                "outside of the tasks3.0 s37.5%",
                "W1, b10.2550.0%12.5%",
                "seed7")) {
            assertTrue(text.contains(part), () -> "lacks " + part + ": " + text);
        }
        NodeList charts = page.getElementsByTagName("svg");
        long drawn = 0;
        for (int i = 0; i < charts.getLength(); i++) {
            drawn += charts.item(i).getAttributes().getNamedItem("aria-label") != null ? 1 : 0;
        }
        assertEquals(3, drawn); // loss, metric, learning rate
    }

    @Test
    void training_thatHasEnded_saysHow() {
        WatchedTraining one =
                training(1, facts(List.of("income"), Map.of()), new Ending(11_000, 20, 16, "stopped early"));
        String text = text(page(List.of(one), one));
        assertTrue(text.contains("Training 1, stopped early"), text);
        assertTrue(text.contains("took11.0 s") && text.contains("kept epoch4"), text);
        assertFalse(text.contains("left, at most"), text);
    }

    /** As of a process that was killed, whose event log a history server reads. */
    @Test
    void training_thatDidNotTellItsEnd_hasEndedWhereItLastTold() {
        WatchedTraining one =
                training(1, facts(List.of("income"), Map.of()), null).past();
        String text = text(page(List.of(one), one));
        assertTrue(text.contains("Training 1, has not told how it ended"), text);
        assertTrue(text.contains("epoch5 of 10") && text.contains("took10.0 s"), text);
        assertFalse(text.contains("so far") || text.contains("left, at most"), text);
        WatchedTraining unbegun =
                new WatchedTraining(1, facts(List.of("y"), Map.of()), List.of(), List.of(), null, null).past();
        assertEquals(0, unbegun.ending().step());
    }

    /** The 1000th char of the setting is the first half of a smiley, which would be no character alone. */
    @Test
    void facts_ofManyTargetsAndLongSettings_areCut() {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= 2000; i++) {
            labels.add("y" + i);
        }
        String longest = "a".repeat(999) + "\ud83d\ude00bc";
        Facts facts = facts(labels, Map.of("exclude", longest));
        assertEquals("a".repeat(999) + "\u2026", facts.settings().get("exclude"));
        assertEquals(100, facts.labels().size());
        WatchedTraining one = training(1, facts, null);
        String text = text(page(List.of(one), one));
        assertTrue(text.contains("learns y1, y2, y3, y4 and 1,996 more (classification)"), text);
    }

    @Test
    void facts_hideUsersAndPasswordsOfPaths() {
        Facts facts = facts(
                List.of("y"),
                Map.of(
                        "data", "s3a://KEY:SECRET@bucket/a,jdbc:postgresql://me:p@ss@host:5432/db",
                        "model", "hdfs://name:8020/user/me@home"));
        assertEquals(
                Map.of(
                        "data", "s3a://***@bucket/a,jdbc:postgresql://***@host:5432/db",
                        "model", "hdfs://name:8020/user/me@home"),
                facts.settings());
    }

    /** Of a search, or of a CrossValidator. */
    @Test
    void trainings_areListedWithTheSettingsThatDiffer() {
        List<WatchedTraining> all = new ArrayList<>();
        for (long number = 3; number >= 1; number--) {
            all.add(training(
                    number,
                    facts(List.of("y"), Map.of("learning-rate", "0." + number, "seed", "1")),
                    number == 3 ? null : new Ending(1, 20, 20, "finished")));
        }
        Document page = page(all, all.get(1));
        NodeList links = page.getElementsByTagName("a");
        assertEquals(2, links.getLength());
        assertEquals(
                "?training=3",
                links.item(0).getAttributes().getNamedItem("href").getNodeValue());
        assertEquals(
                "?training=1",
                links.item(1).getAttributes().getNamedItem("href").getNodeValue());
        String text = text(page);
        assertTrue(text.contains("learning-rate 0.3") && text.contains("learning-rate 0.1"), text);
        assertFalse(text.contains("seed 1"), text);
    }

    @Test
    void page_beforeAnyStep_isWhole() {
        WatchedTraining one = new WatchedTraining(1, facts(List.of("y"), Map.of()), List.of(), List.of(), null, null);
        assertTrue(text(page(List.of(one), one)).contains("epoch0 of 10"));
        assertTrue(text(page(List.of(), null)).contains("No training has begun yet"));
    }

    /** Everything is a text: our own elements only, and no more of them than for harmless names. */
    @Test
    void page_ofHostileNames_hasNoElementOfTheirs() {
        Map<String, String> settings = new HashMap<>();
        ReportTest.HOSTILE.forEach(text -> settings.put("a" + text, text));
        WatchedTraining one = training(2, facts(ReportTest.HOSTILE, settings), new Ending(1, 2, 3, "finished"));
        WatchedTraining other = training(1, facts(ReportTest.HOSTILE, Map.of()), null);
        Document page = page(List.of(one, other), one);
        for (String element : List.of("script", "iframe", "img", "object", "link", "form", "title", "style")) {
            assertEquals(0, page.getElementsByTagName(element).getLength(), element);
        }
        assertEquals(1, page.getElementsByTagName("a").getLength());
        assertEquals(1, page.getElementsByTagName("b").getLength());
        ReportTest.expectNoHandlers(page);
        assertFalse(text(page).contains("\u202e"));
        assertTrue(TrainingPage.html(List.of(one, other), one, START).length() < 100_000);
    }
}
