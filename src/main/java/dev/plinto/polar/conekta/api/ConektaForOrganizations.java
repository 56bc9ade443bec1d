package dev.plinto.polar.conekta.api;

import dev.plinto.polar.provider.OrganizationLimit;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/// What is asked of Conekta while somebody of an organization waits for it, by Conekta's own ids. Each call counts
/// against the organization's limit, and blocks and fails as those of [Conekta]. Fails too while the database is away.
@ApplicationScoped
public class ConektaForOrganizations {

    /// Far more than one customer has.
    private static final int MOST_SUBSCRIPTIONS = 100;

    private final Conekta conekta;
    private final ConektaCalls calls;
    private final OrganizationLimit limit;

    ConektaForOrganizations(Conekta conekta, ConektaCalls calls, OrganizationLimit limit) {
        this.conekta = conekta;
        this.calls = calls;
        this.limit = limit;
    }

    /// Empty if this customer has no such subscription.
    public Optional<Answered> subscription(String organization, String customer, String id)
            throws InterruptedException {
        count(organization, Operation.READ_SUBSCRIPTION);
        return conekta.subscription(customer, id);
    }

    /// The customer's subscriptions, in `data`; `has_more` says whether it has more than 100. Empty if Conekta has no
    /// such customer.
    public Optional<Answered> subscriptions(String organization, String customer) throws InterruptedException {
        count(organization, Operation.LIST_SUBSCRIPTIONS);
        return calls.find(Operation.LIST_SUBSCRIPTIONS,
                api -> api.listSubscriptions(customer, MOST_SUBSCRIPTIONS));
    }

    /// Empty if Conekta has no such customer.
    public Optional<Answered> customer(String organization, String id) throws InterruptedException {
        count(organization, Operation.READ_CUSTOMER);
        return conekta.customer(id);
    }

    /// Empty if Conekta has no such order.
    public Optional<Answered> order(String organization, String id) throws InterruptedException {
        count(organization, Operation.READ_ORDER);
        return conekta.order(id);
    }

    /// @return the subscription after it
    public Answered change(String organization, String customer, String id, ConektaChange change)
            throws InterruptedException {
        count(organization, change.operation());
        return conekta.change(customer, id, change);
    }

    /// Where the customer of a subscription manages it. The address does not expire, and is the same each time.
    public URI portal(String organization, String subscription) throws InterruptedException {
        count(organization, Operation.OPEN_PORTAL);
        Answered answer = calls.call(Operation.OPEN_PORTAL, api -> api.openPortal(subscription));
        return address(answer.object().path("portal_url").asText())
                .orElseThrow(() -> calls.failure(new FailureReason.Unusable("an answer with portal_url"),
                        Operation.OPEN_PORTAL));
    }

    private static Optional<URI> address(String text) {
        try {
            return Optional.of(new URI(text)).filter(address -> address.getHost() != null);
        } catch (URISyntaxException other) {
            return Optional.empty();
        }
    }

    private void count(String organization, Operation operation) {
        Optional<Duration> wait = limit.exceededFor(organization);
        if (wait.isPresent()) {
            throw calls.failure(new FailureReason.OrganizationLimited(wait.get()), operation);
        }
    }
}
