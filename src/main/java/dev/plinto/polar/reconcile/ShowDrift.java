package dev.plinto.polar.reconcile;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.Polar;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Tells what a run would repair, account by account, and repairs nothing. What was delivered and never came is not
/// among it: what it says, the lists say too.
@ApplicationScoped
public class ShowDrift {

    private final Polar polar;
    private final Comparison comparison;
    private final RunStore store;
    private final ReconcileConfig config;

    ShowDrift(Polar polar, Comparison comparison, RunStore store, ReconcileConfig config) {
        this.polar = polar;
        this.comparison = comparison;
        this.store = store;
        this.config = config;
    }

    /// @param compared by kind, how many objects Polar lists
    public record Report(String asOf, Map<String, Integer> compared, List<OfAccount> accounts) {}

    public record OfAccount(String account, List<OfObject> objects) {}

    public record OfObject(String kind, String id, List<OfField> fields) {}

    /// As texts; null stands for not being known, or for being nothing.
    public record OfField(String field, String ours, String polars) {}

    /// One at a time, since it may take a while.
    ///
    /// @throws dev.plinto.polar.polar.api.PolarFailure where Polar does not answer
    public synchronized Report show() throws InterruptedException {
        Instant heard = polar.endpoints().at();
        Instant asOf = Snapshot.asOf(heard);
        Map<String, Integer> compared = new TreeMap<>();
        Map<String, List<OfObject>> byAccount = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            Set<String> listed = new HashSet<>();
            List<Drift> drift = new ArrayList<>();
            for (int page = 1, last = 1; page <= last; page++) {
                Dated<Polar.Page<PolarObject>> objects = polar.objects(kind, page);
                drift.addAll(comparison.listed(objects.answer().items(), heard));
                objects.answer().items().forEach(object -> listed.add(object.id()));
                heard = objects.at();
                last = objects.answer().last();
            }
            compared.put(kind.wireName(), listed.size());
            List<String> lacking = store.held(kind, Snapshot.asOf(heard)).stream()
                    .filter(id -> !listed.contains(id)).toList();
            TooMuchMissing.requireFew(kind, lacking.size(), config.reconcile().maxGone());
            Instant now = heard;
            TooMuchMissing.requireSomeListed(kind, lacking.size(), () -> store.held(kind, Snapshot.asOf(now)).size());
            drift.addAll(comparison.lacking(kind, lacking, heard, () -> {}, (object, why) -> {
                throw why;
            }));
            drift.forEach(
                    one -> byAccount.computeIfAbsent(accountOf(one), account -> new ArrayList<>()).add(shown(one)));
        }
        return new Report(Rfc3339.format(asOf), compared, byAccount.entrySet().stream()
                .map(entry -> new OfAccount(entry.getKey(), entry.getValue())).toList());
    }

    /// As published last; of what is new to us, the customer at least.
    private String accountOf(Drift drift) {
        TrackedObject statement = drift.statement();
        String customer = statement instanceof Subscription subscription
                ? subscription.customer().map(Id::value).orElse("")
                : statement instanceof Grant grant ? grant.customer().value() : statement.id().value();
        return store.account(drift.snapshot().kind(), statement.id().value(), customer).orElse("customer:" + customer);
    }

    private static OfObject shown(Drift drift) {
        return new OfObject(drift.snapshot().kind().wireName(), drift.snapshot().objectId(),
                drift.differences().stream().map(one -> new OfField(one.field(), text(one.ours()), text(one.polars())))
                        .toList());
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> null;
            case Instant time -> Rfc3339.format(time);
            default -> value.toString();
        };
    }
}
