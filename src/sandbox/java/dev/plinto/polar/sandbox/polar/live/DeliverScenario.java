package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Triggered.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Delivers the events of a scenario one after the other and in order, or as [Chaos] prescribes. Failed attempts are
/// retried later, as Polar does.
@ApplicationScoped
class DeliverScenario {

    private static final Logger LOG = Logger.getLogger(DeliverScenario.class);

    private final SandboxPolar polar;

    DeliverScenario(SandboxPolar polar) {
        this.polar = polar;
    }

    /// Returns when each event has been answered or has timed out; one entry for each attempt.
    List<Delivery> all(List<Due> scenario, Optional<Chaos> chaos) throws InterruptedException {
        List<Delivery> attempts = new ArrayList<>();
        List<Due> late = new ArrayList<>();
        List<Due> events = chaos.equals(Optional.of(Chaos.REORDER)) ? scenario.reversed() : scenario;
        for (int i = 0; i < events.size(); i++) {
            Due event = events.get(i);
            boolean second = i % 2 == 1;
            switch (chaos.orElse(Chaos.REORDER)) { // stands for those without effect here
                case DUPLICATE -> {
                    attempts.add(attempt(event, Optional.empty()));
                    attempts.add(attempt(event, Optional.empty()));
                }
                case DROP -> attempts.add(second ? giveUp(event) : attempt(event));
                case STALE_RETRY -> attempts.add(second ? fail(event, DeliveryFault.DROP, late) : attempt(event));
                case LOST_ACKNOWLEDGEMENT -> attempts.add(fail(event, DeliveryFault.LOST_ACKNOWLEDGEMENT, late));
                case WRONG_KEY -> attempts.add(attempt(event, Optional.of(DeliveryFault.WRONG_KEY)));
                case REORDER, TIE, UNKNOWN_TYPE, FUTURE_FIELD, ENDPOINT_OFF -> attempts.add(attempt(event));
            }
        }
        for (Due event : late) {
            attempts.add(attempt(event));
        }
        polar.save();
        return attempts;
    }

    private Delivery attempt(Due event) throws InterruptedException {
        return attempt(event, polar.engine().faults().take(typeOf(event)));
    }

    private Delivery attempt(Due event, Optional<DeliveryFault> fault) throws InterruptedException {
        Delivery delivery = send(event, fault);
        if (delivery.status() == null || delivery.status() / 100 != 2) {
            LOG.warnf("The sandbox's Polar will retry %s %s: %s", delivery.type(), delivery.webhookId(),
                    delivery.status() == null ? "no answer" : "status " + delivery.status());
            polar.engine().retry(event);
        }
        return delivery;
    }

    private Delivery fail(Due event, DeliveryFault fault, List<Due> late) throws InterruptedException {
        late.add(event);
        return send(event, Optional.of(fault));
    }

    private Delivery send(Due event, Optional<DeliveryFault> fault) throws InterruptedException {
        DeliveryEngine engine = polar.engine();
        Integer status = engine.attemptNow(event, fault).orElse(null);
        return new Delivery(event.event().toString(), typeOf(event), status);
    }

    private Delivery giveUp(Due event) {
        polar.simulation().exclusively(() -> polar.simulation().eventLog().recordAttempt(
                event.event(), null, "the last of ten attempts was lost", true));
        return new Delivery(event.event().toString(), typeOf(event), null);
    }

    private String typeOf(Due event) {
        return polar.simulation().exclusively(() -> polar.simulation().eventLog().nextAttempt(event.event()).type());
    }
}
