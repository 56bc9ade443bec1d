package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A receiver that stops reading without going away.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SlowReceiverTest.ShortLimit.class)
class SlowReceiverTest {

    public static final class ShortLimit implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("polar.privacy.longest-export", "3s");
        }
    }

    @TestHTTPResource("/")
    URI service;

    @Test
    void exportThatNobodyReads_isEnded_andNotTakenForAWholeOne() throws IOException {
        LargeExport slow = new LargeExport(service).filled();
        try (InputStream begun = slow.begun()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !slow.isRunning());

            assertThatThrownBy(begun::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            slow.remove();
        }
        await().atMost(Duration.ofSeconds(10)).until(slow::result, result -> !result.isEmpty());
        assertThat(slow.result()).startsWith("not exported as a whole");
    }
}
