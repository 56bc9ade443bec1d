package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.SubscriptionQueries.Found;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.ConektaSnapshot;
import dev.plinto.polar.conekta.api.Answered;
import dev.plinto.polar.conekta.api.ConektaChange;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.ConektaForOrganizations;
import dev.plinto.polar.conekta.api.FailureReason;
import dev.plinto.polar.entitlement.DueRead;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Changes subscriptions at Conekta, as [SubscriptionChanges] does at Polar: Conekta has no idempotency keys either.
/// Only for threads that may block.
@ApplicationScoped
class ConektaChanges {

    /// For the next attempt it says only that one has called Conekta.
    private static final String BEGUN = "changing at Conekta";
    /// Conekta refuses by it what the state of the object does not allow.
    private static final int PRECONDITION = 428;

    private final ConektaForOrganizations conekta;
    private final ConektaConfig config;
    private final SubscriptionQueries subscriptions;
    private final Answers answers;
    private final AuditLog audit;

    ConektaChanges(ConektaForOrganizations conekta, ConektaConfig config, SubscriptionQueries subscriptions,
            Answers answers, AuditLog audit) {
        this.conekta = conekta;
        this.config = config;
        this.subscriptions = subscriptions;
        this.answers = answers;
        this.audit = audit;
    }

    /// Throws the problem for the response if Conekta does not answer, or refuses.
    ///
    /// @return 200, the subscription after the change
    Answer make(Attempt attempt, KnownSubscription subscription, ConektaChange change, Entry entry)
            throws InterruptedException {
        ConektaProblem.requireOn(config);
        if (attempt instanceof Attempt.Resumed) {
            Answered now = now(subscription);
            if (change.isMadeIn(now.object())) {
                Answered found = audit.record(entry, () -> now, read -> "done already, it seems by an earlier attempt");
                return letIn(subscription, change, ConektaSnapshot.of(DueRead.Kind.SUBSCRIPTION, found.object(),
                        found.at(), config.sandbox()));
            }
        }
        Answered answer = RecordedCall.of(audit, entry, attempt, BEGUN, () -> change(subscription, change),
                made -> "done");
        return letIn(subscription, change, ConektaSnapshot.ofAnswer(DueRead.Kind.SUBSCRIPTION, answer.object(),
                answer.at(), config.sandbox()));
    }

    private Answered now(KnownSubscription subscription) throws InterruptedException {
        ProviderCall<Optional<Answered>> read = () -> conekta.subscription(subscription.organization(),
                customer(subscription), ConektaDialect.ownId(subscription.id()));
        return read.orProblem().orElseThrow(SubscriptionProblems.UNKNOWN::exception);
    }

    private Answered change(KnownSubscription subscription, ConektaChange change) throws InterruptedException {
        try {
            return conekta.change(subscription.organization(), customer(subscription),
                    ConektaDialect.ownId(subscription.id()), change);
        } catch (ConektaFailure failure) {
            if (failure.reason() instanceof FailureReason.Refused refused && refused.status() == PRECONDITION) {
                throw refusal(change).exception();
            }
            throw failure;
        }
    }

    private static Problem refusal(ConektaChange change) {
        return switch (change) {
            case CANCEL -> SubscriptionProblems.ALREADY_CANCELED_FOR_GOOD;
            case PAUSE -> SubscriptionProblems.CANNOT_PAUSE;
            case RESUME -> SubscriptionProblems.NOTHING_SCHEDULED;
        };
    }

    private static String customer(KnownSubscription subscription) {
        return ConektaDialect.ownId(subscription.told().path("customer_id").asText());
    }

    /// What is told is projected only if it shows the change: a newer statement of the same second may hide it, until
    /// Conekta's own event comes.
    private Answer letIn(KnownSubscription subscription, ConektaChange change, ConektaSnapshot answer)
            throws InterruptedException {
        boolean isProjected = answers.letIn(answer);
        var now = subscriptions.find(subscription.id()).await().indefinitely().flatMap(Found::told)
                .orElse(subscription.told());
        return KnownSubscription.answer(200, now, Optional.empty(), isProjected && change.isMadeIn(now));
    }
}
