package dev.plinto.polar.billing;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who waits on this replica, and for which checkout. A few of each organization only, so that none takes the room of
/// others.
final class Waiters {

    private final int mostOfOrganization;
    private final Map<String, Set<Waiter>> byCheckout = new LinkedHashMap<>();
    private final Map<String, Integer> ofOrganization = new HashMap<>();

    Waiters(int mostOfOrganization) {
        this.mostOfOrganization = mostOfOrganization;
    }

    /// One request that waits.
    static final class Waiter {

        private final String organization;
        private final UniEmitter<? super Purchase> client;
        private final long since = System.nanoTime();
        private volatile Purchase newest;
        private volatile @Nullable Future<?> end;

        Waiter(Purchase known, String organization, UniEmitter<? super Purchase> client) {
            this.newest = known;
            this.organization = organization;
            this.client = client;
        }

        String checkoutId() {
            return newest.checkoutId();
        }

        /// @param timer answers it when the wait is over
        void endsBy(Future<?> timer) {
            end = timer;
        }

        void answer() {
            client.complete(newest);
        }

        void fail(Throwable failure) {
            client.fail(failure);
        }
    }

    /// False if as many of the organization wait as may.
    synchronized boolean add(Waiter waiter) {
        int others = ofOrganization.getOrDefault(waiter.organization, 0);
        if (others >= mostOfOrganization) {
            return false;
        }
        ofOrganization.put(waiter.organization, others + 1);
        byCheckout.computeIfAbsent(waiter.checkoutId(), first -> new LinkedHashSet<>()).add(waiter);
        return true;
    }

    /// Does nothing for who does not wait.
    synchronized void remove(Waiter waiter) {
        Future<?> end = waiter.end;
        if (end != null) {
            end.cancel(false);
        }
        Set<Waiter> others = byCheckout.get(waiter.checkoutId());
        if (others == null || !others.remove(waiter)) {
            return;
        }
        if (others.isEmpty()) {
            byCheckout.remove(waiter.checkoutId());
        }
        ofOrganization.computeIfPresent(waiter.organization, (id, count) -> count == 1 ? null : count - 1);
    }

    synchronized boolean isEmpty() {
        return byCheckout.isEmpty();
    }

    synchronized Set<String> checkouts() {
        return Set.copyOf(byCheckout.keySet());
    }

    /// The purchases for which somebody has waited for that time at least, or that `isLate` says are late; first those
    /// for which somebody has waited longest.
    synchronized List<Purchase> late(Duration waited, Predicate<Purchase> isLate) {
        long latest = System.nanoTime() - waited.toNanos();
        return byCheckout.values().stream()
                .map(ofOne -> ofOne.iterator().next())
                .filter(first -> first.since - latest <= 0 || isLate.test(first.newest))
                .sorted(Comparator.comparingLong(first -> first.since - latest))
                .map(first -> first.newest)
                .toList();
    }

    synchronized List<Waiter> all() {
        return byCheckout.values().stream().flatMap(Set::stream).toList();
    }

    /// @return those who need not wait any more
    synchronized List<Waiter> learn(Map<String, Purchase> purchases) {
        List<Waiter> done = new ArrayList<>();
        purchases.forEach((checkout, purchase) -> byCheckout.getOrDefault(checkout, Set.of()).forEach(waiter -> {
            waiter.newest = purchase;
            if (purchase.activation() != Purchase.Activation.PENDING) {
                done.add(waiter);
            }
        }));
        return done;
    }
}
