package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.usage.ParkedUsage.ParkedEvent;
import dev.plinto.polar.usage.ParkedUsage.Position;
import dev.plinto.polar.usage.ParkedUsage.Reference;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What an operator does with events that Polar refuses.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ParkedUsageTest extends UsageAtPolar {

    @Inject
    ParkedUsage parked;

    @Test
    void parkedEvents_areListedInPages_eachOnce() {
        List<Reference> all = new ArrayList<>();
        for (String each : List.of("usage-a", "usage-b")) {
            for (int i = 0; i < 3; i++) {
                all.add(park(each, "key-" + i));
            }
        }
        add("usage-a", "pending", "1");

        List<ParkedEvent> listed = new ArrayList<>();
        List<ParkedEvent> page = list(Position.before(""), 4);
        while (!page.isEmpty()) {
            listed.addAll(page);
            page = list(page.getLast().position(), 4);
        }

        assertThat(listed).extracting(ParkedEvent::reference).containsExactlyInAnyOrderElementsOf(all);
        assertThat(listed.getFirst().reason()).isEqualTo("metadata: wrong");
        assertThat(listed.getFirst().properties()).isEqualTo("{\"secret\":1}");
        assertThat(listed.getFirst().toString()).doesNotContain("secret");
        assertThat(list(Position.before("usage-b"), 10)).hasSize(3);
    }

    @Test
    void replayedEvent_isSent_andADiscardedOneNever() throws Exception {
        billable(organization);
        Reference replayed = park(organization, "a");
        Reference discarded = park(organization, "b");
        Reference pending = new Reference(organization, add(organization, "c", "1"));

        assertThat(parked.replay(List.of(replayed, pending)).await().indefinitely()).containsExactly(replayed);
        assertThat(parked.discard(List.of(discarded, pending)).await().indefinitely()).containsExactly(discarded);

        assertThat(states()).containsOnly("pending").hasSize(2);
        database.execute("UPDATE usage_events SET due_at = due_at - interval '1 second'");
        sendAll(turn());
        assertThat(held()).hasSize(2);
    }

    private List<ParkedEvent> list(Position after, int most) {
        return parked.list(after, most).await().indefinitely();
    }

    private Reference park(String organization, String key) {
        UUID id = add(organization, key, "1", "{\"secret\":1}", Instant.now().minusSeconds(5));
        database.execute("UPDATE usage_events SET state = 'parked', reason = 'metadata: wrong' WHERE id = ?", id);
        return new Reference(organization, id);
    }
}
