package io.firesteel.bench;

/** A part of the benchmark: measures, and reports what it measured. */
interface Section {
    /** Runs it. */
    void run(Effort effort, Report report) throws Exception;

    /**
     * How much of it.
     *
     * @param quick small sizes, to see that everything works; the numbers mean nothing
     * @param subject the only network, or other part of the section, that is measured; null for all
     */
    record Effort(boolean quick, String subject) {
        /** Whether a part of the section is measured. */
        boolean includes(String part) {
            return subject == null || subject.equals(part);
        }

        /** The rounds that count. */
        int repeats() {
            return quick ? 2 : 5;
        }

        /** A size. */
        int of(int full, int small) {
            return quick ? small : full;
        }
    }
}
