package dev.plinto.polar.projection;

/// A batch of several events that is not projected in one transaction: it concerns too many rows, writes too much, or
/// failed repeatedly. Its halves are projected instead. Never thrown for a single event.
final class BatchTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BatchTooLarge(String why) {
        super(why, null, false, false);
    }
}
