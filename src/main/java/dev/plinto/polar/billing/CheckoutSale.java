package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.NewCheckout;
import dev.plinto.polar.polar.api.NewCheckout.BillingAddress;
import dev.plinto.polar.polar.api.NewCheckout.Buyer;
import dev.plinto.polar.polar.api.NewCheckout.Pages;
import dev.plinto.polar.polar.api.NewCheckout.Terms;
import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.polar.api.PolarCheckout;
import dev.plinto.polar.polar.api.PolarCheckouts;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a checkout at Polar for an organization. Polar has no idempotency keys, so each checkout carries the id of the
/// request that it was made for: an attempt that follows one without an answer looks for it first. Only for threads
/// that may block.
@ApplicationScoped
class CheckoutSale {

    private final PolarCheckouts polar;
    private final OrganizationCustomers customers;
    private final Answers answers;
    private final AuditLog audit;
    private final BillingConfig config;
    private final CheckoutMetrics metrics;

    CheckoutSale(PolarCheckouts polar, OrganizationCustomers customers, Answers answers, AuditLog audit,
            BillingConfig config, CheckoutMetrics metrics) {
        this.polar = polar;
        this.customers = customers;
        this.answers = answers;
        this.audit = audit;
        this.config = config;
        this.metrics = metrics;
    }

    /// What is sold, and to whom.
    ///
    /// @param pages of the application, already allowed
    /// @param user  who buys, as our applications know them; empty if the sender does not say
    /// @param email of that person, if it is known
    record Order(String organization, CheckoutRequest request, Pages pages, Optional<String> user,
            Optional<String> email, Actor actor) {

        ForOrganization purpose() {
            return new ForOrganization(organization);
        }

        /// Without the buyer.
        @Override
        public String toString() {
            return "Order[organization=" + organization + "]";
        }
    }

    /// @param customer the organization's own, if one is known
    /// @throws PolarFailure if Polar does not answer, or refuses
    PolarCheckout make(Attempt attempt, Order order, Optional<String> customer) throws InterruptedException {
        String id = switch (attempt) {
            case Attempt.First first -> UUID.randomUUID().toString();
            case Attempt.Resumed resumed -> resumed.progress();
        };
        boolean asksPolarBefore = customer.isEmpty() || attempt instanceof Attempt.Resumed;
        if (asksPolarBefore) {
            attempt.begin(id).await().indefinitely();
        }
        Buyer buyer = buyer(order, customer);
        Optional<Dated<Answered<PolarCheckout>>> made = attempt instanceof Attempt.Resumed
                ? find(id, order, buyer)
                : Optional.empty();
        if (made.isPresent()) {
            return letIn(audit.record(entry(order), made::get,
                    found -> "checkout " + found.answer().object().id() + ", which an earlier attempt made"));
        }
        return create(attempt, id, order, buyer);
    }

    /// The organization's own customer where Polar has teams and the buyer's e-mail is known; else Polar finds or makes
    /// one by the e-mail that the buyer types.
    private Buyer buyer(Order order, Optional<String> known) throws InterruptedException {
        Optional<String> customer = known;
        if (customer.isEmpty() && config.customerType() == BillingConfig.CustomerType.TEAM
                && order.email.isPresent()) {
            Owner owner = new Owner(order.email.get(), order.request.customerName().orElse(null),
                    order.user.orElse(null));
            customer = Optional.of(customers.ensure(order.purpose(), owner, order.actor));
        }
        return new Buyer(customer.orElse(null), customer.isPresent() ? null : order.organization,
                order.request.customerEmail().or(order::email).orElse(null),
                order.request.customerName().orElse(null),
                order.request.country().map(BillingAddress::new).orElse(null));
    }

    /// The checkout of an earlier attempt, if Polar made one and it can still be paid.
    private Optional<Dated<Answered<PolarCheckout>>> find(String id, Order order, Buyer buyer)
            throws InterruptedException {
        Optional<Dated<List<Answered<PolarCheckout>>>> newest = buyer.customerId() != null
                ? polar.newestOf(order.purpose(), buyer.customerId())
                : Optional.of(polar.newestOfExternal(order.purpose(), order.organization));
        return newest.flatMap(list -> list.answer().stream()
                .filter(one -> id.equals(one.object().metadata().get(Checkout.REQUEST_KEY))
                        && one.object().status().equals("open"))
                .findFirst().map(one -> new Dated<>(one, list.at())));
    }

    private PolarCheckout create(Attempt attempt, String id, Order order, Buyer buyer) throws InterruptedException {
        NewCheckout checkout = checkout(id, order, buyer);
        Dated<Answered<PolarCheckout>> made = RecordedCall.of(audit, entry(order), attempt, id,
                () -> polar.create(order.purpose(), checkout),
                created -> "checkout " + created.answer().object().id());
        metrics.created();
        return letIn(made);
    }

    private static Entry entry(Order order) {
        return new Entry(order.actor, Action.CREATE_CHECKOUT, order.organization,
                "product " + order.request.products().getFirst(), null, null, null);
    }

    /// Nobody waits for the projection: the answer hands the checkout out, and whoever has it can ask for it.
    private PolarCheckout letIn(Dated<Answered<PolarCheckout>> checkout) {
        Answered<PolarCheckout> answer = checkout.answer();
        answers.letInLater(new PolarObject(PolarObject.Kind.CHECKOUT, answer.object().id(), answer.modifiedAt(),
                answer.json()), checkout.at());
        return answer.object();
    }

    private static NewCheckout checkout(String id, Order order, Buyer buyer) {
        CheckoutRequest request = order.request;
        Map<String, Object> metadata = new HashMap<>(request.metadata());
        metadata.put("organization_id", order.organization);
        order.user.ifPresent(user -> metadata.put("user_id", user));
        metadata.put(Checkout.REQUEST_KEY, id);
        return new NewCheckout(request.products(), buyer, order.pages,
                new Terms(request.currency().orElse(null), request.seats().orElse(null),
                        request.units().orElse(null), request.discountId().orElse(null),
                        request.allowDiscounts().orElse(null), request.locale().orElse(null)),
                trial(request.trial().orElse(null)), metadata,
                request.customFields().isEmpty() ? null : new HashMap<String, JsonNode>(request.customFields()));
    }

    private static NewCheckout.@Nullable Trial trial(@Nullable Trial trial) {
        return switch (trial) {
            case null -> null;
            case Trial.None none -> NewCheckout.Trial.NONE;
            case Trial.Lasting(Trial.Interval interval, int count) -> NewCheckout.Trial
                    .of(interval.name().toLowerCase(Locale.ROOT), count);
        };
    }
}
