package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.Delivery;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.WebhookEndpoint;
import dev.plinto.polar.reconcile.Repairs.Repair;
import io.micrometer.core.instrument.Counter;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One run: fetches deliveries that never arrived, then compares what Polar lists and what is missing there with the
/// stored state. It stores its progress after each page, and resumes an earlier run that broke off. What does not
/// decide access comes last, and a list of that which Polar does not show is left out.
final class Run {

    private static final Duration POLAR_LOG_RETENTION = Duration.ofDays(90);
    /// Polar retries a delivery for less than an hour.
    private static final Duration POLAR_RETRIES = Duration.ofHours(2);
    private static final int SCOPES = 20;

    private final Polar polar;
    private final Comparison comparison;
    private final Repairs repairs;
    private final RunStore store;
    private final ListStore lists;
    private final Optional<WebhookEndpoint> endpoint;
    private final Merchant merchant;
    private final ReconcileConfig.Reconcile limits;
    private final String holder;
    private final Repairs.Guard guard;
    private final Counter externalIdDropped;
    private final UnreadLists unread;
    private Instant respondedAt;
    private final List<String> skipped = new ArrayList<>();
    private int repaired;

    /// @param holder      of the lease
    /// @param guard       called repeatedly during the run; throws if the lease is lost
    /// @param externalIdDropped counts customers whose `external_id` Polar denies
    /// @param unread      of the runs before
    /// @param respondedAt time of Polar's latest response, by Polar's clock
    Run(Polar polar, Comparison comparison, Repairs repairs, RunStore store, ListStore lists, Merchant merchant,
            Optional<WebhookEndpoint> endpoint, ReconcileConfig.Reconcile limits, String holder, Repairs.Guard guard,
            Counter externalIdDropped, UnreadLists unread, Instant respondedAt) {
        this.polar = polar;
        this.comparison = comparison;
        this.repairs = repairs;
        this.store = store;
        this.lists = lists;
        this.endpoint = endpoint;
        this.merchant = merchant;
        this.limits = limits;
        this.holder = holder;
        this.guard = guard;
        this.externalIdDropped = externalIdDropped;
        this.unread = unread;
        this.respondedAt = respondedAt;
    }

    /// @throws IncompleteRun if Polar did not answer for some objects; all others are compared and repaired
    /// @return how many repairs were published since the run began or was resumed
    int complete() throws InterruptedException {
        Optional<Progress> progress = store.unfinishedRun();
        if (progress.isEmpty()) {
            Instant until = Snapshot.asOf(respondedAt);
            Instant from = store.logReadUntil().map(read -> read.minus(POLAR_RETRIES))
                    .orElse(until.minus(POLAR_LOG_RETENTION));
            progress = Optional.of(Progress.begin(from, until));
            store.begin(holder, progress.get());
        }
        while (progress.isPresent()) {
            Optional<Progress> next = advanceOrSkip(progress.get());
            guard.checkStillAllowed();
            if (skipped.isEmpty()) { // otherwise a resumed run must request the skipped objects again
                next.ifPresent(position -> store.save(holder, position));
            }
            progress = next;
        }
        store.saveLogRead(holder);
        if (!skipped.isEmpty()) {
            store.abandon(holder);
            throw new IncompleteRun(skipped);
        }
        store.succeed(holder);
        return repaired;
    }

    /// What does not decide access must not stop, or for ever repeat, a run: the next run would not compare what does.
    private Optional<Progress> advanceOrSkip(Progress progress) throws InterruptedException {
        Optional<Kind> onlyRead = progress.step().ofKind().filter(kind -> !kind.decidesAccess());
        try {
            return advance(progress);
        } catch (PolarFailure failure) {
            if (onlyRead.isEmpty() || !isOfOneList(failure)) {
                throw failure;
            }
            if (failure.isOfOperation() || failure.isNotPermitted()) {
                unread.add(onlyRead.get(), failure);
            } else {
                skipped.add("list of the kind " + onlyRead.get().wireName() + ": " + failure.getMessage());
            }
            return progress.nextKind();
        }
    }

    private static boolean isOfOneList(PolarFailure failure) {
        return failure.isOfOperation() || failure.mayBeOfOneObject()
                || failure.reason() instanceof FailureReason.Unanswered;
    }

    private Optional<Progress> advance(Progress progress) throws InterruptedException {
        if (progress.step() instanceof Step.Deliveries && (endpoint.isEmpty() || progress.logUntil().isEmpty())) {
            return progress.withoutLog().nextStep();
        }
        if (progress.step() instanceof Step.Listed(Kind kind) && !lists.listRead(kind).isDue(kind, respondedAt)) {
            return progress.nextKind();
        }
        boolean more = switch (progress.step()) {
            case Step.Deliveries deliveries -> recoverDeliveries(progress, endpoint.get(), progress.logUntil().get());
            case Step.Listed(Kind kind) when kind == Kind.MEMBER || kind == Kind.SEAT -> compareScopes(kind);
            case Step.Listed(Kind kind) -> compareListed(kind, progress.page());
            case Step.Missing(Kind kind) when kind.decidesAccess() -> compareMissing(kind);
            case Step.Missing(Kind kind) -> compareMissingUnlessTooMany(kind);
        };
        return more ? Optional.of(progress.nextPage()) : progress.nextStep();
    }

    private boolean recoverDeliveries(Progress progress, WebhookEndpoint ours, Instant until)
            throws InterruptedException {
        Dated<Polar.Page<Delivery>> page = polar.deliveries(ours.id(), progress.logFrom(), until, progress.page());
        respondedAt = page.at();
        List<Delivery> deliveries = page.answer().items();
        comparison.requireOurs(deliveries);
        Set<String> unprocessed = store
                .findUnprocessed(deliveries.stream().map(Delivery::webhookId).distinct().toList());
        publish(deliveries.stream()
                .filter(delivery -> unprocessed.remove(delivery.webhookId())) // each event once, whatever its attempts
                .flatMap(delivery -> delivery.body().stream()
                        .map(body -> new Repair(delivery.webhookId(), body, false)))
                .toList());
        return progress.page() < page.answer().last();
    }

    private boolean compareListed(Kind kind, int pageNumber) throws InterruptedException {
        Instant previousResponse = respondedAt;
        Dated<Polar.Page<PolarObject>> page = polar.objects(kind, pageNumber);
        respondedAt = page.at();
        repair(comparison.listed(page.answer().items(), previousResponse));
        guard.checkStillAllowed();
        List<PolarObject> listed = page.answer().items();
        markListed(kind, listed);
        boolean isWhole = pageNumber >= page.answer().last();
        if (!isWhole && !lists.listRead(kind).endsWith(kind, listed, respondedAt)) {
            return true;
        }
        saveListRead(kind, isWhole);
        return false;
    }

    /// Some customers, subscriptions or orders at a time, since each is a request.
    private boolean compareScopes(Kind kind) throws InterruptedException {
        boolean isWhole = lists.listRead(kind).isWholeDue(kind, respondedAt);
        List<ListScope> scopes = lists.findScopes(kind, isWhole, SCOPES);
        for (ListScope scope : scopes) {
            guard.checkStillAllowed();
            boolean isShown = false;
            try {
                compareScope(kind, scope);
                isShown = true;
            } catch (PolarFailure failure) {
                if (!failure.mayBeOfOneObject()) {
                    throw failure;
                }
                if (!failure.isNotPermitted()) { // an individual customer has no members
                    skipped.add(kind.wireName() + " list of " + scope + ": " + failure.getMessage());
                }
            }
            lists.markRead(holder, kind, scope, isShown);
        }
        if (scopes.size() == SCOPES) {
            return true;
        }
        if (skipped.isEmpty()) { // else it is not known that all were read
            saveListRead(kind, isWhole);
        }
        return false;
    }

    private void compareScope(Kind kind, ListScope scope) throws InterruptedException {
        Instant previousResponse = respondedAt;
        for (int pageNumber = 1, last = 1; pageNumber <= last; pageNumber++) {
            Optional<Dated<Polar.Page<PolarObject>>> found = switch (scope.holder()) {
                case CUSTOMER -> polar.membersOf(scope.id(), pageNumber);
                case SUBSCRIPTION -> polar.seatsOfSubscription(scope.id());
                case ORDER -> polar.seatsOfOrder(scope.id());
            };
            if (found.isEmpty()) {
                return;
            }
            respondedAt = found.get().at();
            last = found.get().answer().last();
            List<PolarObject> listed = found.get().answer().items();
            for (int from = 0; from < listed.size(); from += Polar.PAGE) { // a subscription may have 10,000 seats
                repair(comparison.listed(listed.subList(from, Math.min(from + Polar.PAGE, listed.size())),
                        previousResponse));
            }
            markListed(kind, listed);
            guard.checkStillAllowed();
        }
    }

    /// Of kinds of which Polar deletes objects.
    private void markListed(Kind kind, List<PolarObject> listed) {
        if (Step.ALL.contains(new Step.Missing(kind))) {
            store.markListed(holder, kind, listed.stream().map(PolarObject::id).toList());
        }
    }

    private void saveListRead(Kind kind, boolean isWhole) {
        lists.saveListRead(holder, kind, respondedAt, isWhole);
        unread.remove(kind);
    }

    private boolean compareMissingUnlessTooMany(Kind kind) throws InterruptedException {
        try {
            return compareMissing(kind);
        } catch (TooMuchMissing implausible) {
            skipped.add(String.valueOf(implausible.getMessage()));
            return false;
        }
    }

    /// What is gone is ended only if an earlier run has found the same, long enough before this one asks again.
    private boolean compareMissing(Kind kind) throws InterruptedException {
        Instant asOf = Snapshot.asOf(respondedAt);
        List<String> missing = store.findMissing(kind, asOf, limits.maxGone() + 1);
        if (!missing.isEmpty()) {
            merchant.requireOurToken(polar, endpoint.stream());
            TooMuchMissing.requireFew(kind, missing.size(), () -> store.findCurrent(kind, asOf).size(), limits);
            TooMuchMissing.requireListed(kind, store.hasListed(kind));
        }
        Set<String> foundBefore = store.foundMissingBefore(kind, limits.goneAfter());
        Comparison.Compared compared = comparison.missing(kind, missing, respondedAt, guard,
                (object, reason) -> skipped.add(object + ": " + reason.getMessage()));
        repair(compared.without(drift -> drift.snapshot().isGone()
                && !foundBefore.contains(drift.snapshot().objectId())));
        guard.checkStillAllowed();
        List<String> gone = compared.drifts().stream().map(Drift::snapshot).filter(Snapshot::isGone)
                .map(Snapshot::objectId).toList();
        store.saveMissing(holder, kind, gone);
        gone.stream().filter(id -> !foundBefore.contains(id)).forEach(id -> Log.infof("Polar no longer has the %s %s. "
                + "A run that does not find it either ends it, at least %d s after the first that did not",
                kind.wireName(), id, limits.goneAfter().toSeconds()));
        return false;
    }

    private void repair(Comparison.Compared compared) throws InterruptedException {
        externalIdDropped.increment(compared.deniedExternalIds());
        List<Drift> drifts = compared.drifts();
        drifts.forEach(drift -> Log.debugf("Polar's %s %s differs from the stored state in %s and is repaired",
                drift.snapshot().kind().wireName(), drift.snapshot().objectId(),
                drift.differences().stream().map(Drift.Difference::field).toList()));
        publish(drifts.stream().map(drift -> new Repair(drift.snapshot().id(), drift.snapshot().body(), true))
                .toList());
    }

    private void publish(Collection<Repair> repair) throws InterruptedException {
        repaired += repairs.publishAndAwait(repair, guard);
    }
}
