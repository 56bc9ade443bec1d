package dev.plinto.polar.reconcile.endpoint;

import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.polar.api.ApiVersion;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.Delivery;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.WebhookEndpoint;
import dev.plinto.polar.reconcile.ReconcileConfig;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Inspects our endpoint at Polar for what prevents deliveries, now or soon. Each finding says what to do.
@ApplicationScoped
public class InspectEndpoint {

    private static final Duration EXPIRY_WARNING = Duration.ofDays(60);
    /// Long enough: Polar makes all ten attempts for an event within an hour.
    private static final Duration LOG_WINDOW = Duration.ofHours(12);
    /// Polar switches an endpoint off after so many failed events in a row.
    private static final int MAX_FAILED_EVENTS = 10;

    private final Polar polar;
    private final PolarConfig polarConfig;
    private final ReconcileConfig config;
    private final InspectionStore store;
    private final AddressProbe probe;

    InspectEndpoint(Polar polar, PolarConfig polarConfig, ReconcileConfig config, InspectionStore store,
            AddressProbe probe) {
        this.polar = polar;
        this.polarConfig = polarConfig;
        this.config = config;
        this.store = store;
        this.probe = probe;
    }

    /// @param endpoint    ours; empty if there is none, or it is ambiguous
    /// @param switchedOn  whether this inspection switched it on
    /// @param respondedAt time of Polar's latest response, by Polar's clock
    public record Inspection(Optional<WebhookEndpoint> endpoint, boolean switchedOn, Instant respondedAt) {}

    /// @throws PolarFailure if Polar does not answer, as with a token that does not fit the environment
    public Inspection inspect() throws InterruptedException {
        Dated<List<WebhookEndpoint>> all = polar.endpoints();
        List<String> findings = new ArrayList<>();
        Optional<WebhookEndpoint> ours = ours(all.answer(), findings);
        Optional<Integer> failedEvents = Optional.empty();
        Instant respondedAt = all.at();
        boolean switchedOn = false;
        if (ours.isPresent()) {
            WebhookEndpoint endpoint = ours.get();
            examine(endpoint, findings);
            Dated<Polar.Page<Delivery>> log = polar.deliveries(endpoint.id(), respondedAt.minus(LOG_WINDOW),
                    respondedAt.plusSeconds(1), 1);
            failedEvents = Optional.of(failedEvents(log.answer().items()));
            respondedAt = log.at();
            ours = Optional.of(endpoint.isEnabled() ? endpoint : switchOn(endpoint, findings));
            switchedOn = !endpoint.isEnabled() && ours.get().isEnabled();
        }
        Instant expires = expiry(ours);
        if (expires.isBefore(respondedAt.plus(EXPIRY_WARNING))) {
            findings.add("Polar removes the API version of the endpoint or of POLAR_API_VERSION about " + expires
                    + ". Choose a newer version for both once this service supports it.");
        }
        store.save(new InspectionStore.Result(ours.map(WebhookEndpoint::isEnabled), failedEvents, expires, findings))
                .forEach(finding -> Log.warnf("Our endpoint at Polar: %s", finding));
        return new Inspection(ours, switchedOn, respondedAt);
    }

    private Optional<WebhookEndpoint> ours(List<WebhookEndpoint> all, List<String> findings) {
        Optional<String> address = config.webhook().url().map(URI::toString);
        Optional<WebhookEndpoint> atAddress = all.stream()
                .filter(endpoint -> address.equals(Optional.ofNullable(endpoint.url()))).findFirst();
        List<WebhookEndpoint> raw = all.stream().filter(WebhookEndpoint::isRaw).toList();
        if (atAddress.isPresent() || raw.size() == 1 && address.isEmpty()) {
            return atAddress.or(() -> Optional.of(raw.getFirst()));
        }
        if (raw.isEmpty()) {
            findings.add("Polar has no endpoint with the format raw. Create one at Polar.");
        } else if (address.isEmpty()) {
            findings.add("Polar has " + raw.size() + " endpoints with the format raw. Set POLAR_WEBHOOK_URL to the "
                    + "URL of our endpoint.");
        } else {
            findings.add("No endpoint at Polar has the URL of POLAR_WEBHOOK_URL. Correct it at Polar or here.");
        }
        return address.isPresent() && raw.size() == 1 ? Optional.of(raw.getFirst()) : Optional.empty();
    }

    private void examine(WebhookEndpoint endpoint, List<String> findings) throws InterruptedException {
        if (!endpoint.isRaw()) {
            findings.add("Its format is not raw, so its deliveries cannot be read. Set its format to raw at Polar.");
        }
        TreeSet<String> missing = new TreeSet<>(Stream.of(EventType.values())
                .filter(type -> type.isNeededOf(endpoint.apiVersion())).map(EventType::wireName).toList());
        missing.removeAll(endpoint.events());
        if (!missing.isEmpty()) {
            findings.add("It does not receive " + String.join(", ", missing) + ". Select these events at Polar.");
        }
        if (endpoint.url() != null) {
            probe.problemWith(endpoint.url()).ifPresent(findings::add);
        }
    }

    private WebhookEndpoint switchOn(WebhookEndpoint off, List<String> findings) throws InterruptedException {
        boolean isOurs = config.webhook().url().map(URI::toString).map(address -> address.equals(off.url()))
                .orElse(true);
        if (!config.reconcile().enableEndpoint() || !isOurs) { // another system may have switched its own off
            findings.add("It is off: Polar creates no events for it, and never sends them later. See at Polar why "
                    + "deliveries failed, and switch it on; reconciliation then repairs what was missed. "
                    + "POLAR_RECONCILE_ENABLE_ENDPOINT=true switches it on automatically.");
            return off;
        }
        try {
            polar.enable(off.id());
        } catch (PolarFailure refused) {
            findings.add("It is off and could not be switched on: " + refused.getMessage());
            return off;
        }
        Log.warn("Switched our endpoint at Polar on again (POLAR_RECONCILE_ENABLE_ENDPOINT)");
        return off.on();
    }

    /// How many of the newest finished events failed in a row.
    static int failedEvents(List<Delivery> log) {
        Map<String, Delivery> events = new LinkedHashMap<>();
        log.forEach(delivery -> events.putIfAbsent(delivery.webhookId(), delivery));
        return (int) events.values().stream()
                .filter(event -> event.isDone().isPresent())
                .sorted(Comparator.comparing(Delivery::emittedAt).reversed())
                .limit(MAX_FAILED_EVENTS)
                .takeWhile(event -> !event.isDone().get())
                .count();
    }

    private Instant expiry(Optional<WebhookEndpoint> endpoint) {
        Instant requestVersionExpires = ApiVersion.removedAt(polarConfig.api().version());
        return endpoint.map(WebhookEndpoint::apiVersion).flatMap(ApiVersion::find)
                .filter(requestVersionExpires::isAfter).orElse(requestVersionExpires);
    }
}
