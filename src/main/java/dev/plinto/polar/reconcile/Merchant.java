package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.api.PolarConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

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

    TooMuchMissing wrongOrganization() {
        return new TooMuchMissing("POLAR_ACCESS_TOKEN is for another organization at Polar than "
                + (configured.isPresent() ? "POLAR_ORGANIZATION_ID" : "the received webhooks")
                + ". Its objects are not compared; " + (configured.isPresent()
                        ? "correct one of the two settings."
                        : "create a token for the right organization, or set POLAR_ORGANIZATION_ID."));
    }
}
