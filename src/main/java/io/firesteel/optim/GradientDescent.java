package io.firesteel.optim;

import java.util.Map;

/**
 * Gradient descent, the notes' own rule: theta := theta - alpha dJ/dtheta, that is W[l] := W[l] - alpha dW[l] and b[l] :=
 * b[l] - alpha db[l].
 *
 * @param learningRate alpha, positive
 */
public record GradientDescent(double learningRate) implements Descent {
    public GradientDescent {
        Expect.positive("learning rate", learningRate);
    }

    @Override
    public Memory memory(int parameters) {
        return new Nothing();
    }

    private record Nothing() implements Memory {
        @Override
        public void move(double[] theta, double[] gradient, double rate, int step, int from, int to) {
            for (int i = from; i < to; i++) {
                theta[i] -= rate * gradient[i];
            }
        }

        @Override
        public Map<String, double[]> vectors() {
            return Map.of();
        }
    }
}
