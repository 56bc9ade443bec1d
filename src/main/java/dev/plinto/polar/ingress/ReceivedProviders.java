package dev.plinto.polar.ingress;

import dev.plinto.polar.WebhookDialect;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// The providers whose events this service knows how to receive.
@ApplicationScoped
public class ReceivedProviders {

    private final List<WebhookDialect> all;

    ReceivedProviders(@All List<WebhookDialect> all) {
        this.all = List.copyOf(all);
    }

    /// An event as it is stored.
    ///
    /// @param webhookId as the provider knows it
    public record Stored(WebhookDialect dialect, String webhookId) {}

    public List<WebhookDialect> all() {
        return all;
    }

    /// Those whose deliveries are received.
    public List<WebhookDialect> on() {
        return all.stream().filter(WebhookDialect::isOn).toList();
    }

    /// Empty if only a newer release knows it.
    public Optional<WebhookDialect> named(String provider) {
        return all.stream().filter(dialect -> dialect.provider().equals(provider)).findFirst();
    }

    /// Whose event is stored under this id.
    public Stored ofStoredId(String id) {
        WebhookDialect dialect = all.stream().filter(one -> id.startsWith(one.idPrefix()))
                .reduce((one, other) -> one.idPrefix().length() > other.idPrefix().length() ? one : other)
                .orElseThrow();
        return new Stored(dialect, id.substring(dialect.idPrefix().length()));
    }
}
