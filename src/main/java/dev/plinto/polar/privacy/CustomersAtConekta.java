package dev.plinto.polar.privacy;

import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.ConektaSnapshot;
import dev.plinto.polar.conekta.api.Answered;
import dev.plinto.polar.conekta.api.Conekta;
import dev.plinto.polar.conekta.api.ConektaChange;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.FailureReason;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an erasure does at Conekta; nothing where Conekta is off. Fails with [ConektaFailure] if Conekta does not
/// answer. Begun again, it ends as if it had been begun once.
@ApplicationScoped
class CustomersAtConekta {

    /// 404: it is gone; 428: it is canceled.
    private static final Set<Integer> HAS_ENDED = Set.of(404, 428);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Pool pool;
    private final Conekta conekta;
    private final ConektaConfig config;
    private final ConektaDialect dialect;
    private final RawTopic rawTopic;
    private final InstantSource clock;

    CustomersAtConekta(Pool pool, Conekta conekta, ConektaConfig config, ConektaDialect dialect, RawTopic rawTopic,
            InstantSource clock) {
        this.pool = pool;
        this.conekta = conekta;
        this.config = config;
        this.dialect = dialect;
        this.rawTopic = rawTopic;
        this.clock = clock;
    }

    /// Conekta has no other end of a subscription than to cancel it: it charges nothing any more. What it says of that
    /// comes in by its event.
    ///
    /// @return how many of the organization's were live
    int endSubscriptions(String organization) throws InterruptedException {
        if (!config.isOn()) {
            return 0;
        }
        List<KnownAtConekta.Subscription> live = KnownAtConekta.liveSubscriptions(pool, organization);
        for (KnownAtConekta.Subscription subscription : live) {
            cancel(subscription);
        }
        return live.size();
    }

    private void cancel(KnownAtConekta.Subscription subscription) throws InterruptedException {
        try {
            conekta.change(ConektaDialect.ownId(subscription.customer()), ConektaDialect.ownId(subscription.id()),
                    ConektaChange.CANCEL);
        } catch (ConektaFailure failure) {
            if (!(failure.reason() instanceof FailureReason.Refused refused)
                    || !HAS_ENDED.contains(refused.status())) {
                throw failure;
            }
        }
    }

    /// @param gone that Conekta did not have any more
    record Deleted(int deleted, int gone) {}

    /// Deletes those of the customers that are at Conekta. Conekta sends no event of it, so it is let in here: nothing
    /// else would ever end what was paid once, or for a period that goes on, and a late event could grant it again.
    Deleted delete(List<String> customers) throws InterruptedException {
        List<String> own = config.isOn() ? customers.stream().filter(ConektaDialect::isOwn).toList() : List.of();
        int deleted = 0;
        for (String customer : own) {
            String id = ConektaDialect.ownId(customer);
            Optional<Answered> answer = conekta.deleteCustomer(id);
            letIn(ConektaSnapshot.ofDeletedCustomer(id, answer.map(Answered::at).orElseGet(this::now),
                    config.sandbox()));
            deleted += answer.isPresent() ? 1 : 0;
        }
        return new Deleted(deleted, own.size() - deleted);
    }

    /// Of a customer who is gone, by our clock: whoever is deleted stays so, whenever it was.
    private Instant now() {
        return clock.instant();
    }

    private void letIn(ConektaSnapshot deletion) {
        rawTopic.publish(RawEvent.snapshot(dialect, deletion.id(), deletion.body(), clock.instant(),
                RawEvent.Origin.ANSWER)).await().atMost(PATIENCE);
    }
}
