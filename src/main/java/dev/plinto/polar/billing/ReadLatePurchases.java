package dev.plinto.polar.billing;

import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads at Polar what was bought where the webhooks are late, while a buyer waits. A few at a time: the next ones when
/// somebody still waits for them.
@ApplicationScoped
class ReadLatePurchases {

    /// Most looks find somebody who has waited for long: a buyer takes time to pay.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LateReads reads;
    private final PurchaseAtPolar polar;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile long notBefore = System.nanoTime();

    ReadLatePurchases(LateReads reads, PurchaseAtPolar polar) {
        this.reads = reads;
        this.polar = polar;
    }

    /// Returns at once, and does nothing while this replica reads others, or has just done so.
    ///
    /// @param late each with an organization; who has waited longest comes first
    void read(List<Purchase> late) {
        if (!late.isEmpty() && System.nanoTime() - notBefore >= 0 && reading.compareAndSet(false, true)) {
            Infrastructure.getDefaultWorkerPool().execute(() -> {
                try {
                    readNow(late);
                } finally {
                    notBefore = System.nanoTime() + PAUSE.toNanos();
                    reading.set(false);
                }
            });
        }
    }

    private void readNow(List<Purchase> late) {
        try {
            Set<String> claimed = reads.claim(late);
            for (Purchase purchase : late) {
                String organization = purchase.organizationId();
                if (organization != null && claimed.contains(purchase.checkoutId())) {
                    polar.read(purchase, new ForOrganization(organization));
                }
            }
        } catch (PolarFailure failure) {
            Log.warnf("Could not read at Polar what was bought, and tries again while a buyer waits: %s",
                    failure.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            if (DatabaseAway.isCauseOf(failure)) {
                Log.debugf("Did not read at Polar what was bought: %s", DatabaseAway.describe(failure));
            } else {
                Log.error("Could not read at Polar what was bought, by a fault of this service", failure);
            }
        }
    }
}
