package dev.plinto.polar.usage;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is done about once a minute beside sending: events whose organization has got a customer by now become pending
/// again, those that waited in vain are dropped, and old sums are deleted. A small part at a time, so that nothing that
/// is to be sent waits for it.
final class UsageUpkeep {

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int ORGANIZATIONS = 1_000;

    private final UsageOutcomes outcomes;
    private final Buyers buyers;
    private final UsageMetrics metrics;
    private @Nullable String after; // of a round that has begun
    private long nextRound = System.nanoTime();

    UsageUpkeep(UsageOutcomes outcomes, Buyers buyers, UsageMetrics metrics) {
        this.outcomes = outcomes;
        this.buyers = buyers;
        this.metrics = metrics;
    }

    /// The next part of a round, if one has begun or is due.
    void next() {
        String from = after;
        if (from == null && System.nanoTime() - nextRound < 0) {
            return;
        }
        after = from == null ? "" : from;
        List<String> found = outcomes.notBillable(after, ORGANIZATIONS);
        if (!found.isEmpty() && isLeft(found)) {
            return; // the same organizations again
        }
        if (found.size() == ORGANIZATIONS) {
            after = found.getLast();
        } else if (outcomes.forgetSent() < UsageOutcomes.CHUNK) {
            after = null;
            nextRound = System.nanoTime() + PERIOD.toNanos();
        }
    }

    /// Whether there may be more to do for these organizations.
    private boolean isLeft(List<String> organizations) {
        int billable = outcomes.billable(buyers.of(organizations).keySet());
        int dropped = outcomes.drop(organizations);
        metrics.rejected(dropped);
        if (dropped > 0) {
            Log.warnf("Dropped %d events of usage whose organizations had no customer at Polar for 30 days", dropped);
        }
        return billable == UsageOutcomes.CHUNK || dropped == UsageOutcomes.CHUNK;
    }
}
