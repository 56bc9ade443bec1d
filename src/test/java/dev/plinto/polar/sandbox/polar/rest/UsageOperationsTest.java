package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events of usage, meters and customers' meters, over HTTP.
class UsageOperationsTest extends PolarApiClient {

    @BeforeEach
    void forgetTheCustomersEvents() {
        polar.takeEvents();
    }

    @Test
    void usage_movesTheCustomersMeter_andIsToldOncePerIngest() {
        String meter = meter("sum");

        assertThat(ingest("""
                {"name":"llm","external_customer_id":"org-1","metadata":{"tokens":30}},
                {"name":"llm","external_customer_id":"org-1","metadata":{"tokens":12.5,"_llm":{"model":"m"}}},
                {"name":"other","external_customer_id":"org-1"}""").body())
                .isEqualTo("{\"inserted\":3,\"duplicates\":0}");

        assertThat(types()).containsExactly("customer.state_changed");
        JsonNode usage = json(get("/customer-meters/?external_customer_id=org-1&meter_id=" + meter)).at("/items/0");
        assertThat(usage.get("consumed_units").asDouble()).isEqualTo(42.5);
        assertThat(usage.get("balance").asDouble()).isEqualTo(-42.5);
        assertThat(usage.at("/customer/id").asText()).isEqualTo(customer.toString());
        assertThat(usage.at("/meter/name").asText()).isEqualTo("Tokens");
        assertThat(json(get("/customer-meters/" + usage.get("id").asText()))).isEqualTo(usage);
        ingest("{\"name\":\"other\",\"external_customer_id\":\"org-1\"}");
        assertThat(types()).as("no meter has moved").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"max, 40", "min, 5", "avg, 20", "unique, 3", "sum, 60", "count, 4"})
    void everyAggregation_isOfAllEvents(String function, double units) {
        meter(function);
        ingest(tokens(15) + "," + tokens(40));
        ingest(tokens(5) + "," + (function.equals("unique") || function.equals("count") ? tokens(5) : other(0)));

        assertThat(json(get("/customer-meters/")).at("/items/0/consumed_units").asDouble()).isEqualTo(units);
    }

    @Test
    void sameExternalId_countsOnce_alsoWithinOneRequest() {
        meter("sum");
        String event = """
                {"name":"llm","external_customer_id":"org-1","external_id":"e-%d","metadata":{"tokens":1}}""";

        assertThat(ingest(event.formatted(1) + "," + event.formatted(1)).body())
                .isEqualTo("{\"inserted\":1,\"duplicates\":1}");
        types();
        assertThat(ingest(event.formatted(1)).body()).isEqualTo("{\"inserted\":0,\"duplicates\":1}");
        assertThat(types()).isEmpty();
        assertThat(ids("/events/")).hasSize(1);
    }

    @Test
    void customerWhoIsNotThereYet_isFoundLaterByTheExternalId() {
        assertThat(ingest("{\"name\":\"llm\",\"external_customer_id\":\"org-9\"}").statusCode()).isEqualTo(200);
        assertThat(json(get("/events/")).at("/items/0/customer_id").isNull()).isTrue();
        UUID later = polar.customers().create("org-9");

        assertThat(json(get("/events/?customer_id=" + later)).at("/items/0/external_customer_id").asText())
                .isEqualTo("org-9");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"name\":\"llm\"} | external_customer_id",
            "{\"name\":\"llm\",\"customer_id\":\"00000000-0000-4000-8000-000000000000\"} | customer_id",
            "{\"external_customer_id\":\"org-1\"} | name",
            "{\"name\":\"llm\",\"external_customer_id\":\"org-1\",\"timestamp\":\"2026-11-04T08:00:00Z\"} | timestamp",
            "{\"name\":\"llm\",\"external_customer_id\":\"org-1\",\"timestamp\":\"2026-11-02T08:00:00\"} | timestamp",
            "{\"name\":\"llm\",\"external_customer_id\":\"org-1\",\"metadata\":{\"a\":{}}} | metadata"})
    void oneWrongEvent_refusesAll(String wrong, String field) {
        meter("sum");
        HttpResponse<String> refused = ingest(tokens(1) + "," + wrong);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).at("/detail/0/loc").toString())
                .startsWith("[\"body\",\"events\",1,\"" + field + "\"");
        assertThat(ids("/events/")).isEmpty();
        assertThat(types()).isEmpty();
    }

    @Test
    void events_areListedByWhatTheyAre_andByName() {
        String meter = meter("sum");
        ingest(tokens(1) + "," + tokens(2) + "," + other(3));

        assertThat(ids("/events/?meter_id=" + meter)).hasSize(2);
        assertThat(ids("/events/?name=other")).hasSize(1);
        assertThat(ids("/events/?metadata%5Btokens%5D=2")).hasSize(1);
        assertThat(ids("/events/?source=system")).isEmpty();
        assertThat(ids("/events/?start_timestamp=2026-11-04T00:00:00Z")).isEmpty();
        String id = ids("/events/?name=other").getFirst();
        assertThat(json(get("/events/" + id)).get("label").asText()).isEqualTo("other");
        JsonNode names = json(get("/events/names?external_customer_id=org-1&sorting=-occurrences")).get("items");
        assertThat(names.findValuesAsText("name")).containsExactly("llm", "other");
        assertThat(names.at("/0/occurrences").asInt()).isEqualTo(2);
        assertThat(json(get("/events/names?external_customer_id=org-2")).get("items")).isEmpty();
    }

    @Test
    void quantities_areByInterval() {
        String meter = meter("sum");
        ingest(tokens(1) + "," + at("2026-11-01T23:30:00Z", 7) + "," + at("2026-11-02T00:30:00Z", 9));
        String path = "/meters/" + meter + "/quantities?start_timestamp=2026-11-01T00:00:00Z"
                + "&end_timestamp=2026-11-03T00:00:00Z&interval=day";

        JsonNode days = json(get(path));
        assertThat(days.get("total").asDouble()).isEqualTo(16);
        assertThat(days.get("quantities").findValues("quantity").stream().map(JsonNode::asDouble))
                .containsExactly(7.0, 9.0);
        assertThat(json(get(path + "&external_customer_id=org-2")).get("total").asDouble()).isZero();
        assertThat(json(get(path + "&timezone=Europe/Berlin")).at("/quantities/1/quantity").asDouble())
                .as("the night of Berlin is earlier").isEqualTo(16);
        assertThat(get(path.replace("interval=day", "interval=minute")).statusCode()).isEqualTo(422);
        assertThat(get("/meters/" + meter + "/quantities?interval=day").statusCode()).isEqualTo(422);
    }

    private String meter(String function) {
        return json(send("POST", "/meters/", """
            {"name":"Tokens","aggregation":{"func":"%s","property":"tokens"},
             "filter":{"conjunction":"and","clauses":[{"property":"name","operator":"eq","value":"llm"}]}}"""
                .formatted(function))).get("id").asText();
    }

    private static String tokens(int tokens) {
        return "{\"name\":\"llm\",\"external_customer_id\":\"org-1\",\"metadata\":{\"tokens\":" + tokens + "}}";
    }

    private static String other(int tokens) {
        return tokens(tokens).replace("llm", "other");
    }

    private static String at(String timestamp, int tokens) {
        return tokens(tokens).replace("{\"name\"", "{\"timestamp\":\"" + timestamp + "\",\"name\"");
    }

    private HttpResponse<String> ingest(String events) {
        return send("POST", "/events/ingest", "{\"events\":[" + events + "]}");
    }

    private List<String> types() {
        return polar.takeEvents().stream().map(WebhookEvent::type).toList();
    }
}
