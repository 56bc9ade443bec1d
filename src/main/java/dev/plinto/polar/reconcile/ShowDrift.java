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
import dev.plinto.polar.polar.api.WebhookEndpoint;
import dev.plinto.polar.telemetry.MaskedAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reports what runs would repair of what decides access, by account, and repairs nothing. It leaves out deliveries
/// that never arrived: the lists show their effect.
@ApplicationScoped
public class ShowDrift {

    private final Polar polar;
    private final Comparison comparison;
    private final Merchant merchant;
    private final RunStore store;
    private final ReconcileConfig config;

    ShowDrift(Polar polar, Comparison comparison, Merchant merchant, RunStore store, ReconcileConfig config) {
        this.polar = polar;
        this.comparison = comparison;
        this.merchant = merchant;
        this.store = store;
        this.config = config;
    }

    /// @param compared by kind, how many objects Polar lists
    public record Report(String asOf, Map<String, Integer> compared, List<AccountDrift> accounts) {}

    public record AccountDrift(String account, List<ObjectDrift> objects) {

        public AccountDrift {
            account = MaskedAddress.of(account);
        }
    }

    public record ObjectDrift(String kind, String id, List<FieldDrift> fields) {}

    /// Values as text; null means unknown or empty.
    public record FieldDrift(String field, @Nullable String ours, @Nullable String polars) {

        public FieldDrift {
            ours = MaskedAddress.ofNullable(ours);
            polars = MaskedAddress.ofNullable(polars);
        }
    }

    /// One comparison at a time, since each may take minutes.
    ///
    /// @throws TooMuchMissing if a run would refuse to end what is missing at Polar
    /// @throws dev.plinto.polar.polar.api.PolarFailure if Polar does not answer
    public synchronized Report show() throws InterruptedException {
        Dated<List<WebhookEndpoint>> endpoints = polar.endpoints();
        Instant respondedAt = endpoints.at();
        Instant asOf = Snapshot.asOf(respondedAt);
        Map<String, Integer> compared = new TreeMap<>();
        Map<String, List<ObjectDrift>> byAccount = new TreeMap<>();
        for (Kind kind : List.of(Kind.CUSTOMER, Kind.SUBSCRIPTION, Kind.GRANT)) {
            Set<String> listed = new HashSet<>();
            List<Drift> drifts = new ArrayList<>();
            for (int page = 1, last = 1; page <= last; page++) {
                Dated<Polar.Page<PolarObject>> objects = polar.objects(kind, page);
                drifts.addAll(comparison.listed(objects.answer().items(), respondedAt).drifts());
                objects.answer().items().forEach(object -> listed.add(object.id()));
                respondedAt = objects.at();
                last = objects.answer().last();
            }
            compared.put(kind.wireName(), listed.size());
            Instant listedAsOf = Snapshot.asOf(respondedAt);
            List<String> missing = store.findCurrent(kind, listedAsOf).stream()
                    .filter(id -> !listed.contains(id)).toList();
            if (!missing.isEmpty()) {
                merchant.requireOurToken(polar, endpoints.answer().stream());
                TooMuchMissing.requireFew(kind, missing.size(), () -> store.findCurrent(kind, listedAsOf).size(),
                        config.reconcile());
                TooMuchMissing.requireListed(kind, !listed.isEmpty());
            }
            drifts.addAll(comparison.missing(kind, missing, respondedAt, () -> {}, (object, reason) -> {
                throw reason;
            }).drifts());
            drifts.forEach(drift -> byAccount.computeIfAbsent(accountOf(drift), account -> new ArrayList<>())
                    .add(toObjectDrift(drift)));
        }
        return new Report(Rfc3339.format(asOf), compared, byAccount.entrySet().stream()
                .map(entry -> new AccountDrift(entry.getKey(), entry.getValue())).toList());
    }

    /// The account as last published; for an object that is not stored yet, at least the customer.
    private String accountOf(Drift drift) {
        TrackedObject statement = drift.statement();
        String customer = statement instanceof Subscription subscription
                ? subscription.customer().map(Id::value).orElse("")
                : statement instanceof Grant grant ? grant.customer().value() : statement.id().value();
        return store.accountOf(drift.snapshot().kind(), statement.id().value(), customer)
                .orElse("customer:" + customer);
    }

    private static ObjectDrift toObjectDrift(Drift drift) {
        return new ObjectDrift(drift.snapshot().kind().wireName(), drift.snapshot().objectId(),
                drift.differences().stream()
                        .map(field -> new FieldDrift(field.field(), text(field.ours()), text(field.polars())))
                        .toList());
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant time -> Rfc3339.format(time);
            default -> value.toString();
        };
    }
}
