package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.api.PolarConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Which organization at Polar we belong to: the one that is set, else the one whose webhooks came here lately. What a
/// token shows of another one is not for us.
@ApplicationScoped
class Merchant {

    private static final int DELIVERIES = 20; // not each names its organization

    private final Optional<String> set;
    private final RunStore store;

    Merchant(PolarConfig config, RunStore store) {
        this.set = config.organizationId();
        this.store = store;
    }

    /// Empty where none is set and nothing came, as in a new installation.
    Optional<String> ours() {
        return set.or(() -> store.newestDeliveries(DELIVERIES).stream()
                .flatMap(body -> EventReader.merchantOf(body).stream()).findFirst());
    }

    TooMuchMissing other() {
        return new TooMuchMissing("POLAR_ACCESS_TOKEN is for another organization at Polar than "
                + (set.isPresent() ? "POLAR_ORGANIZATION_ID" : "the one whose webhooks came here")
                + ". Nothing of it is compared; " + (set.isPresent()
                        ? "correct one of them."
                        : "make a token of the right one, or set POLAR_ORGANIZATION_ID."));
    }
}
