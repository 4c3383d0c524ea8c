package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.engine.Blocks;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Settings;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.optim.Optimizer;
import io.firesteel.store.CheckpointStore;
import io.firesteel.train.Checkpoint;
import io.firesteel.train.Checkpoint.Fingerprint;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The checkpoints of a run of {@code train}: the one that it resumes from, and those that it writes. A checkpoint that
 * cannot be written causes a warning; the training goes on.
 */
final class Checkpoints implements Trainer.Listener, AutoCloseable {
    /**
     * The options that may differ in a resumed training, since they do not change the steps that follow, or only their
     * number.
     */
    private static final Set<String> MAY_DIFFER = Set.of(
            "checkpoint",
            "checkpoint-every",
            "checkpoint-keep",
            "config",
            "data", // what it holds is compared, not where it is
            "engine",
            "epochs",
            "iterations",
            "model",
            "overwrite",
            "resume");

    /** The priority of the shutdown hook: before Spark's own, which ends the session. */
    private static final int BEFORE_SPARK = 100;

    private final CheckpointOptions options;
    private final CheckpointStore store;
    private final boolean goesOnThere;
    private final Checkpoint resumed;
    private final Consumer<String> warn;
    private final Runnable onShutdown = this::saveAtShutdown;

    // What is written next; the shutdown hook reads it from another thread.
    private Function<List<Step>, ModelDescription> describe;
    private Fingerprint data;
    private Trainer.Result first; // the first training's, while its refit is under way; else null
    private Supplier<Trainer.ResumePoint> point;
    private int saved; // after how many steps of the training that is under way
    private String place; // of the last that was saved; null for none
    private boolean isListening;
    private boolean failed;
    private boolean stopped;

    private Checkpoints(
            CheckpointOptions options,
            CheckpointStore store,
            boolean goesOnThere,
            Checkpoint resumed,
            Consumer<String> warn) {
        this.options = options;
        this.store = store;
        this.goesOnThere = goesOnThere;
        this.resumed = resumed;
        this.warn = warn;
    }

    /**
     * Reads the checkpoint to go on from, and makes sure that new ones can be written.
     *
     * @param settings of this run
     * @throws UserError when either fails, or other settings than then would change what follows
     */
    static Checkpoints open(
            CheckpointOptions options,
            boolean overwrite,
            Settings settings,
            Configuration hadoop,
            Consumer<String> warn) {
        if (options.every < 1) {
            throw new UserError("--checkpoint-every " + options.every + ": expected 1 or more");
        }
        if (options.keep < 1) {
            throw new UserError("--checkpoint-keep " + options.keep + ": expected 1 or more");
        }
        CheckpointStore from = options.resume == null ? null : store("--resume", options.resume, "read", hadoop);
        CheckpointStore store =
                options.directory == null ? null : store("--checkpoint", options.directory, "written", hadoop);
        boolean goesOnThere = from != null && store != null && store.isSameAs(from);
        Checkpoint resumed = from == null ? null : resumed(options, from, goesOnThere, settings, warn);
        if (store != null) {
            try {
                if (!goesOnThere && !store.isEmpty() && !overwrite) {
                    throw new UserError("--checkpoint " + options.directory
                            + " holds another training: --resume goes on with it, --overwrite forgets it");
                }
                store.prepare();
            } catch (UserError e) {
                throw e; // which says it already
            } catch (IOException | IllegalArgumentException e) {
                throw new UserError("--checkpoint " + options.directory + " cannot be written: " + e.getMessage(), e);
            }
        }
        return new Checkpoints(options, store, goesOnThere, resumed, warn);
    }

    private static CheckpointStore store(String option, String path, String use, Configuration hadoop) {
        try {
            return new CheckpointStore(path, hadoop);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(option + " " + path + " cannot be " + use + ": " + e.getMessage(), e);
        }
    }

    private static Checkpoint resumed(
            CheckpointOptions options,
            CheckpointStore from,
            boolean mayBeEmpty,
            Settings settings,
            Consumer<String> warn) {
        Checkpoint checkpoint;
        try {
            checkpoint = from.newest(why -> warn.accept(why + "; an older checkpoint is tried"))
                    .orElse(null);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--resume " + options.resume + " cannot be read: " + e.getMessage(), e);
        }
        if (checkpoint == null) {
            if (mayBeEmpty) {
                return null;
            }
            throw new UserError("--resume " + options.resume + ": no whole checkpoint is there");
        }
        expectSame(options, checkpoint, settings.texts(), settings.open());
        Integer iterations = settings.config().pace().iterations();
        if (iterations != null) { // else they are known once the data is there
            expectSteps(options, "--iterations " + iterations, iterations, checkpoint);
        }
        return checkpoint;
    }

    private static void expectSteps(CheckpointOptions options, String option, int steps, Checkpoint checkpoint) {
        if (steps < checkpoint.step()) {
            throw new UserError(option + ": expected " + checkpoint.step()
                    + " or more, the steps that were taken at the checkpoint in " + options.resume);
        }
    }

    /**
     * Makes sure that the settings are those of a checkpoint.
     *
     * @param open keys of settings that are not known yet
     */
    private static void expectSame(
            CheckpointOptions options, Checkpoint checkpoint, Map<String, String> settings, Set<String> open) {
        Map<String, String> then =
                new HashMap<>(checkpoint.model().description().provenance().settings());
        then.putIfAbsent("preset", "notes"); // whose settings were the only ones when there were no presets
        Map<String, String> now = new HashMap<>(settings);
        for (Map<String, String> either : List.of(then, now)) {
            either.putIfAbsent("refit", "false"); // which is not always written
            either.putIfAbsent("pieces", "0"); // which there were not in the first presets
            either.putIfAbsent("label-smoothing", "0.0"); // which is written where there is some
        }
        Set<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        names.removeAll(MAY_DIFFER);
        names.removeAll(open);
        if (now.getOrDefault("schedule", "").startsWith("cosine")
                || now.getOrDefault("anneal", "").equals("true")
                || checkpoint.isOfRefit()) {
            names.add("iterations"); // over which the cosine spans, and of which a refit takes a part
            names.add("epochs");
        }
        if (!Objects.equals(then.get("preset"), now.get("preset"))) {
            names.removeIf(name -> !name.equals("preset")); // which makes all the others differ
        }
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(then.get(name), now.get(name))) {
                differences.add("--" + name + " was " + then.getOrDefault(name, "not given") + ", is "
                        + now.getOrDefault(name, "not given"));
            }
        }
        if (!differences.isEmpty()) {
            throw new UserError(
                    "--resume " + options.resume + ": the settings differ: " + String.join("; ", differences));
        }
    }

    /** Returns the result of the first training where a run resumes in the middle of its refit; null elsewhere. */
    synchronized Trainer.Result resultBefore(Fitting.Prepared training) {
        boolean isOver = resumed != null && resumed.isOfRefit() && training.first() == null;
        return isOver ? resumed.first(training.stopping(), training.steps()) : null;
    }

    /** Starts the training, or its refit, once the data is ready. */
    synchronized Trainer.ResumePoint start(Fitting.Prepared training) {
        boolean isRefit = training.first() != null;
        boolean goesOn = resumed != null && resumed.isOfRefit() == isRefit;
        if (isRefit && !goesOn) {
            saveLast(); // so that a run that resumes from there finds the end of the first training
        }
        Trainer.ResumePoint from = goesOn ? resumed.point() : training.beginning();
        if (resumed != null || store != null) {
            Blocks blocks = training.blocks();
            data = new Fingerprint(blocks.rows(), blocks.count(), blocks.checksum());
        }
        if (goesOn) {
            ModelDescription now = training.describe(List.of());
            expectSameData(now);
            expectSame(options, resumed, now.provenance().settings(), Set.of());
            expectSteps(options, training.steps() + " steps, which --epochs comes to", training.steps(), resumed);
        }
        if (store == null) {
            return from; // nothing is kept: the state of a training is several times as large as its model
        }
        describe = training::describe;
        first = training.first();
        point = () -> from;
        saved = goesOn && goesOnThere ? from.state().step() : 0;
        place = goesOn && goesOnThere ? store.placeOf(resumed.allSteps()) : place;
        if (!isListening) {
            if (!goesOnThere) {
                forget();
            }
            ShutdownHookManager.get().addShutdownHook(onShutdown, BEFORE_SPARK);
            isListening = true;
        }
        return from;
    }

    /** Removes another training's checkpoints, as --overwrite asks. */
    private void forget() {
        try {
            store.keep(0);
        } catch (IOException e) {
            throw new UserError("--checkpoint " + options.directory + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void expectSameData(ModelDescription now) {
        ModelDescription then = resumed.model().description();
        List<String> differences = new ArrayList<>();
        compare(differences, "features", then.inputs().features(), now.inputs().features());
        compare(
                differences,
                "categories",
                then.inputs().encoding().categories(),
                now.inputs().encoding().categories());
        compare(differences, "labels", then.targets().labels(), now.targets().labels());
        compare(differences, "classes", then.targets().classes(), now.targets().classes());
        compare(differences, "rows", resumed.data().rows(), data.rows());
        compare(
                differences,
                "rows of a block",
                then.provenance().blockRows(),
                now.provenance().blockRows());
        if (differences.isEmpty() && !resumed.data().equals(data)) {
            differences.add(
                    "values are not the same (checksum " + resumed.data().checksum() + ", is " + data.checksum() + ")");
        }
        if (!differences.isEmpty()) {
            throw new UserError("--resume " + options.resume + ": the data differs: " + String.join("; ", differences));
        }
        if (!then.provenance()
                .software()
                .blas()
                .equals(now.provenance().software().blas())) {
            warn.accept("the checkpoint was computed with "
                    + then.provenance().software().blas() + ", this run has "
                    + now.provenance().software().blas()
                    + ": the last bits may differ from those of a training that was never stopped");
        }
    }

    private static void compare(List<String> differences, String what, Object then, Object now) {
        if (!then.equals(now)) {
            differences.add(what + " were " + then + ", are " + now);
        }
    }

    @Override
    public synchronized void onStep(Step step) {
        waitForTheEnd();
    }

    @Override
    public synchronized boolean afterStep(TrainingProgress progress) {
        if (store != null) {
            point = progress::point;
            if (progress.step() % options.every == 0) {
                save();
            }
        }
        return true;
    }

    /** Writes the state after the last whole step, if it is not written yet. */
    synchronized void saveLast() {
        waitForTheEnd();
        if (store != null) {
            save();
        }
    }

    private void save() {
        Trainer.ResumePoint last = point.get();
        Optimizer.Snapshot state = last.state();
        if (state.step() == saved) {
            return;
        }
        try {
            TrainedModel model = new TrainedModel(describe.apply(last.history()), state.theta());
            double[] best = first == null ? last.best() : first.theta();
            Checkpoint checkpoint = new Checkpoint(model, state.vectors(), state.numbers(), best, data);
            store.save(checkpoint, options.keep);
            saved = state.step();
            place = store.placeOf(checkpoint.allSteps());
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                warn.accept("no checkpoint could be written after step " + state.step() + ": " + e.getMessage()
                        + "; training goes on" + (place == null ? "" : ", the last good one is " + place));
            }
            failed = true; // said once, until one succeeds
        }
    }

    private synchronized void saveAtShutdown() {
        saveLast();
        stopped = true;
        if (place != null) {
            warn.accept("stopped after step " + saved + (first == null ? "" : " of the refit") + ": --resume "
                    + options.directory + " goes on from there");
        }
    }

    /** Waits for the end of the process after the last checkpoint is written, so that no further step is taken. */
    private void waitForTheEnd() {
        while (stopped) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the training was stopped", e);
            }
        }
    }

    @Override
    public void close() {
        if (store != null) {
            ShutdownHookManager.get().removeShutdownHook(onShutdown);
        }
    }
}
