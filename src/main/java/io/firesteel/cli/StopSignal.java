package io.firesteel.cli;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.spark.util.SignalUtils;

/**
 * Ctrl-C or SIGTERM during a training: the first one ends the training after the step that is under way, so that its model can be
 * saved. A second one, and one at any other time, ends the process as ever.
 */
final class StopSignal implements Trainer.Listener, AutoCloseable {
    /** The one that a signal reaches; null while none is listened for. */
    private static final AtomicReference<StopSignal> listening = new AtomicReference<>();

    static {
        register("INT", Received.CTRL_C);
        register("TERM", Received.SIGTERM);
    }

    private final Consumer<String> say;
    private volatile Received received; // null for none

    /** A signal, with the exit code of a process that it has stopped, which is 128 and the signal's number. */
    enum Received {
        CTRL_C("Ctrl-C", 130),
        SIGTERM("SIGTERM", 143);

        private final String title;
        private final int exitCode;

        Received(String title, int exitCode) {
            this.title = title;
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * @param say what the user is told at once, by the thread of the signal
     */
    StopSignal(Consumer<String> say) {
        this.say = say;
    }

    private static void register(String signal, Received received) {
        SignalUtils.register(signal, () -> {
            StopSignal one = listening.get();
            return one != null && one.receives(received);
        });
    }

    private boolean receives(Received signal) {
        if (received != null) {
            return false;
        }
        received = signal;
        say.accept(signal
                + ": the training ends after this step, and its model is saved (once more: end at once, without a"
                + " model)");
        return true;
    }

    /** Listens for signals from now on. */
    void listen() {
        listening.set(this);
    }

    /** Returns the signal that came; null for none. */
    Received received() {
        return received;
    }

    @Override
    public void onStep(Step step) {}

    @Override
    public boolean afterStep(TrainingProgress progress) {
        return received == null;
    }

    /** Leaves signals to the process again. */
    void leave() {
        listening.compareAndSet(this, null);
    }

    @Override
    public void close() {
        leave();
    }
}
