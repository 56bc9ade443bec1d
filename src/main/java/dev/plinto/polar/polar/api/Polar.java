package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.PolarObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The calls of Polar's API: its lists, its single objects, our endpoint and the deliveries to it. Pages of lists count
/// from 1. Each call blocks until the budget of requests allows it, and throws [PolarFailure] if Polar does not answer.
@ApplicationScoped
public class Polar {

    /// The most items that Polar returns in one page.
    public static final int PAGE = 100;

    private static final String BY_CREATION = "created_at";

    private final PolarCalls calls;

    Polar(PolarConfig config, ProviderMetrics metrics) {
        calls = new PolarCalls(config, metrics);
    }

    /// One page of a list.
    ///
    /// @param last the number of the last page at present
    public record Page<T>(List<T> items, int last) {}

    /// All objects of a kind by their creation, so that new ones do not shift the pages. Subscriptions cannot be sorted
    /// by creation; their start serves as well, except for those that have not started.
    public Dated<Page<PolarObject>> objects(PolarObject.Kind kind, int page) throws InterruptedException {
        return switch (kind) {
            case CUSTOMER -> objects(kind, Operation.LIST_CUSTOMERS,
                    api -> api.listCustomers(BY_CREATION, PAGE, page));
            case SUBSCRIPTION -> objects(kind, Operation.LIST_SUBSCRIPTIONS,
                    api -> api.listSubscriptions("started_at", PAGE, page));
            case GRANT -> objects(kind, Operation.LIST_GRANTS,
                    api -> api.listGrants(null, BY_CREATION, PAGE, page));
        };
    }

    private Dated<Page<PolarObject>> objects(PolarObject.Kind kind, Operation operation, PolarCalls.Call list)
            throws InterruptedException {
        return calls.call(operation, list).map(answer -> objects(kind, operation, answer));
    }

    /// All grants of one customer: a single grant cannot be read. Empty if Polar cannot have such an id.
    public Optional<Dated<Page<PolarObject>>> grantsOf(String customerId, int page) throws InterruptedException {
        Operation operation = Operation.LIST_GRANTS;
        return calls.find(operation, "customer_id", customerId,
                api -> api.listGrants(customerId, BY_CREATION, PAGE, page))
                .map(found -> found.map(answer -> ofCustomer(customerId, operation, answer)));
    }

    /// Whoever ignores the filter shows the grants of others, and says nothing of those that are missing.
    private static Page<PolarObject> ofCustomer(String customerId, Operation operation, Payload answer) {
        Page<PolarObject> grants = objects(PolarObject.Kind.GRANT, operation, answer);
        if (!grants.items().stream().allMatch(grant -> customerId.equals(grant.json().path("customer_id").asText()))) {
            throw PolarFailure.unreadable(operation);
        }
        return grants;
    }

    private static Page<PolarObject> objects(PolarObject.Kind kind, Operation operation, Payload answer) {
        return page(operation, answer, items -> items.map(item -> PolarObject.of(kind, item)));
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

    private Optional<Dated<PolarObject>> single(PolarObject.Kind kind, Operation operation, String id,
            PolarCalls.Call read) throws InterruptedException {
        return calls.find(operation, "id", id, read).map(found -> found.map(answer -> {
            PolarObject object = read(operation, () -> PolarObject.of(kind, answer));
            if (!object.id().equals(id)) {
                throw PolarFailure.unreadable(operation);
            }
            return object;
        }));
    }

    /// All endpoints of the organization that the token is for.
    public Dated<List<WebhookEndpoint>> endpoints() throws InterruptedException {
        Operation operation = Operation.LIST_ENDPOINTS;
        return calls.call(operation, api -> api.listEndpoints(PAGE, 1))
                .map(answer -> Polar.<WebhookEndpoint>page(operation, answer,
                        items -> items.map(WebhookEndpoint::of)).items());
    }

    /// Enables the endpoint again. Polar never delivers events that it emitted while the endpoint was disabled.
    public void enable(String endpointId) throws InterruptedException {
        calls.call(Operation.ENABLE_ENDPOINT, api -> api.updateEndpoint(endpointId, "{\"enabled\":true}"));
    }

    /// Attempts to deliver to an endpoint, newest first.
    ///
    /// @param until exclusive; while it stays the same, new attempts do not shift the pages
    public Dated<Page<Delivery>> deliveries(String endpointId, Instant from, Instant until, int page)
            throws InterruptedException {
        Operation operation = Operation.LIST_DELIVERIES;
        return calls.call(operation, api -> api.listDeliveries(endpointId, from, until, PAGE, page))
                .map(answer -> page(operation, answer, items -> items.map(Delivery::of)));
    }

    private static <T> Page<T> page(Operation operation, Payload answer, Items<T> items) {
        if (!answer.node().path("items").isArray()) { // not an empty list: what is missing in a list may be ended
            throw PolarFailure.unreadable(operation);
        }
        return read(operation, () -> new Page<>(
                items.of(answer.objects("items")).toList(),
                Math.toIntExact(answer.object("pagination").map(found -> found.integer("max_page"))
                        .orElseThrow(() -> new Payload.Unreadable("pagination.max_page", "a number")))));
    }

    private interface Items<T> {
        Stream<T> of(Stream<Payload> items);
    }

    private static <T> T read(Operation operation, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (Payload.Unreadable | ArithmeticException unreadable) { // the latter: a number out of range
            throw PolarFailure.unreadable(operation);
        }
    }
}
