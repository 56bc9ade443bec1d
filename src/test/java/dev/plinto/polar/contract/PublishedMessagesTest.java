package dev.plinto.polar.contract;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.contract.AsyncApi.DocumentedRecord;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The records of all kinds of messages match `api/asyncapi.yaml`.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PublishedMessagesTest {

    private static final AsyncApi ASYNCAPI = new AsyncApi();

    /// For each example in the document, the predicate of its kind of message.
    private static final Map<String, Predicate<JsonNode>> KINDS = Map.ofEntries(
            Map.entry("entitlementChanged/granted", message -> !message.get("granted").isEmpty()),
            Map.entry("entitlementChanged/emptied",
                    message -> message.get("entitlements").isEmpty() && !message.get("revoked").isEmpty()),
            Map.entry("entitlementChanged/unlinked", message -> message.get("organization_id").isNull()),
            Map.entry("subscriptionChanged/first", message -> message.get("previous_status").isNull()),
            Map.entry("subscriptionChanged/changed", message -> message.get("previous_status").isTextual()),
            Map.entry("subscriptionChanged/unlinked", message -> message.get("organization_id").isNull()),
            Map.entry("erasure/begun", message -> message.get("erased_until").isNull()),
            Map.entry("erasure/complete", message -> message.get("erased_until").isTextual()),
            Map.entry("delivery/delivery", message -> true),
            Map.entry("unparseableDelivery/unparseable", message -> true),
            Map.entry("conektaDelivery/paid", message -> message.get("type").asText().equals("order.paid")),
            Map.entry("unparseableConektaDelivery/unparseableConekta", message -> true),
            Map.entry("snapshot/gone", message -> message.get("gone").asBoolean()));

    /// Read once for all tests.
    private static List<DocumentedRecord> records;

    @TestHTTPResource("/")
    URI service;

    @Inject
    RawTopic rawTopic;

    @Inject
    PolarDialect polar;

    @Inject
    @All
    List<HeldData> rooms;

    @BeforeEach
    void provokeMessagesOnce() throws Exception {
        if (records == null) {
            records = new EveryMessage(service, rawTopic, polar, rooms).provoke().records(ASYNCAPI);
        }
    }

    @AfterAll
    static void forget() {
        records = null;
    }

    @Test
    void message_hasExactlyTheDocumentedFields() {
        assertThat(faults(ASYNCAPI::faultsOfPayload)).isEmpty();
    }

    @Test
    void message_hasExactlyTheDocumentedHeaders() {
        assertThat(faults(ASYNCAPI::faultsOfHeaders)).isEmpty();
    }

    @Test
    void message_hasTheDocumentedKey() {
        assertThat(faults(ASYNCAPI::faultsOfKey)).isEmpty();
    }

    /// No schema can express this.
    @Test
    void headersOfAChange_agreeWithItsFields() {
        assertThat(changes()).isNotEmpty().allMatch(PublishedMessagesTest::agrees, "has matching headers");
    }

    @Test
    void everyDocumentedKindOfMessage_wasPublished() {
        assertThat(ASYNCAPI.kinds()).isEqualTo(new TreeSet<>(KINDS.keySet()));
        assertThat(KINDS).allSatisfy((kind, isOne) -> assertThat(records)
                .filteredOn(record -> record.message().equals(kind.substring(0, kind.indexOf('/'))))
                .as(kind)
                .anyMatch(record -> isOne.test(record.payload())));
    }

    @Test
    void republishedMessage_isUnchanged() {
        Map<JsonNode, List<DocumentedRecord>> byId = changes().stream()
                .collect(groupingBy(change -> change.headers().path("ce_id")));

        assertThat(byId.values()).anyMatch(same -> same.size() > 1)
                .allSatisfy(same -> assertThat(same).containsOnly(same.getFirst()));
    }

    private static Stream<String> faults(Function<DocumentedRecord, List<String>> rule) {
        return records.stream().flatMap(record -> rule.apply(record).stream()
                .map(fault -> record.message() + " " + record.key() + ": " + fault));
    }

    private static boolean agrees(DocumentedRecord change) {
        JsonNode message = change.payload();
        JsonNode key = message.path(change.message().equals("entitlementChanged") ? "account" : "subscription_id");
        String version = message.path("version").asText();
        return change.key().equals(key)
                && change.headers().path("ce_subject").equals(message.path("account"))
                && change.headers().path("ce_sequence").asText().equals(version)
                && change.headers().path("ce_id").asText().equals(key.asText() + ":" + version)
                && change.headers().path("ce_time").equals(message.at("/cause/timestamp"));
    }

    private static List<DocumentedRecord> changes() {
        return records.stream().filter(record -> record.message().endsWith("Changed")).toList();
    }
}
