package dev.plinto.polar.privacy;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.polar.api.PolarCustomers;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.Purpose;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Deletes and anonymises the organization's customers at Polar, and deletes those at Conekta, by the ids that they had
/// when the erasure was accepted: an organization that comes back meanwhile keeps its new customer. One that another
/// organization buys by stays as it is, since Polar never changes an external id; what it has of this organization is
/// then its ended subscriptions and its orders. What follows from it comes in by Polar's events.
@ApplicationScoped
class DeleteCustomers {

    private final Pool pool;
    private final PolarCustomers polar;
    private final CustomersAtConekta conekta;

    DeleteCustomers(Pool pool, PolarCustomers polar, CustomersAtConekta conekta) {
        this.pool = pool;
        this.polar = polar;
        this.conekta = conekta;
    }

    /// @return what was done, in words
    /// @throws PolarFailure   if Polar does not answer; the next attempt finds those gone that this one has deleted
    /// @throws ConektaFailure if Conekta does not, likewise
    Optional<String> take(Attempt attempt) throws InterruptedException {
        if (attempt.keepsAtProvider()) {
            return Optional.of("kept, as asked");
        }
        Optional<PolarCustomer> unknown = unknownHere(attempt);
        Optional<PolarCustomer> left = unknown.filter(customer -> !attempt.isOlder(customer));
        DataSubject subject = ErasureStore.inOne(pool, store -> store.sortAnew(attempt,
                unknown.filter(attempt::isOlder).map(PolarCustomer::id)));
        int deleted = 0;
        List<String> own = subject.customers().stream().filter(PolarDialect::isOwn).toList();
        for (String id : own) {
            if (polar.deleteAndAnonymize(Purpose.Upkeep.ERASURE, id)) {
                deleted++;
            }
        }
        List<String> outcome = new ArrayList<>();
        CustomersAtConekta.Deleted atConekta = conekta.delete(subject.customers());
        add(deleted, "deleted and anonymised", outcome);
        add(atConekta.deleted(), "deleted at Conekta", outcome);
        add(own.size() - deleted + atConekta.gone(), "gone before", outcome);
        add(subject.customers().size() - own.size() - atConekta.deleted() - atConekta.gone(),
                "left at another provider", outcome);
        add(subject.sharedCustomers().size(), "left, since another organization buys by it", outcome);
        add(left.isPresent() ? 1 : 0, "left, since it was made after the request", outcome);
        return Optional.of(outcome.isEmpty() ? "no customer at a provider" : String.join(", ", outcome));
    }

    /// Whose events have not come in when the erasure was accepted.
    private Optional<PolarCustomer> unknownHere(Attempt attempt) throws InterruptedException {
        return polar.withExternalId(Purpose.Upkeep.ERASURE, attempt.subject().organization())
                .map(found -> found.answer().object())
                .filter(customer -> !attempt.all().contains(customer.id()));
    }

    private static void add(int count, String what, List<String> outcome) {
        if (count > 0) {
            outcome.add(count + " " + what);
        }
    }
}
