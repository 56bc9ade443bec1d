package dev.plinto.polar.polar.api;

import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.PolarObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What reconciliation reads at Polar, and changes there: its lists, its single objects, our endpoint and the
/// deliveries to it. Pages of lists count from 1. Each call blocks until the budget of requests allows it, and throws
/// [PolarFailure] if Polar does not answer.
@ApplicationScoped
public class Polar {

    /// The most items that Polar returns in one page.
    public static final int PAGE = 100;

    private static final Purpose PURPOSE = Purpose.Upkeep.RECONCILIATION;
    private static final String BY_CREATION = "created_at";
    private static final String NEWEST_FIRST = "-created_at";

    private final PolarCalls calls;

    Polar(PolarCalls calls) {
        this.calls = calls;
    }

    /// One page of a list.
    ///
    /// @param last the number of the last page at present
    public record Page<T>(List<T> items, int last) {

        /// @throws Payload.Unreadable also if there is no list: what is missing in a list may be ended
        static <T> Page<T> of(Payload answer, PolarCalls.Reading<T> item) {
            if (!answer.node().path("items").isArray()) {
                throw new Payload.Unreadable("items", "a list");
            }
            return new Page<>(answer.objects("items").map(item::of).toList(),
                    answer.object("pagination").map(found -> found.smallInteger("max_page"))
                            .orElseThrow(() -> new Payload.Unreadable("pagination.max_page", "a number")));
        }
    }

    /// All objects of a kind by their creation, so that new ones do not shift the pages. Subscriptions cannot be sorted
    /// by creation; their start serves as well, except for those that have not started. Orders and checkouts come with
    /// the newest first, since most runs read only those: new ones shift the pages, so that an object may come twice.
    ///
    /// Members and seats have no list of their own: see [#membersOf], [#seatsOfSubscription] and [#seatsOfOrder].
    public Dated<Page<PolarObject>> objects(PolarObject.Kind kind, int page) throws InterruptedException {
        return switch (kind) {
            case CUSTOMER -> objects(kind, Operation.LIST_CUSTOMERS,
                    api -> api.listCustomers(BY_CREATION, PAGE, page));
            case SUBSCRIPTION -> objects(kind, Operation.LIST_SUBSCRIPTIONS,
                    api -> api.listSubscriptions("started_at", PAGE, page));
            case GRANT -> objects(kind, Operation.LIST_GRANTS,
                    api -> api.listGrants(null, BY_CREATION, PAGE, page));
            case PRODUCT -> objects(kind, Operation.LIST_PRODUCTS, api -> api.listProducts(BY_CREATION, PAGE, page));
            case METER -> objects(kind, Operation.LIST_METERS, api -> api.listMeters(BY_CREATION, PAGE, page));
            case ORDER -> objects(kind, Operation.LIST_ORDERS, api -> api.listOrders(NEWEST_FIRST, PAGE, page));
            case CHECKOUT -> objects(kind, Operation.LIST_CHECKOUTS,
                    api -> api.listCheckouts(NEWEST_FIRST, PAGE, page));
            case MEMBER -> throw new IllegalArgumentException("Polar lists the members of one customer only");
            case SEAT -> throw new IllegalArgumentException("Polar lists the seats of one subscription or order only");
            case CUSTOMER_METER -> objects(kind, Operation.LIST_CUSTOMER_METERS,
                    api -> api.listCustomerMeters(BY_CREATION, PAGE, page));
        };
    }

    private Dated<Page<PolarObject>> objects(PolarObject.Kind kind, Operation operation, PolarCalls.Call list)
            throws InterruptedException {
        return calls.call(PURPOSE, operation, list,
                answer -> Page.of(answer, item -> PolarObject.of(kind, item)));
    }

    /// All grants of one customer: a single grant cannot be read. Empty if Polar cannot have such an id.
    public Optional<Dated<Page<PolarObject>>> grantsOf(String customerId, int page) throws InterruptedException {
        return calls.find(PURPOSE, Operation.LIST_GRANTS, "customer_id", customerId,
                api -> api.listGrants(customerId, BY_CREATION, PAGE, page),
                answer -> Page.of(answer, item -> PolarObject.of(PolarObject.Kind.GRANT,
                        itself(item, "customer_id", customerId))));
    }

    /// All members of a customer. Empty if Polar has no such customer.
    public Optional<Dated<Page<PolarObject>>> membersOf(String customerId, int page) throws InterruptedException {
        return calls.find(PURPOSE, Operation.LIST_MEMBERS, "id", customerId,
                api -> api.listMembers(customerId, BY_CREATION, PAGE, page),
                answer -> Page.of(answer, item -> PolarObject.of(PolarObject.Kind.MEMBER,
                        itself(item, "customer_id", customerId))));
    }

    /// All seats of a subscription in one page, revoked ones included. Empty if Polar has no such subscription.
    public Optional<Dated<Page<PolarObject>>> seatsOfSubscription(String id) throws InterruptedException {
        return seats("subscription_id", id, api -> api.listSeats(id, null));
    }

    /// The same for a one-time purchase.
    public Optional<Dated<Page<PolarObject>>> seatsOfOrder(String id) throws InterruptedException {
        return seats("order_id", id, api -> api.listSeats(null, id));
    }

    private Optional<Dated<Page<PolarObject>>> seats(String parameter, String id, PolarCalls.Call list)
            throws InterruptedException {
        return calls.find(PURPOSE, Operation.LIST_SEATS, parameter, id, list, answer -> {
            if (!answer.node().path("seats").isArray()) {
                throw new Payload.Unreadable("seats", "a list");
            }
            return new Page<>(answer.objects("seats")
                    .map(seat -> PolarObject.of(PolarObject.Kind.SEAT, itself(seat, parameter, id))).toList(), 1);
        });
    }

    /// Empty if Polar no longer has it.
    public Optional<Dated<PolarObject>> subscription(String id) throws InterruptedException {
        return single(PolarObject.Kind.SUBSCRIPTION, Operation.READ_SUBSCRIPTION, id,
                api -> api.readSubscription(id));
    }

    /// Empty if Polar no longer has it.
    public Optional<Dated<PolarObject>> customer(String id) throws InterruptedException {
        return single(PolarObject.Kind.CUSTOMER, Operation.READ_CUSTOMER, id, api -> api.readCustomer(id));
    }

    /// Empty if Polar no longer has it, or its customer.
    public Optional<Dated<PolarObject>> member(String customerId, String id) throws InterruptedException {
        return calls.find(PURPOSE, Operation.READ_MEMBER, "member_id", id, api -> api.readMember(customerId, id),
                answer -> PolarObject.of(PolarObject.Kind.MEMBER, itself(answer, "id", id)));
    }

    private Optional<Dated<PolarObject>> single(PolarObject.Kind kind, Operation operation, String id,
            PolarCalls.Call read) throws InterruptedException {
        return calls.find(PURPOSE, operation, "id", id, read,
                answer -> PolarObject.of(kind, itself(answer, "id", id)));
    }

    /// Whoever ignores the filter or the id shows other objects, and says nothing of those that are missing.
    private static Payload itself(Payload object, String name, String requested) {
        if (!requested.equals(object.requiredId(name))) {
            throw new Payload.Unreadable(object.path() + "." + name, "the one that was asked for");
        }
        return object;
    }

    /// All endpoints of the organization that the token is for.
    public Dated<List<WebhookEndpoint>> endpoints() throws InterruptedException {
        return calls.call(PURPOSE, Operation.LIST_ENDPOINTS, api -> api.listEndpoints(PAGE, 1),
                answer -> Page.of(answer, WebhookEndpoint::of).items());
    }

    /// Enables the endpoint again. Polar never delivers events that it emitted while the endpoint was disabled.
    public void enable(String endpointId) throws InterruptedException {
        calls.call(PURPOSE, Operation.ENABLE_ENDPOINT,
                api -> api.updateEndpoint(endpointId, RequestBody.of(new EndpointChange(true))), answer -> answer);
    }

    private record EndpointChange(boolean enabled) {}

    /// Attempts to deliver to an endpoint, newest first.
    ///
    /// @param until exclusive; while it stays the same, new attempts do not shift the pages
    public Dated<Page<Delivery>> deliveries(String endpointId, Instant from, Instant until, int page)
            throws InterruptedException {
        return calls.call(PURPOSE, Operation.LIST_DELIVERIES,
                api -> api.listDeliveries(endpointId, from, until, PAGE, page),
                answer -> Page.of(answer, Delivery::of));
    }
}
