package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.PolarObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What can be asked of Polar: its lists, its single objects, our endpoint and what was delivered there. Lists come in
/// pages from 1 on; each call waits for its turn in the budget of requests, and throws [PolarFailure] where Polar does
/// not answer it.
@ApplicationScoped
public class Polar {

    /// The most that Polar gives in one page.
    public static final int PAGE = 100;

    private final PolarClient client;

    Polar(PolarConfig config, ProviderMetrics metrics) {
        client = new PolarClient(config, metrics);
    }

    /// One page of a list.
    ///
    /// @param last how many pages there are at present
    public record Page<T>(List<T> items, int last) {}

    /// All of a kind, by creation, so that what is new does not shift the pages. Subscriptions cannot be sorted by it;
    /// their start is as good, except for those that have not begun.
    public Dated<Page<PolarObject>> objects(PolarObject.Kind kind, int page) throws InterruptedException {
        return objects(kind, client.get(Listing.of(kind).operation, list(kind, "", page)));
    }

    /// All grants of one customer: a grant cannot be read alone. Empty where the id is none that Polar could have.
    public Optional<Dated<Page<PolarObject>>> grantsOf(String customerId, int page) throws InterruptedException {
        PolarObject.Kind grant = PolarObject.Kind.GRANT;
        return client.find(Listing.of(grant).operation, list(grant, "customer_id=" + encoded(customerId) + "&", page))
                .map(found -> objects(grant, found));
    }

    private static String list(PolarObject.Kind kind, String filter, int page) {
        return Listing.of(kind).path + "?" + filter + "sorting=" + Listing.of(kind).sorting + "&limit=" + PAGE
                + "&page=" + page;
    }

    private static Dated<Page<PolarObject>> objects(PolarObject.Kind kind, Dated<Payload> list) {
        return list.map(answer -> page(Listing.of(kind).operation, answer,
                items -> items.map(item -> PolarObject.of(kind, item))));
    }

    /// Empty where Polar has it no more.
    public Optional<Dated<PolarObject>> subscription(String id) throws InterruptedException {
        return single(PolarObject.Kind.SUBSCRIPTION, Operation.READ_SUBSCRIPTION, id);
    }

    /// Empty where Polar has it no more.
    public Optional<Dated<PolarObject>> customer(String id) throws InterruptedException {
        return single(PolarObject.Kind.CUSTOMER, Operation.READ_CUSTOMER, id);
    }

    private Optional<Dated<PolarObject>> single(PolarObject.Kind kind, Operation operation, String id)
            throws InterruptedException {
        return client.find(operation, Listing.of(kind).path + encoded(id))
                .map(found -> found.map(answer -> read(operation, () -> PolarObject.of(kind, answer))));
    }

    /// All endpoints of the organization that the token is for.
    public Dated<List<WebhookEndpoint>> endpoints() throws InterruptedException {
        Operation operation = Operation.LIST_ENDPOINTS;
        return client.get(operation, "/webhooks/endpoints?limit=" + PAGE + "&page=1")
                .map(answer -> Polar.<WebhookEndpoint>page(operation, answer,
                        items -> items.map(WebhookEndpoint::of)).items());
    }

    /// Switches it on again. What happened while it was off, Polar never tells.
    public void enable(String endpointId) throws InterruptedException {
        client.patch(Operation.ENABLE_ENDPOINT, "/webhooks/endpoints/" + encoded(endpointId), "{\"enabled\":true}");
    }

    /// Attempts to deliver to an endpoint, newest first.
    ///
    /// @param until exclusive; where it is fixed, new attempts do not shift the pages
    public Dated<Page<Delivery>> deliveries(String endpointId, Instant from, Instant until, int page)
            throws InterruptedException {
        Operation operation = Operation.LIST_DELIVERIES;
        return client.get(operation, "/webhooks/deliveries?endpoint_id=" + encoded(endpointId)
                + "&start_timestamp=" + encoded(from.toString()) + "&end_timestamp=" + encoded(until.toString())
                + "&limit=" + PAGE + "&page=" + page)
                .map(answer -> page(operation, answer, items -> items.map(Delivery::of)));
    }

    private static <T> Page<T> page(Operation operation, Payload answer, Items<T> items) {
        return read(operation, () -> new Page<>(
                items.of(answer.objects("items")).toList(),
                Math.toIntExact(answer.object("pagination").map(found -> found.integer("max_page")).orElse(1L))));
    }

    /// How objects of a kind are listed: where, in which order, and as which operation that is counted.
    private enum Listing {
        CUSTOMERS("/customers/", "created_at", Operation.LIST_CUSTOMERS), SUBSCRIPTIONS("/subscriptions/", "started_at",
                Operation.LIST_SUBSCRIPTIONS), GRANTS("/benefit-grants/", "created_at", Operation.LIST_GRANTS);

        private final String path;
        private final String sorting;
        private final Operation operation;

        Listing(String path, String sorting, Operation operation) {
            this.path = path;
            this.sorting = sorting;
            this.operation = operation;
        }

        static Listing of(PolarObject.Kind kind) {
            return switch (kind) {
                case CUSTOMER -> CUSTOMERS;
                case SUBSCRIPTION -> SUBSCRIPTIONS;
                case GRANT -> GRANTS;
            };
        }
    }

    private interface Items<T> {
        Stream<T> of(Stream<Payload> items);
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T read(Operation operation, Reading<T> reading) {
        try {
            return reading.read();
        } catch (Payload.Unreadable unreadable) {
            throw PolarFailure.unreadable(operation);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
