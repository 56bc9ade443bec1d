package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Offers.Held;
import dev.plinto.polar.billing.Offers.Offer;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which products somebody may get for an organization. Only for threads that may block.
@ApplicationScoped
class SalesRules {

    private final Offers offers;
    private final ReadModels models;

    SalesRules(Offers offers, ReadModels models) {
        this.offers = offers;
        this.models = models;
    }

    /// Those of the products that can be sold. Fails with 503 `not-ready` while that is not known.
    Uni<List<Offer>> offers(Collection<String> products) {
        return models.require(ReadModel.PRODUCTS).chain(() -> offers.find(products));
    }

    /// What the organization has of a group of one of the products.
    Uni<Optional<Held>> held(String organization, Collection<String> products) {
        return offers.held(organization, products);
    }

    List<Offer> requireSold(Collection<String> products, Caller caller) {
        List<Offer> found = offers(products).await().indefinitely();
        requireSold(products, found, caller);
        return found;
    }

    /// Throws a problem unless all of the products are sold: one that does not exist, is archived or is a draft is sold
    /// to nobody, and one that is not public only by a service.
    ///
    /// @param found those that can be sold
    static void requireSold(Collection<String> products, List<Offer> found, Caller caller) {
        Set<String> sold = found.stream().map(Offer::productId).collect(Collectors.toSet());
        if (!sold.containsAll(products)) {
            throw new Problem("product-not-sold", 422, "A product is not sold",
                    "Nothing was done. Send ids of products that GET /api/v1/polar/products lists.").exception();
        }
        if (!(caller instanceof Caller.Service) && !found.stream().allMatch(Offer::isPublic)) {
            throw new Problem("service-only", 403, "Only a service may sell a product that is not public",
                    "Nothing was done. Choose a product that GET /api/v1/polar/products lists, or let your server call "
                            + "with a service's token.")
                    .with("fields", List.of("product_id")).exception();
        }
    }

    void requireNotHeld(String organization, List<Offer> found) {
        requireNotHeld(held(organization, found.stream().map(Offer::productId).toList()).await().indefinitely());
    }

    /// Throws 409 `already-subscribed` if the organization would have two live subscriptions of a group.
    static void requireNotHeld(Optional<Held> held) {
        held.ifPresent(subscription -> {
            throw alreadySubscribed(subscription);
        });
    }

    /// The same, of a subscription that is to become one of this product.
    void requireNotHeldBeside(KnownSubscription subscription, Offer wanted) {
        offers.heldBeside(subscription.organization(), subscription.id(), wanted.group()).await().indefinitely()
                .ifPresent(other -> {
                    throw alreadySubscribed(other);
                });
    }

    private static WebApplicationException alreadySubscribed(Held held) {
        return new Problem("already-subscribed", 409, "The organization has a subscription of this kind",
                "Nothing was done, since it would pay for both. Change the subscription that subscription_id names "
                        + "(PATCH /api/v1/polar/subscriptions/{id}), or cancel it first.")
                .with("subscription_id", held.subscriptionId()).with("product_id", held.productId()).exception();
    }
}
