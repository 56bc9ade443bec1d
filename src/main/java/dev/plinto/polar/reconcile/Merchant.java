package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.polar.api.WebhookEndpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Our organization at Polar: the configured one, else the one named by the newest received webhooks. Objects of any
/// other organization are refused.
@ApplicationScoped
class Merchant {

    private static final int DELIVERIES = 20; // some do not name their organization

    private final Optional<String> configured;
    private final RunStore store;

    Merchant(PolarConfig config, RunStore store) {
        this.configured = config.organizationId();
        this.store = store;
    }

    /// Empty if none is configured and no webhook has arrived, as in a new installation.
    Optional<String> organizationId() {
        return configured.or(() -> store.newestDeliveries(DELIVERIES).stream()
                .flatMap(body -> EventReader.merchantOf(body).stream()).findFirst());
    }

    /// For what is missing at Polar: with a token of another organization, everything is.
    ///
    /// @param endpoints that the token shows
    /// @throws TooMuchMissing unless an endpoint, or an object in a list, names our organization
    void requireOurToken(Polar polar, Stream<WebhookEndpoint> endpoints) throws InterruptedException {
        Optional<String> ours = organizationId();
        if (ours.isEmpty() || !endpoints.map(WebhookEndpoint::merchant).anyMatch(ours.get()::equals)
                && !isNamedInAList(polar, ours)) {
            throw new TooMuchMissing("Stored objects are missing from Polar's lists, and none of them is ended: "
                    + "nothing that POLAR_ACCESS_TOKEN shows names our organization at Polar. Check that the token is "
                    + "for it" + (configured.isPresent() ? "." : ", and set POLAR_ORGANIZATION_ID."));
        }
    }

    private static boolean isNamedInAList(Polar polar, Optional<String> ours) throws InterruptedException {
        for (Kind kind : List.of(Kind.CUSTOMER, Kind.SUBSCRIPTION, Kind.GRANT)) {
            if (polar.objects(kind, 1).answer().items().stream().map(PolarObject::merchant).anyMatch(ours::equals)) {
                return true;
            }
        }
        return false;
    }

    TooMuchMissing wrongOrganization() {
        return new TooMuchMissing("POLAR_ACCESS_TOKEN is for another organization at Polar than "
                + (configured.isPresent() ? "POLAR_ORGANIZATION_ID" : "the received webhooks")
                + ". Its objects are not compared; " + (configured.isPresent()
                        ? "correct one of the two settings."
                        : "create a token for the right organization, or set POLAR_ORGANIZATION_ID."));
    }
}
