package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.projection.FactsTable.Derived;
import dev.plinto.polar.projection.FactsTable.Stored;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What was last published of each subscription that a transaction concerns.
final class PublishedSubscriptions {

    private final Map<Id, Derived> last = new HashMap<>();
    private final Set<Id.Subscription> published = new HashSet<>();

    /// Returns the account that was published; empty if nothing was.
    Optional<Account> load(Stored<Subscription> stored) {
        if (stored.derived().version() == null) {
            return Optional.empty();
        }
        last.put(stored.object().id(), stored.derived());
        return Optional.ofNullable(stored.derived().account()).map(Account::new);
    }

    /// 0 if nothing was published.
    long version(Id.Subscription subscription) {
        Derived derived = last.get(subscription);
        return derived == null || derived.version() == null ? 0 : derived.version();
    }

    void publish(Id.Subscription subscription, ChangeMessage message) {
        last.put(subscription, new Derived(message.account().value(), message.version(), message.json()));
        published.add(subscription);
    }

    Set<Id.Subscription> published() {
        return published;
    }

    /// Nothing is published of a subscription whose customer is not known.
    Derived derived(Subscription subscription) {
        return subscription.customer().isEmpty()
                ? Derived.NONE
                : Objects.requireNonNull(last.get(subscription.id()),
                        "a subscription that was changed and never published");
    }
}
