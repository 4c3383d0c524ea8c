package io.firesteel.fit;

import io.firesteel.model.InputLayout;
import io.firesteel.nn.CategoryEmbedding;
import io.firesteel.nn.Network;
import java.util.List;

/**
 * What a network has besides its units and activations.
 *
 * @param embedding of the inputs that are numbers
 * @param mostOneHot the most categories that a feature has an input for each of; those of others are embedded
 * @param scalesInputs whether it learns a factor for each input
 * @param parametric whether each hidden unit learns how much of the activation it applies
 * @param members the number of such networks that are trained together
 */
record LayerSettings(Embedding embedding, int mostOneHot, boolean scalesInputs, boolean parametric, int members) {
    /**
     * Returns a plain network with these layers, as often as there are members.
     *
     * @param sparse whether the inputs are, whose numbers are not embedded
     */
    Network applied(Network plain, InputLayout layout, boolean sparse) {
        List<Integer> numbers = sparse || embedding == Embedding.NONE ? List.of() : layout.numberInputs();
        List<CategoryEmbedding.Feature> categories = layout.categories().stream()
                .filter(feature -> feature.count() > mostOneHot)
                .toList();
        Network network = plain.withInputs(numbers, categories, scalesInputs);
        return (parametric ? network.withParametricActivations() : network).withMembers(members);
    }
}
