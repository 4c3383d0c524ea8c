package io.firesteel.data;

import io.firesteel.model.Contributions;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model says of a row.
 *
 * @param scores as {@link io.firesteel.model.TrainedModel#score}
 * @param contributions null where they were not asked for
 */
public record ScoredRow(double[] scores, Contributions.OfRow contributions) {
    /**
     * Puts the parts of each row together.
     *
     * @param contributions null where they were not asked for
     */
    public static List<ScoredRow> of(double[][] scores, List<Contributions.OfRow> contributions) {
        return IntStream.range(0, scores.length)
                .mapToObj(j -> new ScoredRow(scores[j], contributions == null ? null : contributions.get(j)))
                .toList();
    }
}
