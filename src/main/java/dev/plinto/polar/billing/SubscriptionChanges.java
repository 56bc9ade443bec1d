package dev.plinto.polar.billing;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.SubscriptionQueries.Found;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSubscription;
import dev.plinto.polar.polar.api.PolarSubscriptions;
import dev.plinto.polar.polar.api.SubscriptionChange;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Changes subscriptions at Polar. Polar has no idempotency keys, so after an attempt without an answer the
/// subscription is read back: if it is as it should be, the attempt has succeeded. Only for threads that may block.
@ApplicationScoped
class SubscriptionChanges {

    /// For the next attempt it says only that one has called Polar.
    private static final String BEGUN = "changing";

    private final PolarSubscriptions polar;
    private final SubscriptionQueries subscriptions;
    private final Answers answers;
    private final AuditLog audit;

    SubscriptionChanges(PolarSubscriptions polar, SubscriptionQueries subscriptions, Answers answers, AuditLog audit) {
        this.polar = polar;
        this.subscriptions = subscriptions;
        this.answers = answers;
        this.audit = audit;
    }

    /// @return 200, the subscription after the change
    /// @throws PolarFailure if Polar does not answer; what it refuses is a problem
    Answer make(Attempt attempt, KnownSubscription subscription, SubscriptionChange change, Entry entry)
            throws InterruptedException {
        if (attempt instanceof Attempt.Resumed) {
            Dated<Answered<PolarSubscription>> now = now(subscription);
            if (change.isMadeIn(now.answer().object())) {
                return letIn(200, subscription.organization(),
                        audit.record(entry, () -> now, found -> "done already, it seems by an earlier attempt"));
            }
        }
        return letIn(200, subscription.organization(), RecordedCall.of(audit, entry, attempt, BEGUN,
                () -> polar.change(subscription.purpose(), subscription.id(), change), SubscriptionChanges::result));
    }

    /// As Polar has it now. Throws 404 `subscription-unknown` if it does not.
    Dated<Answered<PolarSubscription>> now(KnownSubscription subscription) throws InterruptedException {
        return polar.find(subscription.purpose(), subscription.id())
                .orElseThrow(SubscriptionProblems.UNKNOWN::exception);
    }

    /// Lets in what Polar answered, and tells what is projected then.
    ///
    /// @param status of the answer
    Answer letIn(int status, String organization, Dated<Answered<PolarSubscription>> answer)
            throws InterruptedException {
        Answered<PolarSubscription> now = answer.answer();
        boolean isProjected = answers.letIn(new PolarObject(PolarObject.Kind.SUBSCRIPTION, now.object().id(),
                now.modifiedAt(), now.json()), answer.at());
        return KnownSubscription.answer(status,
                subscriptions.find(now.object().id()).await().indefinitely().flatMap(Found::told)
                        .orElseGet(() -> KnownSubscription.unprojected(organization, now.object())),
                now.object().pendingUpdate(), isProjected);
    }

    private static String result(Dated<Answered<PolarSubscription>> answer) {
        Optional<PolarSubscription.PendingUpdate> pending = answer.answer().object().pendingUpdate();
        return pending.map(later -> "done: applies at " + Rfc3339.format(later.appliesAt())).orElse("done");
    }
}
