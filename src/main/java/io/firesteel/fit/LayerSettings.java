package io.firesteel.fit;

import io.firesteel.nn.Network;
import java.util.List;

/**
 * What a network has besides its units and activations.
 *
 * @param embedding of the inputs that are numbers
 * @param scalesInputs whether it learns a factor for each input
 * @param parametric whether each hidden unit learns how much of the activation it applies
 * @param members the number of such networks that are trained together
 */
record LayerSettings(Embedding embedding, boolean scalesInputs, boolean parametric, int members) {
    /**
     * Returns a plain network with these layers, as often as there are members.
     *
     * @param numbers the inputs that are numbers
     */
    Network applied(Network plain, List<Integer> numbers) {
        Network network = plain.withInputs(embedding == Embedding.NONE ? List.of() : numbers, scalesInputs);
        return (parametric ? network.withParametricActivations() : network).withMembers(members);
    }
}
