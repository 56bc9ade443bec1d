package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SignedByConekta;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes calls of every kind, valid and invalid, and collects the answers.
final class Calls {

    private static final String READ_ENTITLEMENTS = "GET /api/v1/polar/entitlements";
    private static final String READ_GRANTS = "GET /api/v1/polar/entitlements/grants";
    private static final String EXPLAIN = "GET /api/v1/polar/entitlements/explain";
    private static final String READ_SUBSCRIPTIONS = "GET /api/v1/polar/subscriptions";
    private static final String READ_SEATS = "GET /api/v1/polar/subscriptions/{subscription_id}/seats";
    private static final String READ_CHECKOUT = "GET /api/v1/polar/checkout/{checkout_id}";
    private static final String LIST_PRODUCTS = "GET /api/v1/polar/products";
    private static final String LIST_ORDERS = "GET /api/v1/polar/orders";
    private static final String ROUTING = "GET /api/v1/polar/routing";
    private static final String READ_USAGE = "GET /api/v1/polar/usage";
    private static final String DELIVER = "POST /api/v1/polar/webhooks";
    private static final String DELIVER_CONEKTA = "POST /api/v1/conekta/webhooks";
    private static final String REPUBLISH = "POST /api/v1/polar/ops/republish";
    private static final String LOAD_ERASURES = "POST /api/v1/polar/ops/erasures/load";
    private static final String RECONCILE = "POST /api/v1/polar/ops/reconcile";
    private static final String LIST_PARKED = "GET /api/v1/polar/ops/parked";
    private static final String READ_PARKED = "GET /api/v1/polar/ops/parked/{webhook_id}";
    private static final String REPLAY_ONE = "POST /api/v1/polar/ops/parked/{webhook_id}/replay";
    private static final String REPLAY_ALL = "POST /api/v1/polar/ops/parked/replay";
    private static final String DISCARD_ONE = "POST /api/v1/polar/ops/parked/{webhook_id}/discard";
    private static final String DISCARD_ALL = "POST /api/v1/polar/ops/parked/discard";
    private static final String LIST_UNKNOWN_TYPES = "GET /api/v1/polar/ops/unknown-types";
    private static final String REPLAY_UNKNOWN_TYPE = "POST /api/v1/polar/ops/unknown-types/{type}/replay";
    private static final String OVERVIEW = "GET /api/v1/polar/ops/overview";
    private static final String SEARCH_EVENTS = "GET /api/v1/polar/ops/events";
    private static final String READ_EVENT = "GET /api/v1/polar/ops/events/{webhook_id}";
    private static final String ATTEMPTS = "GET /api/v1/polar/ops/events/{webhook_id}/attempts";
    private static final String READ_ACCOUNT = "GET /api/v1/polar/ops/accounts/{account}";
    private static final String RECONCILIATION = "GET /api/v1/polar/ops/reconcile";
    private static final String TRAIL = "GET /api/v1/polar/audit";
    private static final String AUDIT = "GET /api/v1/polar/ops/audit";
    private static final String VERIFY = "GET /api/v1/polar/ops/audit/verify";
    private static final String CONTRADICTIONS = "GET /api/v1/polar/ops/contradictions";
    private static final String UNLINKED = "GET /api/v1/polar/ops/unlinked";
    private static final String PAID_TWICE = "GET /api/v1/polar/ops/double-subscriptions";
    private static final String ERASURES = "GET /api/v1/polar/ops/erasures";
    private static final String READ_ROLLOUT = "GET /api/v1/polar/ops/rollout";
    private static final String REPLACE_ROLLOUT = "PUT /api/v1/polar/ops/rollout";
    private static final String LIST_USAGE = "GET /api/v1/polar/ops/usage/parked";
    private static final String REPLAY_USAGE = "POST /api/v1/polar/ops/usage/parked/{id}/replay";
    private static final String REPLAY_ALL_USAGE = "POST /api/v1/polar/ops/usage/parked/replay";
    private static final String DISCARD_USAGE = "POST /api/v1/polar/ops/usage/parked/{id}/discard";
    private static final String DISCARD_ALL_USAGE = "POST /api/v1/polar/ops/usage/parked/discard";
    private static final List<String> DOCUMENTS = List.of("GET /q/openapi", "GET /q/asyncapi");

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI service;
    private final PlintoTokens tokens;
    private final Database database = Database.ofSandbox();
    private final List<Answered> answered = new ArrayList<>();

    record Answered(String operation, HttpResponse<String> answer) {

        @Override
        public String toString() {
            return operation + " " + answer.statusCode() + " " + answer.headers().map();
        }
    }

    Calls(URI service) {
        this.service = service;
        this.tokens = new PlintoTokens(service);
    }

    List<Answered> all() throws Exception {
        PolarsLists.areRead(database);
        read(READ_ENTITLEMENTS, organization -> "");
        read(READ_ENTITLEMENTS, organization -> "&user_id=usr_1");
        read(READ_GRANTS, organization -> "&benefit_id=" + database.column("""
                SELECT coalesce((SELECT benefit_id FROM grants WHERE account = ? LIMIT 1), 'none')
                """, organization).getFirst());
        read(READ_SUBSCRIPTIONS, organization -> "");
        read(EXPLAIN, organization -> "");
        read(TRAIL, organization -> "", "org_role", "admin");
        read(LIST_ORDERS, organization -> "", "org_role", "admin");
        readSeats();
        readCheckout();
        callRightAndWrongly(READ_USAGE, "contract-" + UUID.randomUUID(), "");
        callRightAndWrongly(ROUTING, "contract-" + UUID.randomUUID(), "&country=MX", "org_role", "admin");
        listProducts();
        deliver();
        operate();
        String parked = operateParkedEvents();
        listWhatContradicts();
        listErasures();
        operateUsage();
        decideWhoSells();
        operateUnknownTypes();
        readEverything(parked);
        callWhileTheDatabaseHangs(parked);
        new EndState(database, TopicReader.ofSandbox()).awaitDrained(PATIENCE); // no backlog for the next test
        return answered;
    }

    HttpResponse<String> get(String path) {
        return send("GET " + path, "");
    }

    /// @param more parameters for an organization
    private void read(String operation, UnaryOperator<String> more, Object... claims) {
        String organization = "contract-" + UUID.randomUUID();
        String member = member(organization, claims);
        call(operation, "?organization_id=" + organization + more.apply(organization), "authorization", member);
        buy(organization);
        await().atMost(PATIENCE).until(() -> send(operation,
                "?organization_id=" + organization + more.apply(organization), "authorization", member).body(),
                body -> body.contains("grant_id") || body.contains("subscription_id") || body.contains("granted"));
        callRightAndWrongly(operation, organization, more.apply(organization), claims);
    }

    private String member(String organization, Object... claims) {
        return "Bearer " + tokens.of(Stream.concat(Stream.of("org_id", organization), Stream.of(claims)).toArray());
    }

    private void callRightAndWrongly(String operation, String organization, String more, Object... claims) {
        String member = member(organization, claims);
        String query = "?organization_id=" + organization + more;
        call(operation, query, "authorization", member);
        call(operation, "", "authorization", member);
        call(operation, "?organization_id=%00", "authorization", member);
        call(operation, query);
        call(operation, query, "authorization", "Bearer x");
        call(operation, query, "authorization", "Bearer " + tokens.of("org_id", organization, "type", "refresh"));
        call(operation, query, "authorization", "Bearer " + tokens.of("org_id", "org-of-another"));
        call(operation, query, "authorization", "Bearer " + tokens.service("billing:write"));
        call(operation, query, "authorization", member, "accept", "image/png");
        wrongMethod(operation, "DELETE");
    }

    private void readSeats() {
        String organization = "contract-" + UUID.randomUUID();
        String admin = "Bearer " + tokens.of("org_id", organization, "org_role", "admin");
        assertThat(send("POST /sandbox/polar/trigger/customer_seat.claimed", "?organization_id=" + organization)
                .statusCode()).isEqualTo(200);
        String seats = filled(READ_SEATS, await().atMost(PATIENCE).until(() -> database.column("""
                SELECT subscription_id FROM seats JOIN subscriptions ON subscriptions.id = subscription_id
                WHERE account = ? AND seats.status = 'claimed'
                """, organization), found -> !found.isEmpty()).getFirst());
        callAs(READ_SEATS, seats, "", "authorization", admin);
        callAs(READ_SEATS, seats, "?organization_id=" + organization, "authorization", admin);
        callAs(READ_SEATS, seats, "", "authorization", "Bearer " + tokens.of("org_id", organization));
        callAs(READ_SEATS, seats, "", "authorization",
                "Bearer " + tokens.of("org_id", "org-of-another", "org_role", "owner"));
        callAs(READ_SEATS, filled(READ_SEATS, "none"), "", "authorization", admin);
        callWrongly(READ_SEATS, seats);
    }

    private void readCheckout() {
        String organization = "contract-" + UUID.randomUUID();
        buy(organization);
        String member = "Bearer " + tokens.of("org_id", organization);
        String checkout = filled(READ_CHECKOUT, await().atMost(PATIENCE).until(() -> database.column("""
                SELECT id FROM checkouts WHERE organization_id = ? AND status = 'succeeded'
                """, organization), found -> !found.isEmpty()).getFirst());
        callAs(READ_CHECKOUT, checkout, "", "authorization", member);
        callAs(READ_CHECKOUT, checkout, "?organization_id=" + organization, "authorization", member);
        callAs(READ_CHECKOUT, checkout, "", "authorization", "Bearer " + tokens.of("org_id", "org-of-another"));
        callAs(READ_CHECKOUT, checkout, "", "authorization", "Bearer " + tokens.service("billing:usage"));
        callWrongly(READ_CHECKOUT, checkout);
    }

    private void listProducts() {
        call(LIST_PRODUCTS, "");
        String tag = answered.getLast().answer().headers().firstValue("etag").orElseThrow();
        call(LIST_PRODUCTS, "", "if-none-match", tag);
        call(LIST_PRODUCTS, "?limit=1");
        call(LIST_PRODUCTS, "", "accept", "image/png");
        wrongMethod(LIST_PRODUCTS, "DELETE");
    }

    private void deliver() {
        SignedDelivery right = SignedDelivery.of("{\"type\":\"wallet.topped_up\"}");
        for (SignedDelivery delivery : List.of(
                right,
                right,
                SignedDelivery.of(""),
                right.without("webhook-id"),
                SignedDelivery.of(right.webhookId(), right.body(), Instant.now().minusSeconds(86_400)),
                right.with("webhook-id", "another"),
                SignedDelivery.of("x".repeat(1024 * 1024 + 1)))) {
            answered.add(new Answered(DELIVER, delivery.send(service.resolve("/api/v1/polar/webhooks"))));
        }
        wrongMethod(DELIVER, "PUT");
        deliverConekta();
    }

    private void deliverConekta() {
        SignedDelivery right = SignedByConekta.event("subscription.suspended", "{}");
        for (SignedDelivery delivery : List.of(
                right,
                right,
                SignedByConekta.of("none", ""),
                right.without("digest"),
                right.with("digest", SignedByConekta.of("none", "").header("digest")),
                SignedByConekta.of("none", "x".repeat(1024 * 1024 + 1)))) {
            answered.add(new Answered(DELIVER_CONEKTA, delivery.send(service.resolve("/api/v1/conekta/webhooks"))));
        }
        wrongMethod(DELIVER_CONEKTA, "PUT");
    }

    /// Returns the webhook id of a parked event.
    private String operateParkedEvents() {
        SignedDelivery noEvent = SignedDelivery.of("no event");
        noEvent.send(service.resolve("/api/v1/polar/webhooks"));
        SignedDelivery malformed = SignedDelivery.of("{\"type\":\"order.paid\",\"data\":{\"id\":1}}");
        malformed.send(service.resolve("/api/v1/polar/webhooks"));
        for (SignedDelivery parked : List.of(noEvent, malformed)) {
            String request = filled(READ_PARKED, parked.webhookId());
            await().atMost(PATIENCE).until(() -> send(request, "", "authorization", operator()).statusCode() == 200);
            callAs(READ_PARKED, request, "", "authorization", operator());
        }
        call(LIST_PARKED, "?limit=1", "authorization", operator());
        call(LIST_PARKED, "?type=none.such", "authorization", operator());
        call(LIST_PARKED, "?limit=0", "authorization", operator());
        call(REPLAY_ALL, "?reason=malformed&type=order.paid", "authorization", operator());
        call(REPLAY_ALL, "", "authorization", operator());
        call(REPLAY_ALL, "?reason=", "authorization", operator());
        callAs(REPLAY_ONE, filled(REPLAY_ONE, malformed.webhookId()), "", "authorization", operator());
        callAs(REPLAY_ONE, filled(REPLAY_ONE, "none"), "", "authorization", operator());
        callAs(REPLAY_ONE, filled(REPLAY_ONE, "none"), "?all=true", "authorization", operator());
        callAs(READ_PARKED, filled(READ_PARKED, "none"), "", "authorization", operator());
        database.execute("UPDATE parked SET body_forgotten_at = now() WHERE webhook_id = ?", malformed.webhookId());
        callAs(READ_PARKED, filled(READ_PARKED, malformed.webhookId()), "", "authorization", operator());
        callAs(REPLAY_ONE, filled(REPLAY_ONE, malformed.webhookId()), "", "authorization", operator());
        database.execute("UPDATE parked SET body_forgotten_at = NULL WHERE webhook_id = ?", malformed.webhookId());
        List.of(LIST_PARKED, READ_PARKED, REPLAY_ALL, REPLAY_ONE, DISCARD_ALL, DISCARD_ONE)
                .forEach(operation -> callWrongly(operation, filled(operation, malformed.webhookId())));
        discard(noEvent.webhookId());
        return malformed.webhookId();
    }

    private void listWhatContradicts() {
        database.execute("INSERT INTO customers (id, deleted_at) VALUES ('contract-d', now() - interval '2 hours')");
        database.execute("""
                INSERT INTO grants (id, customer_id, account, said_at)
                VALUES ('contract-g', 'contract-d', 'customer:contract-d', now() - interval '2 hours')
                """);
        call(CONTRADICTIONS, "?limit=1", "authorization", operator());
        call(CONTRADICTIONS, "?kind=two_accounts", "authorization", operator());
        call(CONTRADICTIONS, "?kind=none", "authorization", operator());
        call(UNLINKED, "?limit=500", "authorization", operator());
        call(UNLINKED, "?after=x", "authorization", operator());
        listWhoPaysTwice();
        List.of(CONTRADICTIONS, UNLINKED, PAID_TWICE).forEach(operation -> callWrongly(operation, operation));
        database.execute("DELETE FROM grants WHERE id = 'contract-g'");
        database.execute("DELETE FROM customers WHERE id = 'contract-d'");
    }

    private void listWhoPaysTwice() {
        database.execute("INSERT INTO subscriptions (id, account, status) VALUES "
                + "('contract-1', 'contract', 'active'), ('contract-2', 'contract', 'active')");
        call(PAID_TWICE, "?limit=500", "authorization", operator());
        call(PAID_TWICE, "?after=x", "authorization", operator());
        database.execute("DELETE FROM subscriptions WHERE id IN ('contract-1', 'contract-2')");
    }

    private void discard(String webhookId) {
        call(DISCARD_ALL, "?type=none.such", "authorization", operator());
        call(DISCARD_ALL, "", "authorization", operator());
        call(DISCARD_ALL, "?reason=", "authorization", operator());
        callAs(DISCARD_ONE, filled(DISCARD_ONE, webhookId), "", "authorization", operator());
        callAs(READ_EVENT, filled(READ_EVENT, webhookId), "", "authorization", operator());
        callAs(DISCARD_ONE, filled(DISCARD_ONE, webhookId), "", "authorization", operator());
        callAs(DISCARD_ONE, filled(DISCARD_ONE, webhookId), "?all=true", "authorization", operator());
        answered.add(new Answered(DISCARD_ONE, sending(filled(DISCARD_ONE, webhookId), "",
                BodyPublishers.ofString("{}"), "authorization", operator(), "content-type", "application/json")
                .join()));
    }

    private void operateUsage() {
        String of = "?organization_id=contract-usage";
        List<String> ids = Stream.generate(UUID::randomUUID).limit(2).map(UUID::toString).toList();
        ids.forEach(id -> database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state,
                                          reason)
                VALUES ('contract-usage', ?::uuid, 'k', 'call', 1.5, now(), now(), 'parked', 'metadata: wrong')
                """, id));
        call(LIST_USAGE, of, "authorization", operator());
        call(LIST_USAGE, "?limit=1", "authorization", operator());
        call(LIST_USAGE, "?after=x", "authorization", operator());
        List.of(REPLAY_USAGE, DISCARD_USAGE).forEach(operation -> {
            String request = filled(operation, ids.get(operation.equals(REPLAY_USAGE) ? 0 : 1));
            callAs(operation, request, "", "authorization", operator());
            callAs(operation, request, "", "authorization", operator());
            callAs(operation, request, "?all=true", "authorization", operator());
            callWrongly(operation, request);
        });
        answered.add(new Answered(DISCARD_USAGE, sending(filled(DISCARD_USAGE, ids.getLast()), "",
                BodyPublishers.ofString("{}"), "authorization", operator(), "content-type", "application/json")
                .join()));
        List.of(REPLAY_ALL_USAGE, DISCARD_ALL_USAGE).forEach(operation -> {
            call(operation, of, "authorization", operator());
            call(operation, "", "authorization", operator());
            call(operation, "?organization_id=%00", "authorization", operator());
        });
        List.of(LIST_USAGE, REPLAY_ALL_USAGE, DISCARD_ALL_USAGE)
                .forEach(operation -> callWrongly(operation, operation));
        database.execute("DELETE FROM usage_events WHERE organization = 'contract-usage'");
    }

    private void listErasures() {
        String id = UUID.randomUUID().toString();
        database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at, trouble)
                VALUES (?::uuid, ?, '{}', '{}', true, now() + interval '1 h', 'Polar does not answer')
                """, id, "contract-" + id);
        database.execute("""
                INSERT INTO erasure_steps (erasure, position, step, done_at, outcome)
                VALUES (?::uuid, 1, 'one', now(), '2 rows erased'), (?::uuid, 2, 'two', NULL, NULL)
                """, id, id);
        call(ERASURES, "?limit=1", "authorization", operator());
        call(ERASURES, "?organization_id=contract-" + id, "authorization", operator());
        call(ERASURES, "?organization_id=%00", "authorization", operator());
        call(ERASURES, "?after=x", "authorization", operator());
        callWrongly(ERASURES, ERASURES);
        database.execute("DELETE FROM erasure_steps WHERE erasure = ?::uuid", id);
        database.execute("DELETE FROM erasures WHERE id = ?::uuid", id);
    }

    private void operateUnknownTypes() {
        await().atMost(PATIENCE).until(() -> send(LIST_UNKNOWN_TYPES, "", "authorization", operator()).body(),
                body -> body.contains("wallet.topped_up"));
        call(LIST_UNKNOWN_TYPES, "", "authorization", operator());
        callAs(REPLAY_UNKNOWN_TYPE, filled(REPLAY_UNKNOWN_TYPE, "wallet.topped_up"), "", "authorization", operator());
        callAs(REPLAY_UNKNOWN_TYPE, filled(REPLAY_UNKNOWN_TYPE, "%20"), "", "authorization", operator());
        callWrongly(LIST_UNKNOWN_TYPES, LIST_UNKNOWN_TYPES);
        callWrongly(REPLAY_UNKNOWN_TYPE, filled(REPLAY_UNKNOWN_TYPE, "wallet.topped_up"));
    }

    private void readEverything(String parked) {
        String organization = "contract-" + UUID.randomUUID();
        buy(organization);
        String found = "?outcome=applied&type=benefit_grant.created&organization_id=" + organization;
        String page = await().atMost(PATIENCE).until(
                () -> send(SEARCH_EVENTS, found, "authorization", operator()).body(),
                body -> body.contains("webhook_id"));
        call(SEARCH_EVENTS, found, "authorization", operator());
        call(SEARCH_EVENTS, "?outcome=none", "authorization", operator());
        call(SEARCH_EVENTS, "?conflicting=true", "authorization", operator());
        database.execute("""
                INSERT INTO conflicts (webhook_id, body_sha256, received_at, stored_at, origin, body)
                VALUES (?, sha256('x'), now(), now(), 'webhook', 'x') ON CONFLICT DO NOTHING
                """, parked);
        String applied = page.replaceFirst("(?s).*?\"webhook_id\":\"([^\"]*).*", "$1");
        callAs(READ_EVENT, filled(READ_EVENT, applied), "", "authorization", operator());
        callAs(READ_EVENT, filled(READ_EVENT, parked), "", "authorization", operator());
        callAs(READ_EVENT, filled(READ_EVENT, "none"), "", "authorization", operator());
        callAs(ATTEMPTS, filled(ATTEMPTS, applied), "", "authorization", operator()); // there is no Polar
        callAs(ATTEMPTS, filled(ATTEMPTS, "none"), "", "authorization", operator());
        callAs(READ_ACCOUNT, filled(READ_ACCOUNT, organization), "", "authorization", operator());
        callAs(READ_ACCOUNT, filled(READ_ACCOUNT, "%00"), "", "authorization", operator());
        call(EXPLAIN, "?organization_id=" + organization, "authorization", operator());
        call(OVERVIEW, "", "authorization", operator());
        call(RECONCILIATION, "", "authorization", operator());
        call(AUDIT, "?limit=5", "authorization", operator());
        call(VERIFY, "", "authorization", operator());
        call(VERIFY, "?hour=2026-11-22T12:00:00Z", "authorization", operator());
        call(VERIFY, "?hour=2026-11-22T12:30:00Z&seal=x", "authorization", operator());
        database.execute("INSERT INTO audit_verification VALUES (true, 'other', now() + interval '1 minute') "
                + "ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at");
        call(VERIFY, "", "authorization", operator());
        database.execute("DELETE FROM audit_verification");
        call(AUDIT, "?after=x", "authorization", operator());
        List.of(OVERVIEW, SEARCH_EVENTS, AUDIT, VERIFY, READ_EVENT, ATTEMPTS, READ_ACCOUNT)
                .forEach(operation -> callWrongly(operation, filled(operation, applied)));
        List.of(OVERVIEW, READ_EVENT, ATTEMPTS, READ_PARKED, RECONCILIATION, LIST_UNKNOWN_TYPES)
                .forEach(operation -> callAs(operation, filled(operation, applied), "?organisation_id=x",
                        "authorization", operator()));
        call(RECONCILIATION, "");
        call(RECONCILIATION, "", "authorization", "Bearer " + tokens.of());
        call(RECONCILIATION, "", "authorization", operator(), "accept", "image/png");
        wrongMethod(RECONCILIATION, "DELETE");
    }

    /// Without a token, without the role, with an unacceptable media type, with a wrong method.
    private void callWrongly(String operation, String request) {
        callAs(operation, request, "");
        callAs(operation, request, "", "authorization", "Bearer " + tokens.of());
        callAs(operation, request, "", "authorization", operator(), "accept", "image/png");
        callAs(operation, "DELETE" + request.substring(request.indexOf(' ')), "");
    }

    private String operator() {
        return "Bearer " + tokens.of("roles", List.of("ops"));
    }

    private void operate() {
        String operator = operator();
        call(REPUBLISH, "", "authorization", operator);
        call(REPUBLISH, "?new_version=true", "authorization", operator);
        call(REPUBLISH, "?new_version=yes", "authorization", operator);
        call(REPUBLISH, "?dry_run=true", "authorization", operator);
        call(REPUBLISH, "");
        call(REPUBLISH, "", "authorization", "Bearer " + tokens.of());
        call(REPUBLISH, "", "authorization", operator, "accept", "image/png");
        wrongMethod(REPUBLISH, "GET");
        call(LOAD_ERASURES, "", "authorization", operator);
        call(LOAD_ERASURES, "?dry_run=true", "authorization", operator);
        call(LOAD_ERASURES, "");
        call(LOAD_ERASURES, "", "authorization", "Bearer " + tokens.of());
        call(LOAD_ERASURES, "", "authorization", operator, "accept", "image/png");
        wrongMethod(LOAD_ERASURES, "GET");
        call(RECONCILE, "?dry_run=true", "authorization", operator);
        call(RECONCILE, "?dry_run=1", "authorization", operator);
        call(RECONCILE, "");
        call(RECONCILE, "", "authorization", "Bearer " + tokens.of());
        call(RECONCILE, "", "authorization", operator, "accept", "image/png");
        wrongMethod(RECONCILE, "DELETE");
        call("GET /q/health/live", "");
        call("GET /q/health/ready", "");
        call("GET /q/health/started", "");
        call("GET /q/metrics", "");
        call("GET /q/metrics", "", "accept", "application/openmetrics-text; version=1.0.0");
        call("GET /q/metrics", "", "accept", "image/png");
        for (String document : DOCUMENTS) {
            call(document, "");
            call(document, "", "accept", "image/png");
            wrongMethod(document, "PUT");
        }
    }

    private void decideWhoSells() {
        call(READ_ROLLOUT, "", "authorization", operator());
        call(REPLACE_ROLLOUT, "", "authorization", operator());
        answered.add(new Answered(REPLACE_ROLLOUT, sending(REPLACE_ROLLOUT, "", BodyPublishers.ofString("[]"),
                "authorization", operator(), "content-type", "application/json").join()));
        answered.add(new Answered(REPLACE_ROLLOUT, sending(REPLACE_ROLLOUT, "", BodyPublishers.ofString("{}"),
                "authorization", operator(), "content-type", "application/json").join()));
        List.of(READ_ROLLOUT, REPLACE_ROLLOUT).forEach(operation -> {
            call(operation, "?dry_run=true", "authorization", operator());
            callWrongly(operation, operation);
        });
    }

    /// Another transaction locks the tables until the reads have timed out. PostgreSQL then ends the statements of the
    /// other calls, which answer that as they answer their longer timeout. (EveryPageTest awaits the one of
    /// `RequestQueries`.)
    private void callWhileTheDatabaseHangs(String parked) throws SQLException {
        String service = "Bearer " + tokens.service("billing:read");
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "LOCK TABLE subscriptions, orders, grants, accounts, products, history, benefit_changes, parked, "
                            + "inbox, audit_log, usage_events, erasures, rollout IN ACCESS EXCLUSIVE MODE");
            Map<String, CompletableFuture<HttpResponse<String>>> read = Stream.of(READ_ENTITLEMENTS, READ_SUBSCRIPTIONS)
                    .collect(Collectors.toMap(Function.identity(), operation -> sending(operation,
                            "?organization_id=contract", "authorization", service)));
            read.forEach((operation, answer) -> answered.add(new Answered(operation, answer.join())));
            Map<String, CompletableFuture<HttpResponse<String>>> operated = Stream.of(REPUBLISH, LOAD_ERASURES,
                    LIST_PARKED,
                    READ_PARKED, REPLAY_ONE, REPLAY_ALL, DISCARD_ONE, DISCARD_ALL, LIST_UNKNOWN_TYPES,
                    REPLAY_UNKNOWN_TYPE, OVERVIEW, SEARCH_EVENTS, READ_EVENT, ATTEMPTS, READ_ACCOUNT, RECONCILIATION,
                    AUDIT, VERIFY, CONTRADICTIONS, UNLINKED, PAID_TWICE, ERASURES, LIST_USAGE, REPLAY_USAGE,
                    DISCARD_USAGE)
                    .collect(Collectors.toMap(Function.identity(), operation -> sending(filled(operation, parked),
                            List.of(REPLAY_ALL, DISCARD_ALL).contains(operation) ? "?reason=failed" : "",
                            "authorization", operator())));
            Stream.of(REPLAY_ALL_USAGE, DISCARD_ALL_USAGE).forEach(operation -> operated.put(operation,
                    sending(operation, "?organization_id=contract", "authorization", operator())));
            Stream.of(READ_ROLLOUT, REPLACE_ROLLOUT).forEach(operation -> operated.put(operation,
                    sending(operation, "", "authorization", operator())));
            operated.put(ROUTING, sending(ROUTING, "?organization_id=contract", "authorization", service));
            operated.put(EXPLAIN, sending(EXPLAIN, "?organization_id=contract", "authorization", service));
            operated.put(TRAIL, sending(TRAIL, "?organization_id=contract", "authorization", service));
            operated.put(LIST_ORDERS, sending(LIST_ORDERS, "?organization_id=contract", "authorization", service));
            operated.put(READ_CHECKOUT, sending(filled(READ_CHECKOUT, "x"), "", "authorization", service));
            operated.put(READ_SEATS, sending(filled(READ_SEATS, "x"), "", "authorization", service));
            operated.put(LIST_PRODUCTS, sending(LIST_PRODUCTS, ""));
            operated.put(READ_USAGE, sending(READ_USAGE, "?organization_id=contract", "authorization", service));
            operated.put(READ_GRANTS,
                    sending(READ_GRANTS, "?organization_id=contract&benefit_id=b", "authorization", service));
            await().atMost(PATIENCE).until(() -> {
                database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        + "WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid()");
                return operated.values().stream().allMatch(CompletableFuture::isDone);
            });
            operated.forEach((operation, answer) -> answered.add(new Answered(operation, answer.join())));
            connection.rollback();
        }
    }

    private void buy(String organization) {
        assertThat(send("POST /sandbox/polar/trigger/purchase", "?organization_id=" + organization).statusCode())
                .isEqualTo(200);
    }

    private void call(String operation, String query, String... headers) {
        callAs(operation, operation, query, headers);
    }

    /// @param request method and path of the operation, with its placeholders filled in
    private void callAs(String operation, String request, String query, String... headers) {
        answered.add(new Answered(operation, send(request, query, headers)));
    }

    private static String filled(String operation, String name) {
        return operation.replaceFirst("\\{.*}", name);
    }

    /// Calls the operation's path with another method.
    private void wrongMethod(String operation, String method) {
        answered.add(new Answered(operation, send(method + operation.substring(operation.indexOf(' ')), "")));
    }

    private HttpResponse<String> send(String request, String query, String... headers) {
        return sending(request, query, headers).join();
    }

    /// A discard needs a body, and so does what replaces something.
    private CompletableFuture<HttpResponse<String>> sending(String operation, String query, String... headers) {
        boolean discards = operation.startsWith("POST") && operation.endsWith("/discard");
        return discards || operation.equals(REPLACE_ROLLOUT)
                ? sending(operation, query,
                        BodyPublishers.ofString(discards
                                ? "{\"reason\":\"for a test\"}"
                                : "{\"fallback\":null,\"overrides\":{}}"),
                        Stream.concat(Stream.of(headers), Stream.of("content-type", "application/json"))
                                .toArray(String[]::new))
                : sending(operation, query, BodyPublishers.noBody(), headers);
    }

    private CompletableFuture<HttpResponse<String>> sending(String operation, String query, BodyPublisher body,
            String... headers) {
        String[] methodAndPath = operation.split(" ");
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(methodAndPath[1] + query))
                .method(methodAndPath[0], body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }
}
