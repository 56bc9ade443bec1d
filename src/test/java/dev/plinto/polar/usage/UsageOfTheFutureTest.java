package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Polar's clock is behind ours, so that our present is its future, which it refuses.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class UsageOfTheFutureTest extends UsageAtPolar {

    @Override
    Duration behindAtFirst() {
        return Duration.ofHours(1);
    }

    @Test
    void event_waits_andAllOthersAreSent() throws Exception {
        billable(organization);
        add(organization, "early", "1", null, Instant.now().minusSeconds(1));
        add(organization, "late", "1", null, Instant.now().minus(Duration.ofHours(2)));

        sendAll(turn());

        assertThat(held()).hasSize(1);
        assertThat(database.rows("SELECT key, state, due_at > clock_timestamp() FROM usage_events"))
                .containsExactly(List.of("early", "pending", "t"));
        assertThat(counted("rejected")).isZero();

        behind.set(Duration.ZERO);
        database.execute("UPDATE usage_events SET due_at = occurred_at");
        sendAll(turn());
        assertThat(held()).hasSize(2);
    }

    /// No clock is that wrong.
    @Test
    void eventWhoseTimePolarRefusesForever_isParked() throws Exception {
        billable(organization);
        add(organization, "old", "1", null, Instant.now().minus(Duration.ofMinutes(20)));

        sendAll(turn());

        assertThat(database.rows("SELECT state, reason FROM usage_events"))
                .containsExactly(List.of("parked", "timestamp: Timestamp must be in the past."));
    }
}
