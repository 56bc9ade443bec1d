package dev.plinto.polar.sandbox.polar.live;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.sandbox.polar.Chaos;
import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryEngine;
import dev.plinto.polar.sandbox.polar.delivery.DeliveryFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Delivers what a story tells, one after the other and in its order, or as [Chaos] has it. What fails is attempted
/// again later, as Polar does.
@ApplicationScoped
class DeliverStory {

    private static final Logger LOG = Logger.getLogger(DeliverStory.class);

    private final SandboxPolar polar;

    DeliverStory(SandboxPolar polar) {
        this.polar = polar;
    }

    /// Returns when each of them has been answered, or has waited long enough; one entry for each attempt.
    List<Delivery> deliver(List<Due> story, Optional<Chaos> chaos) throws InterruptedException {
        List<Delivery> attempts = new ArrayList<>();
        List<Due> late = new ArrayList<>();
        List<Due> events = chaos.equals(Optional.of(Chaos.REORDER)) ? story.reversed() : story;
        for (int i = 0; i < events.size(); i++) {
            Due event = events.get(i);
            boolean second = i % 2 == 1;
            switch (chaos.orElse(Chaos.REORDER)) { // each of those that change nothing here
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
        return attempt(event, polar.engine().faults().next(typeOf(event)));
    }

    private Delivery attempt(Due event, Optional<DeliveryFault> fault) throws InterruptedException {
        Delivery delivery = send(event, fault);
        if (delivery.status() == null || delivery.status() / 100 != 2) {
            LOG.warnf("The sandbox's Polar tries %s %s again later: %s", delivery.type(), delivery.webhookId(),
                    delivery.status() == null ? "it got no answer" : "it was answered " + delivery.status());
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
        polar.simulation().exclusively(() -> polar.simulation().eventLog().attempted(
                event.event(), null, "the last of ten attempts was lost", true));
        return new Delivery(event.event().toString(), typeOf(event), null);
    }

    private String typeOf(Due event) {
        return polar.simulation().exclusively(() -> polar.simulation().eventLog().parcel(event.event()).type());
    }

    /// `status` is the HTTP status of the answer; null when none came.
    @JsonNaming(SnakeCaseStrategy.class)
    record Delivery(String webhookId, String type, Integer status) {}
}
