package dev.plinto.polar.projection;

import java.time.Duration;

/// For batches that a test projects itself. Nobody halves them, so a pause of a busy machine must not make one too
/// large.
final class WholeBatch {

    static final BatchBounds BOUNDS = new BatchBounds(BatchBounds.USUAL.rows(), BatchBounds.USUAL.characters(),
            Duration.ofMinutes(1));

    private WholeBatch() {}
}
