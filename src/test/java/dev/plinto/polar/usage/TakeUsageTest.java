package dev.plinto.polar.usage;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static dev.plinto.polar.usage.UsageClient.counts;
import static dev.plinto.polar.usage.UsageClient.json;
import static dev.plinto.polar.usage.UsageClient.taken;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Usage from the request to the database, over real HTTP.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class TakeUsageTest {

    private static final String COUNTER = "polar_usage_events_total";
    /// Of every call; and of an outage, which UsageIntakeTest causes.
    private static final Pattern OF_OTHERS = Pattern.compile(".* (404 role-not-running|500 internal-error|503 .*)"
            + "|.* default .*");

    @TestHTTPResource("/")
    URI service;

    private UsageClient producer;

    @AfterAll
    static void everyDocumentedAnswerCame() {
        assertThat(UsageClient.documentedAnswers().filter(answer -> !OF_OTHERS.matcher(answer).matches()))
                .isNotEmpty().allMatch(UsageClient.ANSWERED::contains);
    }

    @BeforeEach
    void know() {
        producer = new UsageClient(service);
    }

    @Test
    void oneEvent_isTakenWithTheTokensOrganization_aQuantityOf1_andTheTimeOfTheRequest() {
        Instant before = Instant.now();
        JsonNode receipt = taken(producer.send("{\"event_name\":\"api_call\"}", producer.member()));

        assertThat(receipt.path("accepted").asInt()).isOne();
        String key = receipt.at("/idempotency_keys/0").asText();
        assertThat(UUID.fromString(key).version()).isEqualTo(4);
        assertThat(producer.database.rows("""
                SELECT id::text, key, event_name, quantity::text, properties, state, occurred_at = due_at,
                       occurred_at BETWEEN ?::timestamptz AND clock_timestamp()
                FROM usage_events WHERE organization = ?
                """, before.minusMillis(1).toString(), producer.organization)).containsExactly(
                Arrays.asList(UsageId.of(producer.organization, key).value().toString(), key, "api_call", "1",
                        null, "pending", "t", "t"));
    }

    @Test
    void everyField_isKept() {
        Instant used = Instant.now().minus(Duration.ofDays(29)).truncatedTo(ChronoUnit.MICROS);
        producer.send("""
                {"events":[{"organization_id":"%s","event_name":"tokens","quantity":-2.50,
                 "properties":{"model":"large","size":1e3,"cached":true},"timestamp":"%s","idempotency_key":"a b"}]}
                """.formatted(producer.organization, used), producer.anyService());

        assertThat(producer.database.rows("""
                SELECT key, event_name, quantity::text, properties, occurred_at = ?::timestamptz
                FROM usage_events WHERE organization = ?
                """, used.toString(), producer.organization)).containsExactly(
                List.of("a b", "tokens", "-2.5", "{\"model\":\"large\",\"size\":1e3,\"cached\":true}", "t"));
    }

    @Test
    void sameKey_isTakenOnce() {
        assertThat(counts(event("k", "5"))).containsExactly(1, 0);
        assertThat(counts(event("k", "5.0"))).containsExactly(0, 1);
        assertThat(counts(producer.send("""
                {"events":[{"event_name":"api_call","quantity":5,"idempotency_key":"k"},
                           {"event_name":"api_call","quantity":2,"idempotency_key":"l"},
                           {"event_name":"api_call","quantity":2e0,"idempotency_key":"l"}]}
                """, producer.service()))).containsExactly(1, 2);

        assertThat(producer.keys()).containsExactly("k", "l");
    }

    @Test
    void sameKeyOfAnotherOrganization_isAnotherEvent() {
        UsageClient other = new UsageClient(service);

        assertThat(counts(event("k", "5"))).containsExactly(1, 0);
        assertThat(counts(other.send("{\"event_name\":\"export\",\"idempotency_key\":\"k\"}", other.service())))
                .containsExactly(1, 0);
        assertThat(producer.database.number("SELECT count(DISTINCT id) FROM usage_keys WHERE organization IN (?, ?)",
                producer.organization, other.organization)).as("ids at Polar").isEqualTo(2);
    }

    @Test
    void sameKeyWithAnotherQuantityOrName_isRefused_andNothingOfTheRequestIsTaken() {
        event("k", "5");

        HttpResponse<String> refused = producer.send("""
                {"events":[{"event_name":"api_call","idempotency_key":"new"},
                           {"event_name":"api_call","quantity":7,"idempotency_key":"k"}]}
                """, producer.service());

        assertProblem(refused, 409, "usage-key-reused", "reused");
        assertThat(json(refused).path("reused").toString()).isEqualTo("[{\"index\":1,\"idempotency_key\":\"k\","
                + "\"event_name\":\"api_call\",\"quantity\":7,\"taken_event_name\":\"api_call\","
                + "\"taken_quantity\":5}]");
        assertProblem(producer.send("{\"event_name\":\"export\",\"quantity\":5,\"idempotency_key\":\"k\"}",
                producer.service()), 409, "usage-key-reused", "reused");
        assertThat(producer.keys()).containsExactly("k");
    }

    @Test
    void sameKeyTwiceInARequestWithDifferentQuantities_isRefused() {
        HttpResponse<String> refused = producer.send("""
                {"events":[{"event_name":"api_call","quantity":1,"idempotency_key":"k"},
                           {"event_name":"api_call","quantity":2,"idempotency_key":"k"}]}
                """, producer.service());

        assertProblem(refused, 409, "usage-key-reused", "reused");
        assertThat(json(refused).at("/reused/0/index").asInt()).isOne();
        assertThat(producer.taken()).isZero();
    }

    @Test
    void keys_areToldInTheOrderOfTheEvents_alsoThoseThatAreMade() {
        JsonNode keys = taken(producer.send("""
                {"events":[{"event_name":"b","idempotency_key":"z"},{"event_name":"a"},
                           {"event_name":"c","idempotency_key":"a"}]}
                """, producer.service())).path("idempotency_keys");

        assertThat(keys).hasSize(3);
        assertThat(keys.get(0).asText()).isEqualTo("z");
        assertThat(keys.get(2).asText()).isEqualTo("a");
        assertThat(counts(producer.send("{\"event_name\":\"a\",\"idempotency_key\":" + keys.get(1) + "}",
                producer.service()))).containsExactly(0, 1);
    }

    @Test
    void thousandEvents_areTakenTogether() {
        String events = IntStream.range(0, 1_000).mapToObj(n -> "{\"event_name\":\"api_call\",\"quantity\":" + n
                + ",\"idempotency_key\":\"" + n + "\"}").collect(Collectors.joining(",", "{\"events\":[", "]}"));

        assertThat(counts(producer.send(events, producer.service()))).containsExactly(1_000, 0);
        assertThat(counts(producer.send(events, producer.service()))).containsExactly(0, 1_000);
        assertThat(producer.database.number("SELECT sum(quantity) FROM usage_events WHERE organization = ?",
                producer.organization)).isEqualTo(499_500);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                   | event_name
            {"event_name":""}                                                    | event_name
            {"event_name":" "}                                                   | event_name
            {"event_name":5}                                                     | event_name
            {"event_name":"a\\u0000b"}                                           | event_name
            {"event_name":"a\\ud800"}                                            | event_name
            {"event_name":"@129"}                                                | event_name
            {"event_name":"e","organization_id":""}                              | organization_id
            {"event_name":"e","organization_id":5}                               | organization_id
            {"event_name":"e","organization_id":"@501"}                          | organization_id
            {"event_name":"e","organization_id":"customer:1"}                    | organization_id
            {"event_name":"e","organization_id":"a\\nb"}                         | organization_id
            {"event_name":"e","quantity":"1"}                                    | quantity
            {"event_name":"e","quantity":true}                                   | quantity
            {"event_name":"e","quantity":1234567890123456}                       | quantity
            {"event_name":"e","quantity":1e15}                                   | quantity
            {"event_name":"e","quantity":1e999999999}                            | quantity
            {"event_name":"e","quantity":10e2147483647}                          | quantity
            {"event_name":"e","quantity":1e-2147483647}                          | quantity
            {"event_name":"e","quantity":1e99999999999}                          | quantity
            {"event_name":"e","quantity":0.0000000001}                           | quantity
            {"event_name":"e","quantity":1000000.1234567891}                     | quantity
            {"event_name":"e","quantity":1.00000000000000000000000000000000000001} | quantity
            {"event_name":"e","timestamp":"2026-11-30"}                          | timestamp
            {"event_name":"e","timestamp":"2026-11-30T09:05:01"}                 | timestamp
            {"event_name":"e","timestamp":1796029501}                            | timestamp
            {"event_name":"e","timestamp":"2020-01-01T00:00:00Z"}                | timestamp
            {"event_name":"e","timestamp":"9999-01-01T00:00:00Z"}                | timestamp
            {"event_name":"e","timestamp":"+6"}                                  | timestamp
            {"event_name":"e","timestamp":"-31"}                                 | timestamp
            {"event_name":"e","idempotency_key":""}                              | idempotency_key
            {"event_name":"e","idempotency_key":"  "}                            | idempotency_key
            {"event_name":"e","idempotency_key":5}                               | idempotency_key
            {"event_name":"e","idempotency_key":"\u00e9"}                        | idempotency_key
            {"event_name":"e","idempotency_key":"a\\tb"}                         | idempotency_key
            {"event_name":"e","idempotency_key":"@257"}                          | idempotency_key
            {"event_name":"e","properties":[]}                                   | properties
            {"event_name":"e","properties":"a"}                                  | properties
            {"event_name":"e","properties":{"quantity":1}}                       | properties
            {"event_name":"e","properties":{"_cost":1}}                          | properties
            {"event_name":"e","properties":{"_llm":1}}                           | properties
            {"event_name":"e","properties":{"":1}}                               | properties
            {"event_name":"e","properties":{"@41":1}}                            | properties
            {"event_name":"e","properties":{"a":""}}                             | properties
            {"event_name":"e","properties":{"a":"@501"}}                         | properties
            {"event_name":"e","properties":{"a":null}}                           | properties
            {"event_name":"e","properties":{"a":{}}}                             | properties
            {"event_name":"e","properties":{"a":[1]}}                            | properties
            {"event_name":"e","properties":{"a":1e400}}                          | properties
            {"event_name":"e","properties":{"a":"b\\u0000"}}                     | properties
            {"event_name":"e","price":1}                                         | price
            {"event_name":"e","a b":1}                                           | ''
            """)
    void whatCannotBeTaken_isNamed_whereverItIs(String event, String field) {
        String written = written(event);
        HttpResponse<String> alone = producer.send(written, producer.service());
        HttpResponse<String> second = producer.send("{\"events\":[{\"event_name\":\"e\"}," + written + "]}",
                producer.service());

        assertProblem(alone, 422, "usage-invalid", "errors");
        assertThat(json(alone).path("errors")).hasSize(1);
        assertThat(json(alone).at("/errors/0/field").asText()).isEqualTo(field);
        assertThat(json(alone).at("/errors/0/index").asInt()).isZero();
        assertThat(json(second).at("/errors/0/index").asInt()).isOne();
        assertThat(producer.taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"event_name":"e","quantity":0}
            {"event_name":"e","quantity":-0.0}
            {"event_name":"e","quantity":0e999999999}
            {"event_name":"e","quantity":999999999999999}
            {"event_name":"e","quantity":-999999.123456789}
            {"event_name":"e","quantity":100e12}
            {"event_name":"e","quantity":null}
            {"event_name":"e","organization_id":null,"timestamp":null,"properties":null,"idempotency_key":null}
            {"event_name":"e","timestamp":"+4"}
            {"event_name":"e","timestamp":"-29"}
            {"event_name":"@128"}
            {"event_name":"e","idempotency_key":"@256"}
            {"event_name":"e","properties":{}}
            {"event_name":"e","properties":{"@40":"@500"}}
            {"event_name":"\\ud83d\\ude00","properties":{"\u00e9":false}}
            """)
    void whatIsWithinTheLimits_isTaken(String event) {
        String written = written(event);
        assertThat(counts(producer.send(written, producer.service()))).containsExactly(1, 0);
    }

    /// `@5` is a text of five letters; `+5` in five minutes, `-5` five days ago.
    private static String written(String event) {
        String written = event;
        for (int length : List.of(500, 501, 256, 257, 128, 129, 40, 41)) {
            written = written.replace("@" + length + '"', "x".repeat(length) + '"');
        }
        for (int minutes : List.of(4, 6)) {
            written = written.replace("\"+" + minutes + '"', "\"" + Instant.now().plus(Duration.ofMinutes(minutes))
                    + '"');
        }
        for (int days : List.of(29, 31)) {
            written = written.replace("\"-" + days + '"', "\"" + Instant.now().minus(Duration.ofDays(days)) + '"');
        }
        return written;
    }

    @Test
    void everyFault_isTold_butNotWithoutEnd() {
        HttpResponse<String> refused = producer.send("""
                {"events":[{"event_name":"","quantity":"a"},{"event_name":"e"},7,{"x":1}],"when":1}
                """, producer.service());

        assertProblem(refused, 422, "usage-invalid", "errors");
        assertThat(json(refused).path("errors").valueStream()
                .map(fault -> fault.path("index") + " " + fault.path("field").asText()))
                .containsExactly("null when", "0 event_name", "0 quantity", "2 ", "3 x", "3 event_name");

        String many = IntStream.range(0, 1_000).mapToObj(n -> "{\"a\":1}")
                .collect(Collectors.joining(",", "{\"events\":[", "]}"));
        assertThat(json(producer.send(many, producer.service())).path("errors")).hasSize(50);
        assertThat(producer.taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | 400 | body-not-json
            []                        | 400 | body-not-json
            {"event_name":"e"} x      | 400 | body-not-json
            {"event_name":"e","event_name":"f"} | 400 | body-not-json
            {"events":[]}             | 422 | usage-invalid
            {"events":{}}             | 422 | usage-invalid
            {"events":null}           | 422 | usage-invalid
            """)
    void bodyThatIsNone_isRefused(String body, int status, String problem) {
        HttpResponse<String> refused = producer.send(body, producer.service());

        assertProblem(refused, status, problem, status == 422 ? new String[] {"errors"} : new String[0]);
    }

    @Test
    void tooMuch_isRefused() {
        String events = IntStream.range(0, 1_001).mapToObj(n -> "{\"event_name\":\"e\"}")
                .collect(Collectors.joining(",", "{\"events\":[", "]}"));
        assertProblem(producer.send(events, producer.service()), 422, "usage-invalid", "errors");
        assertProblem(producer.send("{\"event_name\":\"" + "e".repeat(1024 * 1024) + "\"}", producer.service()), 413,
                "usage-too-large");
    }

    @Test
    void whatAPersonsTokenMayNotSend_isRefused() {
        HttpResponse<String> refused = producer.send("""
                {"events":[{"event_name":"tokens"},{"event_name":"api_call"},{"event_name":"storage"}]}
                """, producer.member());

        assertProblem(refused, 403, "event-not-allowed", "event_names");
        assertThat(json(refused).path("event_names").toString()).isEqualTo("[\"storage\",\"tokens\"]");
        for (String quantity : List.of("0", "-1", "1.5", "1000000001")) {
            assertProblem(producer.send("{\"event_name\":\"export\",\"quantity\":" + quantity + "}",
                    producer.member()), 422, "usage-invalid", "errors");
        }
        assertThat(counts(producer.send("{\"event_name\":\"export\",\"quantity\":1e9}", producer.member())))
                .containsExactly(1, 0);
    }

    @Test
    void othersOrganization_isRefused_withTheWholeRequest() {
        String body = """
                {"events":[{"event_name":"api_call"},{"event_name":"api_call","organization_id":"another"}]}
                """;

        assertProblem(producer.send(body, producer.member()), 403, "organization-not-allowed");
        assertProblem(producer.send(body, "Bearer " + producer.tokens.service("billing:write")), 403,
                "role-not-allowed");
        assertThat(producer.taken()).isZero();
        HttpResponse<String> nobodys = producer.send("{\"event_name\":\"api_call\"}", producer.anyService());
        assertProblem(nobodys, 422, "usage-invalid", "errors");
        assertThat(json(nobodys).at("/errors/0/field").asText()).isEqualTo("organization_id");
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        assertProblem(producer.request("", "{\"event_name\":\"api_call\"}").join(), 401, "token-not-accepted");
        assertProblem(producer.request("?x=1", "{\"event_name\":\"api_call\"}", "authorization", producer.member())
                .join(), 400, "parameter-invalid");
        assertProblem(
                producer.request("", "{\"event_name\":\"api_call\"}", "authorization", producer.member(), "accept",
                        "image/png").join(),
                406, "http-406");
    }

    @Test
    void eventsAreCounted_byWhatBecameOfThem() {
        MetricsDelta measured = MetricsDelta.whenIdle(service);

        event("k", "5");
        producer.send("""
                {"events":[{"event_name":"a","idempotency_key":"l"},{"event_name":"a","idempotency_key":"l"},
                           {"event_name":"api_call","quantity":5,"idempotency_key":"k"}]}
                """, producer.service());
        event("k", "6");
        producer.send("{\"events\":[{\"event_name\":\"a\"},{}]}", producer.service());
        producer.send("{\"event_name\":\"tokens\"}", producer.member());

        measured.assertIncrease(2, COUNTER, "outcome=accepted");
        measured.assertIncrease(2, COUNTER, "outcome=duplicate");
        measured.assertIncrease(4, COUNTER, "outcome=refused");
        measured.assertIncrease(0, COUNTER, "outcome=rejected");
    }

    private HttpResponse<String> event(String key, String quantity) {
        return producer.send("{\"event_name\":\"api_call\",\"quantity\":%s,\"idempotency_key\":\"%s\"}"
                .formatted(quantity, key), producer.service());
    }
}
