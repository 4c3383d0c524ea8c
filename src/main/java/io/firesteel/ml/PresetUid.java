package io.firesteel.ml;

/**
 * Hands a uid to an instance whose superclass, one of Scala's, asks for it before the instance has any field: a constructor
 * presets it as it calls the other one, and {@code uid()} takes it.
 */
final class PresetUid {
    private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

    private PresetUid() {}

    /** Stands for a uid that is preset, in the arguments of a constructor. */
    enum Done {
        DONE
    }

    static Done set(String uid) {
        NEXT.set(uid);
        return Done.DONE;
    }

    static String take() {
        String uid = NEXT.get();
        NEXT.remove();
        return uid;
    }
}
