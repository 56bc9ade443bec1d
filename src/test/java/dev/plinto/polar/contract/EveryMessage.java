package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.sandbox.conekta.ConektaScenario;
import dev.plinto.polar.sandbox.polar.Scenario;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.ReceivedTopic;
import dev.plinto.polar.testing.SignedByConekta;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Provokes every kind of message, and reads the resulting records from the topics.
final class EveryMessage {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI service;
    private final RawTopic rawTopic;
    private final PolarDialect polar;
    private final List<HeldData> rooms;
    private final Set<String> webhookIds = new TreeSet<>();
    private final Set<String> keysOfChanges = new TreeSet<>();

    /// @param rooms whose steps of erasures tell them
    EveryMessage(URI service, RawTopic rawTopic, PolarDialect polar, List<HeldData> rooms) {
        this.service = service;
        this.rawTopic = rawTopic;
        this.polar = polar;
        this.rooms = rooms;
    }

    /// Plays every scenario for an organization of its own, a customer without organization, odd deliveries and bodies
    /// that are not events; then republishes everything, as it was and with new versions.
    EveryMessage provoke() throws IOException, InterruptedException {
        for (Scenario scenario : Scenario.values()) {
            play(scenario);
        }
        buyWithoutOrganization();
        publishGoneSnapshot();
        publishAnswer();
        tellErasure();
        deliver("[]");
        deliver("{\"type\":\"wallet.topped_up\"}");
        playConekta();
        deliver(SignedByConekta.event("subscription.suspended", "{}"), "conekta");
        deliver(SignedByConekta.of("sha256-4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "[]"),
                "conekta");
        awaitPublished();
        republish();
        awaitPublished();
        return this;
    }

    /// The resulting records.
    List<AsyncApi.DocumentedRecord> records(AsyncApi asyncapi) throws IOException {
        List<AsyncApi.DocumentedRecord> records = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : TopicReader.ofSandbox().records(
                Topics.RECEIVED, Topics.CONEKTA_RECEIVED, Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED,
                Topics.ERASURES)) {
            boolean ours = record.topic().endsWith(".received")
                    ? webhookIds.contains(ReceivedTopic.headers(record).getOrDefault("ce_id", ""))
                    : keysOfChanges.contains(record.key());
            if (ours) {
                records.add(asyncapi.read(record));
            }
        }
        return records;
    }

    private void play(Scenario scenario) throws IOException, InterruptedException {
        String organization = "contract-" + UUID.randomUUID();
        JsonNode played = JSON.readTree(
                post("/sandbox/polar/trigger/" + scenario.wireName() + "?organization_id=" + organization));
        keysOfChanges.add(organization);
        keysOfChanges.add(played.get("subscription_id").textValue());
        played.get("deliveries").forEach(delivery -> webhookIds.add(delivery.get("webhook_id").textValue()));
    }

    private void playConekta() throws IOException, InterruptedException {
        for (ConektaScenario scenario : ConektaScenario.values()) {
            JSON.readTree(post("/sandbox/conekta/trigger/" + scenario.wireName() + "?organization_id=contract-"
                    + UUID.randomUUID())).get("deliveries")
                    .forEach(delivery -> webhookIds.add(delivery.get("webhook_id").textValue()));
        }
    }

    private void buyWithoutOrganization() {
        String customer = UUID.randomUUID().toString();
        String subscription = UUID.randomUUID().toString();
        keysOfChanges.add("customer:" + customer);
        keysOfChanges.add(subscription);
        deliver("""
                {"type":"subscription.created","timestamp":"2026-11-20T07:00:00Z",
                 "data":{"id":"%s","customer_id":"%s","status":"active"}}""".formatted(subscription, customer));
        deliver("""
                {"type":"benefit_grant.created","timestamp":"2026-11-20T07:00:00Z",
                 "data":{"id":"%s","customer_id":"%s","benefit_id":"contract","is_granted":true}}"""
                .formatted(UUID.randomUUID(), customer));
    }

    /// An object that reconciliation found missing at Polar.
    private void publishGoneSnapshot() {
        Grant held = new Grant(new Id.Grant(UUID.randomUUID().toString()), Facts.statedAt(new Stamp(Instant.EPOCH, "x"))
                .carries(Grant.CUSTOMER_ID, UUID.randomUUID().toString()).carries(Grant.BENEFIT_ID, "contract")
                .build());
        Snapshot gone = Snapshot.gone(held, Instant.now());
        rawTopic.publish(RawEvent.snapshot(polar, gone.id(), gone.body(), Instant.now(), RawEvent.Origin.RECONCILE))
                .await().atMost(PATIENCE);
        webhookIds.add(gone.id());
    }

    /// What Polar answered to a change that it made for us.
    private void publishAnswer() {
        ObjectNode checkout = JsonNodeFactory.instance.objectNode().put("id", UUID.randomUUID().toString())
                .put("status", "open");
        Snapshot answer = Snapshot.ofAnswer(new PolarObject(PolarObject.Kind.CHECKOUT, checkout.get("id").textValue(),
                Optional.of(Instant.now()), checkout), Instant.now());
        rawTopic.publish(RawEvent.snapshot(polar, answer.id(), answer.body(), Instant.now(), RawEvent.Origin.ANSWER))
                .await().atMost(PATIENCE);
        webhookIds.add(answer.id());
    }

    /// That it goes on, and its end.
    private void tellErasure() throws InterruptedException {
        String organization = "contract-" + UUID.randomUUID();
        Database database = Database.ofSandbox();
        database.execute("""
                INSERT INTO erased_ids
                SELECT 'customer', erasure_hash('c-' || ?::text), 'infinity'::timestamptz, NULL, erasure_hash(?)
                UNION ALL SELECT 'organization', erasure_hash(?), 'infinity', 0, NULL
                """, organization, organization, organization);
        keysOfChanges.add(database.column("SELECT encode(erasure_hash(?), 'hex')", organization).getFirst());
        DataSubject subject = new DataSubject(organization, List.of(), List.of());
        for (HeldData room : rooms) {
            for (ErasureStep step : Stream.concat(room.stepsBefore().stream(), room.stepsAfter().stream()).toList()) {
                step.take(subject);
            }
        }
    }

    private void deliver(String body) {
        SignedDelivery delivery = SignedDelivery.of(body).with("webhook-api-version", "2026-10");
        deliver(delivery, "polar");
    }

    private void deliver(SignedDelivery delivery, String provider) {
        assertThat(delivery.send(service.resolve("/api/v1/" + provider + "/webhooks")).statusCode()).isEqualTo(202);
        webhookIds.add(delivery.webhookId());
    }

    private void republish() throws IOException, InterruptedException {
        String operator = new PlintoTokens(service).of("roles", List.of("ops"));
        post("/api/v1/polar/ops/republish", "authorization", "Bearer " + operator);
        post("/api/v1/polar/ops/republish?new_version=true", "authorization", "Bearer " + operator);
    }

    private static void awaitPublished() {
        new EndState(Database.ofSandbox(), TopicReader.ofSandbox()).awaitDrained(PATIENCE);
    }

    private String post(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path)).POST(BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
