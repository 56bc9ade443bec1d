package dev.plinto.polar.projection;

/// How much a transaction has used of its [BatchBounds]. It begins when the events begin to be applied.
final class BatchEffort {

    private final BatchBounds bounds;
    private final boolean canHalve;
    private final long began = System.nanoTime();
    private long written;

    /// @param canHalve false for what cannot be done in smaller parts: it has no bounds
    BatchEffort(BatchBounds bounds, boolean canHalve) {
        this.bounds = bounds;
        this.canHalve = canHalve;
    }

    /// @throws BatchTooLarge if the work must be halved
    void requireInTime() {
        if (canHalve && System.nanoTime() - began > bounds.time().toNanos()) {
            throw new BatchTooLarge("it takes more than " + bounds.time().toMillis() + " ms to apply");
        }
    }

    /// @throws BatchTooLarge if the work must be halved
    void requireBounded(int characters) {
        written += characters;
        if (canHalve && written > bounds.characters()) {
            throw new BatchTooLarge("it writes more than " + bounds.characters() + " characters");
        }
    }
}
