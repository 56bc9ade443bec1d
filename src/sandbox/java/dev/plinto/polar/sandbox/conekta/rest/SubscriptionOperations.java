package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// A customer's subscriptions, all of them and, at the older paths, the newest one; and their portals.
final class SubscriptionOperations {

    private static final String NEWEST = "/customers/{customer_id}/subscription";
    private static final String ONE = "/customers/{customer_id}/subscriptions/{id}";
    private static final String PORTAL = "/subscriptions/{id}/customer_portal";

    private final SimulatedConekta conekta;

    SubscriptionOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("POST", NEWEST, this::create),
                Operation.of("GET", NEWEST + "s", request -> Listing.of(
                        conekta, request, conekta.records().subscriptions(request.path("customer_id")))),
                Operation.of("POST", NEWEST + "s", this::create),
                Operation.of("POST", ONE + "/retry",
                        request -> change(owned(request), conekta.subscriptions()::retry)),
                Operation.answering("POST", PORTAL, request -> Answer.created(portal(request))),
                Operation.of("GET", PORTAL, request -> conekta.records().portal(request.id()))));
        all.addAll(ofOne(NEWEST, this::newest));
        all.addAll(ofOne(ONE, this::owned));
        return all;
    }

    private List<Operation> ofOne(String path, Function<Request, String> which) {
        return List.of(
                Operation.of("GET", path, request -> conekta.records().subscription(which.apply(request))),
                Operation.of("PUT", path, request -> update(request, which.apply(request))),
                Operation.of("GET", path + "/events", request -> Listing.of(
                        conekta, request, conekta.records().eventsOf(which.apply(request)))),
                Operation.of("POST", path + "/cancel",
                        request -> change(which.apply(request), conekta.subscriptions()::cancel)),
                Operation.of("POST", path + "/pause",
                        request -> change(which.apply(request), conekta.subscriptions()::pause)),
                Operation.of("POST", path + "/resume",
                        request -> change(which.apply(request), conekta.subscriptions()::resume)));
    }

    private ObjectNode create(Request request) {
        Fields body = request.body();
        return conekta.records().subscription(conekta.subscriptions().create(
                request.path("customer_id"), body.required("plan_id"), body.text("card_id").orElse(null),
                body.time("trial_end").orElse(null)));
    }

    private ObjectNode update(Request request, String id) {
        Fields body = request.body();
        return change(id, subscription -> conekta.subscriptions().change(
                subscription, body.text("plan_id").orElse(null), body.text("card_id").orElse(null),
                body.time("trial_end").orElse(null)));
    }

    private ObjectNode change(String id, Consumer<String> change) {
        change.accept(id);
        return conekta.records().subscription(id);
    }

    /// The one that there is already, if there is one.
    private ObjectNode portal(Request request) {
        conekta.portals().open(request.id());
        return conekta.records().portal(request.id());
    }

    private String newest(Request request) {
        String customer = request.path("customer_id");
        conekta.records().customer(customer);
        return conekta.subscriptions().of(customer).stream().reduce((older, newer) -> newer)
                .orElseThrow(() -> Refusal.unknown("subscription"));
    }

    private String owned(Request request) {
        String id = request.id();
        if (!conekta.subscriptions().of(request.path("customer_id")).contains(id)) {
            throw Refusal.unknown(id);
        }
        return id;
    }
}
