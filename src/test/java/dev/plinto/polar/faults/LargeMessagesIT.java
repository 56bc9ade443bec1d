package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Hundreds of large messages wait in the outbox, more than fit into the heap at once.
class LargeMessagesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void largeMessages_arePublishedByTheFirstLeader() {
        try (OwnStack stack = OwnStack.start()) {
            Map<String, String> environment = stack.environment();
            environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+UseG1GC -XX:+ExitOnOutOfMemoryError");
            PackagedService.start(environment).close(); // makes the tables and topics
            stack.database().execute("""
                    INSERT INTO outbox (topic, key, headers, value)
                    SELECT 'polar.entitlement.changed', 'org-' || n, '{"ce_sequence": "1"}',
                           convert_to(repeat('x', CASE WHEN n <= 500 THEN 300000 ELSE 500000 END), 'UTF8')
                    FROM generate_series(1, 871) AS n
                    """);

            try (PackagedService service = PackagedService.start(environment)) {
                await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM outbox") == 0);

                assertThat(service.isAlive()).isTrue();
                assertThat(service.output()).containsOnlyOnce("This replica publishes changes from now on");
                assertThat(stack.reader().records(Topics.ENTITLEMENT_CHANGED)).hasSize(871);
            }
        }
    }
}
