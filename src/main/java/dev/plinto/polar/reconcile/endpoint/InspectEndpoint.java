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

/// Looks at our endpoint at Polar for what keeps webhooks from coming, or soon will. What it finds says what to do.
@ApplicationScoped
public class InspectEndpoint {

    private static final Duration SOON = Duration.ofDays(60);
    /// An event's ten attempts are over within less than an hour.
    private static final Duration RECENT = Duration.ofHours(12);
    /// Of the newest events that Polar gave up on, so many in a row switch an endpoint off.
    private static final int FAILED_EVENTS = 10;

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

    /// @param endpoint    ours; empty where there is none, or it is not clear which one it is
    /// @param switchedOn  by this look
    /// @param heard       when Polar was last heard, by its clock
    public record Inspection(Optional<WebhookEndpoint> endpoint, boolean switchedOn, Instant heard) {}

    /// Also shows whether token and environment fit: Polar answers nothing where they do not.
    public Inspection inspect() throws InterruptedException {
        Dated<List<WebhookEndpoint>> all = polar.endpoints();
        List<String> findings = new ArrayList<>();
        Optional<WebhookEndpoint> ours = ours(all.answer(), findings);
        Optional<Integer> failedEvents = Optional.empty();
        Instant heard = all.at();
        boolean switchedOn = false;
        if (ours.isPresent()) {
            WebhookEndpoint endpoint = ours.get();
            examine(endpoint, findings);
            Dated<Polar.Page<Delivery>> log = polar.deliveries(endpoint.id(), heard.minus(RECENT), heard.plusSeconds(1),
                    1);
            failedEvents = Optional.of(failedEvents(log.answer().items()));
            heard = log.at();
            ours = Optional.of(endpoint.isEnabled() ? endpoint : switchOn(endpoint, findings));
            switchedOn = !endpoint.isEnabled() && ours.get().isEnabled();
        }
        Instant expires = expiry(ours);
        if (expires.isBefore(heard.plus(SOON))) {
            findings.add("The API version of the endpoint or of POLAR_API_VERSION is removed by Polar about " + expires
                    + ". Choose a newer one for both, once this service is made for it.");
        }
        store.save(new InspectionStore.Found(ours.map(WebhookEndpoint::isEnabled), failedEvents, expires, findings))
                .forEach(finding -> Log.warnf("Our endpoint at Polar: %s", finding));
        return new Inspection(ours, switchedOn, heard);
    }

    private Optional<WebhookEndpoint> ours(List<WebhookEndpoint> all, List<String> findings) {
        Optional<String> address = config.webhook().url().map(URI::toString);
        Optional<WebhookEndpoint> named = all.stream()
                .filter(endpoint -> address.equals(Optional.ofNullable(endpoint.url()))).findFirst();
        List<WebhookEndpoint> raw = all.stream().filter(WebhookEndpoint::isRaw).toList();
        if (named.isPresent() || raw.size() == 1 && address.isEmpty()) {
            return named.or(() -> Optional.of(raw.getFirst()));
        }
        if (raw.isEmpty()) {
            findings.add("Polar has no endpoint with the format raw. Create one there.");
        } else if (address.isEmpty()) {
            findings.add("Polar has " + raw.size() + " endpoints with the format raw. Set POLAR_WEBHOOK_URL to the "
                    + "URL of the one that is ours.");
        } else {
            findings.add("No endpoint at Polar points to POLAR_WEBHOOK_URL. Correct one of the two.");
        }
        return address.isPresent() && raw.size() == 1 ? Optional.of(raw.getFirst()) : Optional.empty();
    }

    private void examine(WebhookEndpoint endpoint, List<String> findings) throws InterruptedException {
        if (!endpoint.isRaw()) {
            findings.add("It has not the format raw, and nothing that comes from it can be read. Change its format.");
        }
        TreeSet<String> missing = new TreeSet<>(Stream.of(EventType.values())
                .filter(type -> type.isNeededOf(endpoint.apiVersion())).map(EventType::wireName).toList());
        missing.removeAll(endpoint.events());
        if (!missing.isEmpty()) {
            findings.add("It is not told of " + String.join(", ", missing) + ". Select these events there.");
        }
        probe.wrongWith(endpoint.url()).ifPresent(findings::add);
    }

    private WebhookEndpoint switchOn(WebhookEndpoint off, List<String> findings) throws InterruptedException {
        boolean isOurs = config.webhook().url().map(URI::toString).map(off.url()::equals).orElse(true);
        if (!config.reconcile().enableEndpoint() || !isOurs) { // another system's may be off for a reason
            findings.add("It is off: Polar emits no events for it, and what happens meanwhile it never tells. See "
                    + "there why deliveries failed, and switch it on; what is missing is then found by reconciliation. "
                    + "POLAR_RECONCILE_ENABLE_ENDPOINT has that done.");
            return off;
        }
        try {
            polar.enable(off.id());
        } catch (PolarFailure refused) {
            findings.add("It is off, and could not be switched on: " + refused.getMessage());
            return off;
        }
        Log.warn("Our endpoint at Polar was off and is switched on again (POLAR_RECONCILE_ENABLE_ENDPOINT)");
        return off.on();
    }

    /// How many of the newest events that Polar is done with failed, up to the first one that did not.
    static int failedEvents(List<Delivery> log) {
        Map<String, Delivery> events = new LinkedHashMap<>();
        log.forEach(delivery -> events.putIfAbsent(delivery.webhookId(), delivery));
        return (int) events.values().stream()
                .filter(event -> event.isDone().isPresent())
                .sorted(Comparator.comparing(Delivery::emittedAt).reversed())
                .limit(FAILED_EVENTS)
                .takeWhile(event -> !event.isDone().get())
                .count();
    }

    private Instant expiry(Optional<WebhookEndpoint> endpoint) {
        Instant ofRequests = ApiVersion.removedAt(polarConfig.api().version());
        return endpoint.map(WebhookEndpoint::apiVersion).flatMap(ApiVersion::find)
                .filter(ofRequests::isAfter).orElse(ofRequests);
    }
}
