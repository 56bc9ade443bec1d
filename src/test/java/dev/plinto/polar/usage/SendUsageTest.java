package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Role;
import dev.plinto.polar.polar.api.PolarEventsAt;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Replicas that send by themselves, at the simulated Polar and at one whose answers are written here.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SendUsageTest extends UsageAtPolar {

    private final List<SendUsage> replicas = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (SendUsage replica : replicas) {
            replica.stop(null);
        }
    }

    @Test
    void event_isSentSoon() {
        billable(organization);
        start(server.apiUrl());
        add(organization, "first", "1");
        eventually().until(() -> held().size() == 1); // it leads

        add(organization, "next", "1");

        await().atMost(Duration.ofSeconds(5)).until(() -> held().size() == 2);
        eventually().until(() -> states().isEmpty());
    }

    @Test
    void replicaThatStops_isFollowedByAnother_andEachIsCountedOnce() throws Exception {
        billable(organization);
        addMany(organization, 4_000);
        SendUsage one = start(server.apiUrl());
        start(server.apiUrl());
        eventually().until(() -> held().size() >= 1_000);

        one.stop(null);

        eventually().until(() -> states().isEmpty());
        assertThat(held()).hasSize(4_000);
        assertSent(organization, "4000", "4000");
    }

    /// Nothing is wrong with the events.
    @Test
    void tokenWithoutTheScope_parksNothing_andIsToldOnce() throws Exception {
        billable(organization);
        addMany(organization, 10);
        try (TersePolar terse = new TersePolar(null); LogLines log = LogLines.of(SendUsage.class)) {
            for (int i = 0; i < 100; i++) {
                terse.answers(403, "0", "{\"error\":\"insufficient_scope\"}");
            }
            start(terse.url());

            eventually().until(() -> terse.requests() > 0);
            await().atMost(Duration.ofSeconds(10)).during(Duration.ofSeconds(4)).until(() -> terse.requests() == 1);

            assertThat(states()).hasSize(10).containsOnly("pending");
            assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN") && line.contains("events:write"))
                    .hasSize(1);
        }
    }

    @Test
    void retryAfter_isWaitedFor_andTheSameIdsComeAgain() throws Exception {
        billable(organization);
        addMany(organization, 10);
        try (TersePolar busy = new TersePolar(null)) {
            busy.answers(429, "2", "");
            long begun = System.nanoTime();
            start(busy.url());

            eventually().until(() -> states().isEmpty());

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
            assertThat(busy.requests()).isEqualTo(2);
            assertThat(busy.taken()).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void polarThatIsAway_isTriedAgain_andNothingIsLost() throws Exception {
        billable(organization);
        addMany(organization, 10);
        try (TersePolar broken = new TersePolar(null); LogLines log = LogLines.of(SendUsage.class)) {
            broken.answers(502, "0", "<html>");
            broken.answers(500, "0", "{}");
            start(broken.url());

            eventually().until(() -> states().isEmpty());

            assertThat(broken.requests()).isEqualTo(3);
            assertThat(log.lines()).anyMatch(line -> line.contains("Polar takes usage again"));
        }
    }

    private SendUsage start(URI polarUrl) {
        SendUsage replica = new SendUsage(pool, PolarEventsAt.of(polarUrl), PolarEventsAt.config(polarUrl), metrics,
                () -> Set.of(Role.USAGE), InstantSource.system());
        replicas.add(replica);
        replica.start(null);
        return replica;
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
