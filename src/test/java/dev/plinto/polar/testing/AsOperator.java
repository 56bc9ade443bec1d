package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;

/// What `@QuarkusTest` classes on [SandboxStack] need that act as an operator, of the API or of the console.
public abstract class AsOperator {

    protected static final Duration PATIENCE = Duration.ofSeconds(20);

    protected final Database database = Database.ofSandbox();

    @TestHTTPResource("/")
    protected URI service;

    protected Operator operator;
    protected ConsoleClient visitor;

    @BeforeEach
    void signIn() {
        operator = new Operator(service, "usr_ops");
        visitor = new ConsoleClient(service);
    }

    /// @return the webhook id
    protected final String deliver(String body) {
        return deliver(SignedDelivery.of(body));
    }

    protected final String deliver(String webhookId, String body) {
        return deliver(SignedDelivery.of(webhookId, body.getBytes(StandardCharsets.UTF_8), Instant.now()));
    }

    private String deliver(SignedDelivery delivery) {
        assertThat(delivery.send(service.resolve("/api/v1/polar/webhooks")).statusCode()).isEqualTo(202);
        return delivery.webhookId();
    }
}
