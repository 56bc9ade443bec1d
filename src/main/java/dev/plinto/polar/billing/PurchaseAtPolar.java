package dev.plinto.polar.billing;

import dev.plinto.polar.billing.Purchase.Sold;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.PolarCheckout;
import dev.plinto.polar.polar.api.PolarCheckouts;
import dev.plinto.polar.polar.api.PolarGrant;
import dev.plinto.polar.polar.api.PolarGrants;
import dev.plinto.polar.polar.api.PolarOrder;
import dev.plinto.polar.polar.api.PolarOrders;
import dev.plinto.polar.polar.api.PolarSubscriptions;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a purchase at Polar and lets in what is not known of it: the checkout, what was sold, and its grants. Only for
/// threads that may block.
///
/// What was read counts as of its own last change, or as of an answer of Polar's that had come before, so that an event
/// that Polar sends meanwhile wins.
@ApplicationScoped
class PurchaseAtPolar {

    private final PolarCheckouts checkouts;
    private final PolarSubscriptions subscriptions;
    private final PolarOrders orders;
    private final PolarGrants grants;
    private final Answers answers;
    /// Of the newest answer; before the first one, only what objects themselves say of their time counts.
    private volatile Instant lastDate = Instant.EPOCH.plusSeconds(60);

    PurchaseAtPolar(PolarCheckouts checkouts, PolarSubscriptions subscriptions, PolarOrders orders,
            PolarGrants grants, Answers answers) {
        this.checkouts = checkouts;
        this.subscriptions = subscriptions;
        this.orders = orders;
        this.grants = grants;
        this.answers = answers;
    }

    /// What the grants of a purchase name.
    private record Scope(@Nullable String customer, @Nullable String subscription, @Nullable String order) {

        boolean includes(PolarGrant grant) {
            return subscription != null && subscription.equals(grant.subscriptionId())
                    || order != null && order.equals(grant.orderId());
        }
    }

    /// @throws dev.plinto.polar.polar.api.PolarFailure if Polar does not answer, or refuses
    void read(Purchase known, ForOrganization purpose) throws InterruptedException {
        Optional<Scope> scope = known.isSold() ? sold(known, purpose) : bought(known, purpose);
        if (scope.isPresent() && scope.get().customer != null && !known.hasSeats()) {
            Instant before = lastDate;
            List<Answered<PolarGrant>> found = answer(grants.newestOf(purpose, scope.get().customer)).orElse(List.of());
            found.stream()
                    .filter(grant -> scope.get().includes(grant.object())
                            && !known.isGranted(grant.object().benefitId()))
                    .forEach(grant -> letIn(Kind.GRANT, grant.object().id(), grant, before));
        }
    }

    /// Of a checkout that is not known to have sold anything: empty if it has not.
    private Optional<Scope> bought(Purchase known, ForOrganization purpose) throws InterruptedException {
        Instant before = lastDate;
        Optional<Answered<PolarCheckout>> found = answer(checkouts.find(purpose, known.checkoutId()));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        PolarCheckout checkout = found.get().object();
        if (!checkout.status().equals(known.status())) {
            letIn(Kind.CHECKOUT, checkout.id(), found.get(), before);
        }
        if (!checkout.status().equals("succeeded")) {
            return Optional.empty();
        }
        return Optional.of(checkout.subscriptionId() != null
                ? readSubscription(checkout.subscriptionId(), checkout.customerId(), purpose)
                : readOrders(checkout, purpose));
    }

    /// What was sold is read again as long as it is not paid.
    private Optional<Scope> sold(Purchase known, ForOrganization purpose) throws InterruptedException {
        Sold subscription = known.subscription();
        Sold order = known.order();
        if (subscription != null && !subscription.isGood()) {
            readSubscription(subscription.id(), known.customerId(), purpose);
        } else if (subscription == null && order != null && !order.isGood()) {
            Instant before = lastDate;
            answer(orders.find(purpose, order.id()))
                    .ifPresent(found -> letIn(Kind.ORDER, order.id(), found, before));
        }
        return Optional.of(new Scope(known.customerId(), subscription == null ? null : subscription.id(),
                order == null ? null : order.id()));
    }

    private Scope readSubscription(String id, @Nullable String customer, ForOrganization purpose)
            throws InterruptedException {
        Instant before = lastDate;
        answer(subscriptions.find(purpose, id)).ifPresent(found -> letIn(Kind.SUBSCRIPTION, id, found, before));
        return new Scope(customer, id, null);
    }

    private Scope readOrders(PolarCheckout checkout, ForOrganization purpose) throws InterruptedException {
        Instant before = lastDate;
        List<Answered<PolarOrder>> found = answer(orders.ofCheckout(purpose, checkout.id())).orElse(List.of());
        found.forEach(order -> letIn(Kind.ORDER, order.object().id(), order, before));
        return new Scope(checkout.customerId(), null,
                found.stream().findFirst().map(order -> order.object().id()).orElse(null));
    }

    private <T> Optional<T> answer(Optional<Dated<T>> found) {
        found.ifPresent(answer -> lastDate = answer.at());
        return found.map(Dated::answer);
    }

    private void letIn(Kind kind, String id, Answered<?> read, Instant before) {
        Log.infof("No webhook has told this service what Polar says of the %s %s; it was read while a buyer waits",
                kind.wireName(), id);
        answers.letInAsRead(new PolarObject(kind, id, read.modifiedAt(), read.json()), before);
    }
}
