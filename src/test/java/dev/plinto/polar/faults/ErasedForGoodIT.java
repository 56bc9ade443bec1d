package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PersonalDataSearch;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TopicReader.Message;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing personal of an erased organization comes back: not by deliveries, replays and reconciliation, and not from a
/// backup of before, once docs/recovery.md is followed. The organization itself may come back, and buys again.
class ErasedForGoodIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVENTS = Size.of("polar.test.erased-events", 1_000, 10_000);
    private static final int DELIVERIES_PER_SECOND = 2_000;
    private static final int SEATS = 5;
    private static final int USAGE = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /// Erased here and at Polar.
    private static final String GONE = "org-that-goes";
    /// Erased here; Polar still has all of it, and tells it whenever it is asked.
    private static final String KEPT = "org-that-polar-keeps";
    private static final String DATA = "/api/v1/polar/customer/data";
    private static final String OPS = "/api/v1/polar/ops/";

    private final PolarOnStack stack = new PolarOnStack(23);
    private final SimulatedPolar polar = stack.polar();
    private final Database database = stack.stack().database();
    private final List<ProducerRecord<String, byte[]>> delivered = new ArrayList<>();
    private final List<PackagedService> services = new ArrayList<>();
    private PackagedService service;

    @BeforeEach
    void start() {
        startAs("ingress,projection,relay,reconcile,usage,api");
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        stack.close();
    }

    @Test
    void nothingPersonalComesBack_andTheOrganizationMay() {
        polar.exclusively(() -> buy(GONE, EVENTS));
        polar.exclusively(() -> buy(KEPT, EVENTS / 10));
        deliverWhatIsNew();
        deliverWhatCannotBeApplied();
        reconcile(); // reads the lists that calls need
        List.of(GONE, KEPT).forEach(this::useTheService);
        allOfItIsHeldAndHandedOut();
        service.close();
        stack.stack().backUpPostgres();
        startAs("ingress,projection,relay,reconcile,usage,api");

        List<String> erasures = List.of(erase(GONE, "&cancel=true"), erase(KEPT, "&cancel=true&keep_at_provider=true"));
        erasures.forEach(this::awaitComplete);
        nothingIsLeft("the erasure");

        deliver(delivered);
        replayAllParked();
        reconcile();
        nothingIsLeft("repeated deliveries, a replay and reconciliation");

        service.close();
        stack.stack().restorePostgres();
        assertThat(found()).as("in the backup").isNotEmpty();
        recover();
        nothingIsLeft("the restore of a backup");

        buyAgain();
        assertThat(JsonLog.errors(logs())).isEmpty();
    }

    /// A customer with an address, a member and seats, whose subscription is renewed until there are enough events.
    private Void buy(String organization, int events) {
        ObjectNode details = JSON.createObjectNode().put("external_id", organization)
                .put("email", person(organization, "ada")).put("name", "Ada of " + organization);
        details.putObject("billing_address").put("line1", "17 Lane of " + organization).put("country", "SE")
                .put("city", "Town of " + organization).put("postal_code", "111 22");
        UUID customer = polar.customerRegister().create(details);
        UUID member = polar.customers().addMember(customer, person(organization, "kim"));
        polar.customers().renameMember(member, "Kim of " + organization);
        UUID team = polar.checkouts().purchaseSeats(customer, SEATS, Map.of("organization_id", organization));
        IntStream.range(0, SEATS).forEach(
                i -> polar.seats().claim(polar.seats().assign(team, person(organization, "seat-" + i))));
        List<WebhookEvent> emitted = new ArrayList<>(stack.takeEvents());
        while (emitted.size() < events) {
            polar.subscriptions().renew(team);
            emitted.addAll(stack.takeEvents());
        }
        emitted.forEach(event -> delivered.add(RawTopicWriter.record(event)));
        return null;
    }

    /// Usage, of which half waits until its time has passed, a checkout and a portal by the owner, and reads.
    private void useTheService(String organization) {
        Instant ahead = Instant.now().plus(Duration.ofMinutes(4));
        String events = IntStream.range(0, USAGE).mapToObj(i -> """
                {"organization_id":"%1$s","event_name":"call","idempotency_key":"%2$d"%3$s,
                 "properties":{"by":"%4$s"}}
                """.formatted(organization, i, i % 2 == 0 ? "" : ",\"timestamp\":\"" + ahead + "\"",
                person(organization, "ada"))).collect(Collectors.joining(","));
        answer(202, service.send("POST", "/api/v1/polar/usage", stack.issuer().producer(PolarOnStack.CLIENT),
                "{\"events\":[" + events + "]}"));
        String owner = stack.issuer().owner(organization, person(organization, "ada"));
        String product = polar.exclusively(() -> polar.catalogue().onboarding()).toString();
        answer(201, service.send("POST", "/api/v1/polar/checkout", owner, """
                {"organization_id":"%s","product_id":"%s"}""".formatted(organization, product)));
        answer(200, service.get("/api/v1/polar/customer/portal?organization_id=" + organization, owner));
        answer(200, service.get("/api/v1/polar/orders?organization_id=" + organization, owner));
    }

    private void deliverWhatIsNew() {
        stack.takeEvents().forEach(event -> delivered.add(RawTopicWriter.record(event)));
        deliver(delivered);
    }

    /// Of each organization an event that is malformed, and one that comes with another body.
    private void deliverWhatCannotBeApplied() {
        List<ProducerRecord<String, byte[]>> broken = new ArrayList<>();
        for (String organization : List.of(GONE, KEPT)) {
            WebhookEvent event = stack.emitted().stream().filter(one -> one.type().equals("subscription.updated")
                    && body(one).contains(person(organization, "ada"))).findFirst().orElseThrow();
            broken.add(RawTopicWriter.record(UUID.randomUUID().toString(),
                    bytes(body(event).replaceFirst("\"status\":\"\\w+\"", "\"status\":7"))));
            broken.add(RawTopicWriter.record(event.webhookId(),
                    bytes(body(event).replaceFirst("\"status\"", "\"again\":true,\"status\""))));
        }
        deliver(broken);
        assertThat(database.number("SELECT count(*) FROM parked WHERE reason = 'malformed'")).isEqualTo(2);
        assertThat(database.number("SELECT count(*) FROM conflicts")).isEqualTo(2);
        delivered.addAll(broken);
    }

    /// Signed, by HTTP, until each is acknowledged and projected.
    private void deliver(List<ProducerRecord<String, byte[]>> records) {
        try (Deliveries deliveries = new Deliveries(attempt -> service.webhooks(), records, DELIVERIES_PER_SECOND)) {
            await().atMost(PATIENCE).until(deliveries::areAllAcknowledged);
        }
        awaitDrained();
    }

    private void awaitDrained() {
        new EndState(database, stack.stack().reader()).awaitDrained(PATIENCE);
    }

    private void allOfItIsHeldAndHandedOut() {
        assertThat(found()).contains("payloads.body", "parked.body", "conflicts.body", "members.email", "members.name",
                "seats.email", "usage_events.properties", "audit_personal.value");
        String document = answer(200, service.send("GET", DATA + "?organization_id=" + GONE, owner(GONE), ""));
        JsonNode held = json(document).path("held");
        assertThat(held.at("/projection/payloads").size()).isGreaterThanOrEqualTo(EVENTS);
        assertThat(held.at("/projection/orders").size()).isGreaterThan(EVENTS / 25);
        assertThat(held.at("/usage/usage_events").size()).isGreaterThanOrEqualTo(USAGE / 2);
        assertThat(held.at("/audit/audit_personal").size()).isPositive();
        assertThat(texts(GONE)).allSatisfy(text -> assertThat(document).contains(text));
        assertThat(document).doesNotContain(KEPT);
    }

    private String erase(String organization, String how) {
        String answer = answer(202, service.send("DELETE", DATA + "?organization_id=" + organization + how,
                stack.issuer().seller(PolarOnStack.CLIENT), ""));
        return json(answer).path("erasure_id").asText();
    }

    private void awaitComplete(String erasure) {
        await().atMost(PATIENCE).until(() -> {
            deliverWhatPolarSaysOfIt();
            return json(answer(200, service.send("GET", DATA + "/erasures/" + erasure,
                    stack.issuer().seller(PolarOnStack.CLIENT), ""))).path("status").asText().equals("complete");
        });
    }

    private void deliverWhatPolarSaysOfIt() {
        List<ProducerRecord<String, byte[]>> records = stack.takeEvents().stream().map(RawTopicWriter::record).toList();
        if (!records.isEmpty()) {
            deliver(records);
            delivered.addAll(records);
        }
    }

    /// But for the raw topic, which the answer to the request names with a date.
    private void nothingIsLeft(String after) {
        awaitDrained();
        assertThat(found()).as("columns that have personal data after " + after).isEmpty();
        assertThat(stack.stack().reader().records(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED,
                Topics.ERASURES)).as("messages that have personal data after " + after).isNotEmpty()
                .noneMatch(record -> isPersonal(record.key() + record.headers()
                        + (record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8))));
        assertThat(logs().lines().filter(ErasedForGoodIT::isPersonal)).as("log lines after " + after).isEmpty();
        assertThat(database.column("SELECT organization FROM erasures WHERE completed_at IS NOT NULL"))
                .containsExactlyInAnyOrder(GONE, KEPT);
    }

    /// Without their bodies they cannot be replayed.
    private void replayAllParked() {
        HttpResponse<String> answer = service.send("POST", OPS + "parked/replay?reason=malformed",
                stack.issuer().operator(), "");
        assertThat(answer.statusCode()).as(answer.body()).isIn(202, 409);
        awaitDrained();
    }

    private void reconcile() {
        Instant begun = Instant.parse(database.column("SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .getFirst());
        answer(202, service.send("POST", OPS + "reconcile", stack.issuer().operator(), ""));
        await().atMost(PATIENCE).until(() -> {
            String at = json(answer(200, service.get(OPS + "reconcile", stack.issuer().operator())))
                    .path("succeeded_at").textValue();
            return at != null && Instant.parse(at).isAfter(begun);
        });
        awaitDrained();
    }

    /// As docs/recovery.md says.
    private void recover() {
        startAs("api");
        JsonNode loaded = json(answer(200, service.send("POST", OPS + "erasures/load", stack.issuer().operator(), "")));
        assertThat(loaded.path("erasures")).hasSize(2);
        assertThat(loaded.path("unfinished")).isEmpty();
        service.close();
        startAs("ingress,projection,relay,reconcile,usage,api");
        awaitDrained();
        loaded.path("erasures").forEach(erasure -> awaitComplete(erasure.asText()));
        reconcile();
    }

    private void buyAgain() {
        Map<String, Long> versions = versions();
        polar.exclusively(() -> {
            UUID customer = polar.customers().create(GONE);
            polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of("organization_id", GONE));
        });
        deliverWhatPolarSaysOfIt();

        String owner = owner(GONE);
        assertThat(json(answer(200, service.get("/api/v1/polar/entitlements?organization_id=" + GONE, owner)))
                .path("entitlements")).isNotEmpty();
        assertThat(json(answer(200, service.get("/api/v1/polar/entitlements?organization_id=" + KEPT, owner(KEPT))))
                .path("entitlements")).isEmpty();
        assertThat(versions().get(GONE)).isGreaterThan(versions.get(GONE));
        new EndState(database, stack.stack().reader()).versionsOnlyGrow();
        assertThat(found()).as("what was erased").isEmpty();
        assertThat(new PersonalDataSearch(database).columnsWith("@customer.example")).as("what is said now")
                .contains("payloads.body", "members.email");
    }

    private Map<String, Long> versions() {
        Map<String, Long> newest = new HashMap<>();
        for (Message message : stack.stack().reader().messages(Topics.ENTITLEMENT_CHANGED)) {
            newest.put(message.key(), message.version());
        }
        return newest;
    }

    private List<String> found() {
        return new PersonalDataSearch(database).columnsWith(
                Stream.of(GONE, KEPT).flatMap(organization -> texts(organization).stream()).toArray(String[]::new));
    }

    private static boolean isPersonal(String text) {
        return Stream.of(GONE, KEPT).flatMap(organization -> texts(organization).stream()).anyMatch(text::contains);
    }

    /// By which the organization's people and place can be told.
    private static List<String> texts(String organization) {
        return Stream.concat(Stream.of("Ada of ", "Kim of ", "17 Lane of ", "Town of ", "usr_of_")
                .map(what -> what + organization),
                Stream.concat(Stream.of("ada", "kim"), IntStream.range(0, SEATS).mapToObj(i -> "seat-" + i))
                        .map(name -> person(organization, name)))
                .toList();
    }

    private static String person(String organization, String name) {
        return name + "@" + organization + ".example";
    }

    private String owner(String organization) {
        return stack.issuer().owner(organization, person(organization, "ada"));
    }

    private void startAs(String roles) {
        Map<String, String> environment = stack.environment();
        environment.put("POLAR_ROLES", roles);
        service = PackagedService.start(environment);
        services.add(service);
    }

    private String logs() {
        return services.stream().map(PackagedService::output).collect(Collectors.joining("\n"));
    }

    private static String answer(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(text, notJson);
        }
    }

    private static String body(WebhookEvent event) {
        return new String(event.body(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
