package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.Delivery;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.WebhookEndpoint;
import dev.plinto.polar.reconcile.Repairs.Repair;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One run: what was delivered and never came, then what Polar lists and lacks against what we hold. It stores where it
/// is after each page, and begins where an earlier one broke off.
final class Run {

    /// How long Polar keeps what it delivered.
    private static final Duration KEPT = Duration.ofDays(90);
    /// Polar tries to deliver for less than an hour.
    private static final Duration STILL_TRIED = Duration.ofHours(2);

    private final Polar polar;
    private final Comparison comparison;
    private final Repairs repairs;
    private final RunStore store;
    private final Optional<WebhookEndpoint> endpoint;
    private final int maxGone;
    private final String holder;
    private final Repairs.Waiting meanwhile;
    private Instant heard;
    private final List<String> leftOut = new ArrayList<>();
    private int repaired;

    /// @param holder    of the lease
    /// @param meanwhile called again and again while it goes on; throws where the lease is lost
    /// @param heard     when Polar was last heard, by its own clock
    Run(Polar polar, Comparison comparison, Repairs repairs, RunStore store, Optional<WebhookEndpoint> endpoint,
            int maxGone, String holder, Repairs.Waiting meanwhile, Instant heard) {
        this.polar = polar;
        this.comparison = comparison;
        this.repairs = repairs;
        this.store = store;
        this.endpoint = endpoint;
        this.maxGone = maxGone;
        this.holder = holder;
        this.meanwhile = meanwhile;
        this.heard = heard;
    }

    /// @throws Incomplete where Polar did not answer for some objects, and all others are compared and repaired
    /// @return how many repairs were published since the run began, or was taken up where it broke off
    int toEnd() throws InterruptedException {
        Optional<Progress> progress = store.unfinished();
        if (progress.isEmpty()) {
            Instant until = Snapshot.asOf(heard);
            Instant from = store.logReadUntil().map(read -> read.minus(STILL_TRIED)).orElse(until.minus(KEPT));
            progress = Optional.of(Progress.begin(from, until));
            store.begin(holder, progress.get());
        }
        while (progress.isPresent()) {
            Optional<Progress> next = advance(progress.get());
            meanwhile.goesOn();
            if (leftOut.isEmpty()) { // else a run that breaks off now asks for them once more
                next.ifPresent(where -> store.save(holder, where));
            }
            progress = next;
        }
        store.keepLogRead(holder);
        if (!leftOut.isEmpty()) {
            store.abandon(holder);
            throw new IncompleteRun(leftOut);
        }
        store.succeed(holder);
        return repaired;
    }

    private Optional<Progress> advance(Progress progress) throws InterruptedException {
        if (progress.step() instanceof Step.Deliveries && (endpoint.isEmpty() || progress.logUntil().isEmpty())) {
            return progress.withoutLog().nextStep();
        }
        boolean more = switch (progress.step()) {
            case Step.Deliveries deliveries -> recoverDeliveries(progress, endpoint.get(), progress.logUntil().get());
            case Step.Listed listed -> compareListed(listed.kind(), progress.page());
            case Step.Lacking lacking -> compareLacking(lacking.kind());
        };
        return more ? Optional.of(progress.nextPage()) : progress.nextStep();
    }

    private boolean recoverDeliveries(Progress progress, WebhookEndpoint ours, Instant until)
            throws InterruptedException {
        Dated<Polar.Page<Delivery>> page = polar.deliveries(ours.id(), progress.logFrom(), until, progress.page());
        heard = page.at();
        List<Delivery> deliveries = page.answer().items();
        comparison.requireOurs(deliveries);
        Set<String> unknown = store.unknown(deliveries.stream().map(Delivery::webhookId).distinct().toList());
        make(deliveries.stream()
                .filter(delivery -> unknown.remove(delivery.webhookId())) // each once, of all its attempts
                .flatMap(delivery -> delivery.body().stream()
                        .map(body -> new Repair(delivery.webhookId(), body, false)))
                .toList());
        return progress.page() < page.answer().last();
    }

    private boolean compareListed(Kind kind, int number) throws InterruptedException {
        Instant before = heard;
        Dated<Polar.Page<PolarObject>> page = polar.objects(kind, number);
        heard = page.at();
        repair(comparison.listed(page.answer().items(), before));
        meanwhile.goesOn();
        store.see(holder, kind, page.answer().items().stream().map(PolarObject::id).toList());
        return number < page.answer().last();
    }

    private boolean compareLacking(Kind kind) throws InterruptedException {
        List<String> unseen = store.unseen(kind, Snapshot.asOf(heard), maxGone + 1);
        TooMuchMissing.requireFew(kind, unseen.size(), maxGone);
        TooMuchMissing.requireSomeListed(kind, unseen.size(), () -> store.held(kind, Snapshot.asOf(heard)).size());
        repair(comparison.lacking(kind, unseen, heard, meanwhile,
                (object, why) -> leftOut.add(object + ": " + why.getMessage())));
        return false;
    }

    private void repair(List<Drift> drift) throws InterruptedException {
        drift.forEach(one -> Log.debugf("Polar's %s %s differs from what we hold in %s; it is repaired",
                one.snapshot().kind().wireName(), one.snapshot().objectId(),
                one.differences().stream().map(Drift.Difference::field).toList()));
        make(drift.stream().map(one -> new Repair(one.snapshot().id(), one.snapshot().body(), true)).toList());
    }

    private void make(Collection<Repair> wanted) throws InterruptedException {
        repaired += repairs.make(wanted, meanwhile);
    }
}
