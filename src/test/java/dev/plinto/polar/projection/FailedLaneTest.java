package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.BehindAProxy;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.RawTopicWriter;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A lane that ends by an `Error` is neither retried nor taken for done.
@QuarkusTest
@TestProfile(BehindAProxy.class) // whose other classes come before: it leaves a dead channel behind
class FailedLaneTest {

    private static final int FOR_SEVERAL_LANES = 300;

    @TestHTTPResource("/")
    URI service;

    @Test
    void lane_thatEndsByAnError_isReported() {
        assertThat(Health.of(service, "live").checks()).containsEntry("channels", "UP");
        QuarkusMock.installMockForType(new LackingStack(), BatchProjection.class);

        try (RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            rawTopic.write(IntStream.range(0, FOR_SEVERAL_LANES)
                    .mapToObj(n -> RawTopicWriter.record("lane-" + UUID.randomUUID(),
                            "{}".getBytes(StandardCharsets.UTF_8)))
                    .toList());
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> "DOWN".equals(Health.of(service, "live").checks().get("channels")));
        assertThat(Health.of(service, "live").what().get("channels")).contains("received", "Restart this replica");
    }

    /// As if an event were nested too deeply for the thread's stack.
    private static final class LackingStack extends BatchProjection {

        LackingStack() {
            super(null, null, InstantSource.system(), null, null, Nobody.ERASED);
        }

        @Override
        void project(List<ReceivedEvent> events, Positions position) {
            throw new StackOverflowError("as a test says");
        }
    }
}
