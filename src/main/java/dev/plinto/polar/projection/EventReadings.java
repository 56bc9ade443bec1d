package dev.plinto.polar.projection;

import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.ConektaEvents;
import dev.plinto.polar.entitlement.EventReading;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.api.PolarConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads the events of every provider: whose an event is, the id tells under which it is stored.
@ApplicationScoped
class EventReadings implements EventReading {

    private final List<Provider> providers;

    private record Provider(WebhookDialect dialect, EventReading reading) {}

    @Inject
    EventReadings(PolarDialect polar, PolarConfig ofPolar, ConektaDialect conekta, ConektaConfig ofConekta) {
        this(List.of(new Provider(polar, new EventReader(ofPolar.organizationId())),
                new Provider(conekta, ConektaEvents.of(ofConekta))));
    }

    private EventReadings(List<Provider> providers) {
        List<Provider> longestPrefixFirst = new ArrayList<>(providers);
        longestPrefixFirst.sort(
                Comparator.comparingInt((Provider provider) -> provider.dialect.idPrefix().length()).reversed());
        this.providers = List.copyOf(longestPrefixFirst);
    }

    /// Under which an event of this raw topic, or what it is about, is stored.
    ///
    /// @param id as the provider knows it
    String storedId(String topic, String id) {
        return providers.stream().map(Provider::dialect).filter(dialect -> dialect.topic().equals(topic))
                .map(dialect -> dialect.idPrefix() + id).findFirst().orElse(id);
    }

    @Override
    public Reading read(String webhookId, byte[] body) {
        return of(webhookId).read(webhookId, body);
    }

    @Override
    public Reading readOwn(String ceType, String webhookId, byte[] body) {
        return of(webhookId).readOwn(ceType, webhookId, body);
    }

    private EventReading of(String webhookId) {
        return providers.stream().filter(provider -> webhookId.startsWith(provider.dialect.idPrefix()))
                .map(Provider::reading).findFirst().orElseThrow();
    }
}
