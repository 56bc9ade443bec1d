package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Whoever waits for a purchase is signalled what has no message in the outbox, too.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PurchaseSignalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Database DATABASE = Database.ofSandbox();

    @TestHTTPResource("/api/v1/polar/webhooks")
    URI webhooks;

    @Test
    void changedCheckout_isSignalled_andAMemberIsNot() throws SQLException {
        try (Connection connection = DATABASE.connect(); Statement statement = connection.createStatement()) {
            statement.execute("LISTEN purchases");
            PGConnection listening = connection.unwrap(PGConnection.class);

            deliver("member.created", "member", "\"customer_id\":\"%s\"".formatted(UUID.randomUUID()));
            String checkout = deliver("checkout.updated", "checkout", "\"status\":\"confirmed\"");
            List<String> heard = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> heard.addAll(heard(listening)) || !heard.isEmpty());

            assertThat(heard).containsExactly("purchases"); // one transaction each
            assertThat(DATABASE.column("SELECT status FROM checkouts WHERE id = ?", checkout))
                    .containsExactly("confirmed");
        }
    }

    private static List<String> heard(PGConnection listening) throws SQLException {
        PGNotification[] notifications = listening.getNotifications(100);
        return notifications == null ? List.of() : Stream.of(notifications).map(PGNotification::getName).toList();
    }

    /// Returns the object's id once the event is projected.
    private String deliver(String type, String prefix, String fields) {
        String id = prefix + "-" + UUID.randomUUID();
        SignedDelivery delivery = SignedDelivery.of("{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{\"id\":\"%s\",%s}}"
                .formatted(type, Instant.now(), id, fields));
        assertThat(delivery.send(webhooks).statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> DATABASE.number("SELECT count(*) FROM inbox WHERE webhook_id = ?",
                delivery.webhookId()) == 1);
        return id;
    }
}
