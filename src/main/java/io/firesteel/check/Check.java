package io.firesteel.check;

import io.firesteel.check.Finding.Kind;
import io.firesteel.fit.ForwardingListener;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.fit.Training;
import io.firesteel.fit.TrainingListener;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Examples;
import io.firesteel.nn.GradientCheck;
import io.firesteel.nn.Network;
import java.util.Arrays;
import java.util.List;

/**
 * A look at a table and at the network of a training before it is trained. Columns are judged by a sample of the rows, and cells by
 * all of them.
 *
 * @param findings what may be in the way of a good model, the gravest first; empty for nothing
 * @param gradient the check of the network's own gradient, at its start, on some of the rows
 * @param gradientRows the number of these rows
 * @param sampledRows the number of rows by which columns were judged; 0 where inputs are sparse, which are not judged
 */
public record Check(List<Finding> findings, GradientCheck gradient, int gradientRows, int sampledRows) {
    /** The number of rows of the check of the gradient. */
    private static final int GRADIENT_ROWS = 32;

    /**
     * Reads the rows and looks at them; nothing is trained.
     *
     * @param given what was given of the settings of the training
     * @throws io.firesteel.base.UserError when settings or rows cannot be used
     */
    public static Check of(Settings.Builder given, Source source, TrainingListener listener) {
        Findings findings = new Findings();
        TrainingListener collecting = new ForwardingListener(listener) {
            @Override
            public void onWarning(String text) {
                findings.add(Kind.WARNING, null, "%s", text);
            }
        };
        try (Training training = Training.read(given.build(), source, null, collecting)) {
            int sampled = new TableCheck(training.settings(), training.data(), findings).run(source);
            Examples block = training.someRows();
            Examples some = block.part(0, Math.min(GRADIENT_ROWS, block.size())).in(Precision.DOUBLE);
            Network one = training.data().network().withMembers(1);
            double[] theta = Arrays.copyOf(training.start(), one.parameterCount());
            GradientCheck gradient = new NetworkCheck(one, theta, findings).run(some);
            return new Check(findings.byGravity(), gradient, some.size(), sampled);
        }
    }
}
