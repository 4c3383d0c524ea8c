package io.firesteel.model;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much each column of a row adds to its score: integrated gradients (Sundararajan, Taly and Yan 2017). Along the straight line
 * from the base to the row, the derivative of the score with respect to each input is integrated and multiplied by how far the
 * input moves; the inputs of a column are added up. So the base's score and the contributions add up to the row's score.
 *
 * <p>The score is the log-odds log(p / (1 - p)) of the second of two classes, or of the predicted class of more; of a regression
 * the prediction, in the target's units. The base is where all scaled inputs are 0: numbers at their mean in training (at their
 * median, where scaling is robust; at 0, where sparse rows are not centred), categories at none.
 *
 * <p>One thread, one Contributions.
 */
public final class Contributions {
    /*
     * The line is cut into panels, on each of which a Gauss-Legendre rule of six points takes the integrals of all derivatives.
     * With the scores at the panel's ends it is known what these have to add up to. Panels that miss it by too much are cut: where
     * the tangents at their first and last points meet, since this is the kink of a score that bends in one place and is straight
     * elsewhere (relu), or else in the middle. Sums of derivatives that miss little by chance cannot be told from good ones; a
     * line begins with two panels to make them rarer.
     */

    /** What contributions may miss, in units of the score. */
    public static final double TOLERANCE = 1e-6;

    /** What rounding leaves, in parts of the numbers that are added. */
    private static final double ROUNDING = 1e-12;

    /** The ends of a panel, -1 and 1, and the points between them. */
    private static final double[] PLACES = {
        -1,
        -0.932469514203152,
        -0.6612093864662645,
        -0.2386191860831969,
        0.2386191860831969,
        0.6612093864662645,
        0.932469514203152,
        1
    };

    private static final double[] WEIGHTS = {
        0,
        0.17132449237917036,
        0.3607615730481386,
        0.46791393457269104,
        0.46791393457269104,
        0.3607615730481386,
        0.17132449237917036,
        0
    };

    /** Maximum number of contributions that are computed together. */
    private static final int MOST_CONTRIBUTIONS = 16_384;

    /** Maximum number of elements that are scored at once. */
    private static final int MOST_ELEMENTS = 1 << 20;

    private static final int MOST_PANELS_AT_ONCE = 128;
    private static final int MOST_PANELS = 20_000; // of a row
    private static final int MOST_ROUNDS = 60;

    private final Backprop backprop;
    private final Scaling targets; // of a regression's target; null of classes
    private final int[] columnOfInputs;
    private final int columns;
    private final int outputs;
    private final int panelsAtOnce;

    /**
     * The contributions to the score of a row.
     *
     * @param ofColumns those of the columns that {@link ModelDescription.Inputs#columns} lists
     * @param base the score of the base
     * @param score the score of the row
     * @param isExact whether base and contributions add up to the score within {@link #TOLERANCE}, or rounding where numbers are
     *     large
     */
    public record OfRow(double[] ofColumns, double base, double score, boolean isExact) {}

    /** A piece of the line of a row, from part {@code from} of the way to part {@code to}. */
    private record Piece(int row, double from, double to) {
        /** Returns the part of the way to a point. */
        double at(int point) {
            return point == 0
                    ? from
                    : point == PLACES.length - 1 ? to : (from + to) / 2 + (to - from) / 2 * PLACES[point];
        }
    }

    /**
     * A piece whose integrals are taken.
     *
     * @param missed what they miss of the difference of the scores at its ends
     * @param tangents where the tangents near its ends meet; NaN where they do not inside
     */
    private record Panel(Piece piece, double first, double last, double[] ofColumns, double missed, double tangents) {}

    /**
     * Creates a worker for a model.
     *
     * @throws IllegalArgumentException when the model has several labels
     */
    public Contributions(TrainedModel model) {
        ModelDescription description = model.description();
        if (!isDefined(description)) {
            throw new IllegalArgumentException("contributions are to one score, and the model has "
                    + description.targets().labels().size() + " labels");
        }
        targets = description.task() == Task.REGRESSION ? description.targets().scaling() : null;
        outputs = model.network().outputs();
        columns = description.inputs().columns().size();
        columnOfInputs = columnOfInputs(description.inputs());
        int features = description.inputs().features().size();
        panelsAtOnce = Math.max(1, Math.min(MOST_PANELS_AT_ONCE, MOST_ELEMENTS / (PLACES.length * features)));
        backprop = new Backprop(
                model.network(), Parameters.of(model.network(), model.theta()), panelsAtOnce * PLACES.length);
    }

    /** Returns whether a model has one score for each row. */
    public static boolean isDefined(ModelDescription description) {
        return description.targets().labels().size() == 1;
    }

    /** Returns how many of this many rows should be given together: what is computed for a row grows with the columns. */
    public static int batch(ModelDescription description, int rows) {
        return Math.max(
                1,
                Math.min(
                        rows,
                        MOST_CONTRIBUTIONS / description.inputs().columns().size()));
    }

    private static int[] columnOfInputs(ModelDescription.Inputs inputs) {
        InputLayout layout = inputs.layout();
        int[] columns = new int[layout.inputs()];
        int input = 0;
        int feature = 0;
        List<Integer> features = inputs.encoding().featuresOfColumns(inputs.features());
        for (int column = 0; column < features.size(); column++) {
            for (int last = feature + features.get(column); feature < last; feature++) {
                int next = input + layout.inputs(feature);
                Arrays.fill(columns, input, next, column);
                input = next;
            }
        }
        return columns;
    }

    /**
     * Returns the contributions to the scores of some rows.
     *
     * @param x (n_0, m), scaled, in double
     * @param scores of the rows, as {@link TrainedModel#score} gives them
     */
    public List<OfRow> of(AnyMatrix x, double[][] scores) {
        int[] chosen = new int[x.cols()];
        for (int j = 0; j < chosen.length && targets == null; j++) {
            chosen[j] = scores[j].length == 2 ? outputs - 1 : ModelDescription.Targets.argmax(scores[j]);
        }
        List<List<Panel>> ofRows = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        for (int j = 0; j < x.cols(); j++) {
            ofRows.add(new ArrayList<>());
            pieces.add(new Piece(j, 0, 0.5));
            pieces.add(new Piece(j, 0.5, 1));
        }
        for (int round = 0; round < MOST_ROUNDS && !pieces.isEmpty(); round++) {
            for (int from = 0; from < pieces.size(); from += panelsAtOnce) {
                List<Piece> some = pieces.subList(from, Math.min(from + panelsAtOnce, pieces.size()));
                panels(x, chosen, some)
                        .forEach(panel -> ofRows.get(panel.piece.row).add(panel));
            }
            pieces = new ArrayList<>();
            for (List<Panel> panels : ofRows) {
                pieces.addAll(toCut(panels));
            }
        }
        return ofRows.stream().map(this::summed).toList();
    }

    /** Takes out the panels that miss too much, and returns their halves. */
    private List<Piece> toCut(List<Panel> panels) {
        double missed = missed(panels);
        double allowed = allowed(panels) / 4;
        List<Piece> halves = new ArrayList<>();
        if (!(missed > allowed) || panels.size() > MOST_PANELS) {
            return halves;
        }
        double each = allowed / panels.size();
        panels.removeIf(panel -> {
            if (Math.abs(panel.missed) <= each) {
                return false;
            }
            Piece piece = panel.piece;
            double cut = Double.isNaN(panel.tangents) ? (piece.from + piece.to) / 2 : panel.tangents;
            halves.add(new Piece(piece.row, piece.from, cut));
            halves.add(new Piece(piece.row, cut, piece.to));
            return true;
        });
        return halves;
    }

    private static double missed(List<Panel> panels) {
        return panels.stream().mapToDouble(panel -> Math.abs(panel.missed)).sum();
    }

    /** Returns what the panels of a row may miss, in units of the network's output. */
    private double allowed(List<Panel> panels) {
        double unit = targets == null ? 1 : targets.deviation()[0];
        double size = targets == null ? 0 : Math.abs(targets.mean()[0]) / unit;
        for (Panel panel : panels) {
            size = Math.max(size, Math.max(Math.abs(panel.first), Math.abs(panel.last)));
        }
        return Math.max(TOLERANCE / unit, ROUNDING * size);
    }

    private List<Panel> panels(AnyMatrix x, int[] chosen, List<Piece> pieces) {
        int points = PLACES.length;
        int[] rows = new int[pieces.size() * points];
        int[] outputs = new int[rows.length];
        double[] parts = new double[rows.length];
        for (int p = 0; p < rows.length; p++) {
            Piece piece = pieces.get(p / points);
            rows[p] = piece.row;
            outputs[p] = chosen[piece.row];
            parts[p] = piece.at(p % points);
        }
        Backprop.Scored scored = backprop.scored(x.columns(rows, parts), outputs);
        AnyMatrix steps = x.columns(rows); // how far each input moves, in the places of the derivatives
        List<Panel> panels = new ArrayList<>();
        double[] ofPoint = new double[columns];
        double[] slopes = new double[points];
        for (int k = 0; k < pieces.size(); k++) {
            Piece piece = pieces.get(k);
            double[] ofColumns = new double[columns];
            for (int p = 0; p < points; p++) {
                int at = k * points + p;
                Arrays.fill(ofPoint, 0);
                scored.derivatives().forEach(at, (i, d) -> ofPoint[columnOfInputs[i]] += d * steps.get(i, at));
                double weight = WEIGHTS[p] * (piece.to - piece.from) / 2;
                slopes[p] = 0;
                for (int c = 0; c < columns; c++) {
                    ofColumns[c] += weight * ofPoint[c];
                    slopes[p] += ofPoint[c];
                }
            }
            double first = scored.scores()[k * points];
            double last = scored.scores()[k * points + points - 1];
            double missed = last - first - Arrays.stream(ofColumns).sum();
            double[] some = Arrays.copyOfRange(scored.scores(), k * points, (k + 1) * points);
            panels.add(new Panel(piece, first, last, ofColumns, missed, tangents(piece, some, slopes)));
        }
        return panels;
    }

    /** Returns where the tangents at the points next to the ends of a piece meet; NaN where this is not well inside. */
    private static double tangents(Piece piece, double[] scores, double[] slopes) {
        int last = PLACES.length - 2;
        double width = piece.at(last) - piece.at(1);
        double part = (scores[last] - scores[1] - slopes[last] * width) / ((slopes[1] - slopes[last]) * width);
        return part > 0 && part < 1 ? piece.at(1) + part * width : Double.NaN;
    }

    private OfRow summed(List<Panel> panels) {
        double[] ofColumns = new double[columns];
        double base = Double.NaN;
        double score = Double.NaN;
        for (Panel panel : panels) {
            for (int c = 0; c < columns; c++) {
                ofColumns[c] += panel.ofColumns[c];
            }
            base = panel.piece.from == 0 ? panel.first : base;
            score = panel.piece.to == 1 ? panel.last : score;
        }
        boolean isExact = missed(panels) <= allowed(panels);
        if (targets != null) {
            base = targets.unscale(0, base);
            score = targets.unscale(0, score);
            Arrays.setAll(ofColumns, c -> ofColumns[c] * targets.deviation()[0]);
        }
        return new OfRow(ofColumns, base, score, isExact);
    }
}
