package io.firesteel.linalg;

/**
 * The numbers of one step of Adam, as {@link Vectors#adam} takes it.
 *
 * @param rate alpha
 * @param mPart 1 - beta1^t
 * @param vPart 1 - beta2^t
 * @param lost the part of itself that each parameter loses besides, which is 0 without weight decay
 */
public record AdamStep(
        double beta1, double beta2, double epsilon, double rate, double mPart, double vPart, double lost) {}
