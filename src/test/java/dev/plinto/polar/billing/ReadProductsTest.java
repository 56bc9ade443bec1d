package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.AppliedEvents;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadProductsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TestHTTPResource("/")
    URI service;

    private final String id = "prod-" + UUID.randomUUID();
    private AppliedEvents polar;

    @BeforeEach
    void connect() {
        polar = new AppliedEvents(service, DATABASE);
        PolarsLists.areRead(DATABASE);
    }

    @Test
    void product_isToldWithPricesAndBenefits_withoutWhatIsTheMerchantsOwn() throws IOException {
        told("2026-11-01T00:00:00Z", """
                "name":"Pro","description":"For teams","recurring_interval":"month","recurring_interval_count":1,
                "trial_interval":"day","trial_interval_count":14,
                "metadata":{"public_order":2000.0,"public_badge":"popular","margin":0.81,"Public_x":"no"},
                "prices":[
                  {"id":"p1","created_at":"2026-01-01T00:00:00Z","modified_at":null,"source":"catalog",
                   "amount_type":"fixed","price_amount":2900,"price_currency":"eur","tax_behavior":"inclusive",
                   "is_archived":false,"product_id":"x"},
                  {"id":"p2","amount_type":"fixed","price_amount":1900,"price_currency":"eur","is_archived":true},
                  {"id":"p3","source":"ad_hoc","amount_type":"fixed","price_amount":1,"price_currency":"eur",
                   "is_archived":false},
                  {"id":"p4","source":"catalog","amount_type":"metered_unit","price_currency":"eur",
                   "tax_behavior":null,"is_archived":false,"unit_amount":"0.000000000001","cap_amount":null,
                   "meter_id":"m1","meter":{"id":"m1","name":"Calls"}},
                  {"id":"p5","source":"catalog","amount_type":"of-tomorrow","price_currency":"eur","is_archived":false,
                   "secret_margin":1}],
                "benefits":[{"id":"b2-%1$s","type":"feature_flag","description":"Exports","modified_at":null,
                             "created_at":"2026-10-01T00:00:00Z","metadata":{"feature":"exports","cost":3}},
                            {"id":"b1-%1$s","type":"custom","description":"Help","modified_at":null,
                             "created_at":"2026-10-01T00:00:00Z","metadata":{}}]
                """.formatted(id));

        assertThat(awaited()).isEqualTo(JSON.readTree("""
                {"product_id":"%1$s","name":"Pro","description":"For teams","recurring_interval":"month",
                 "recurring_interval_count":1,"trial_interval":"day","trial_interval_count":14,
                 "prices":[
                  {"price_id":"p1","amount_type":"fixed","price_amount":2900,"price_currency":"eur",
                   "tax_behavior":"inclusive"},
                  {"price_id":"p4","amount_type":"metered_unit","price_amount":null,"price_currency":"eur",
                   "tax_behavior":null,"unit_amount":"0.000000000001","cap_amount":null,"meter_id":"m1"},
                  {"price_id":"p5","amount_type":"of-tomorrow","price_amount":null,"price_currency":"eur",
                   "tax_behavior":null}],
                 "benefits":[
                  {"benefit_id":"b1-%1$s","type":"custom","description":"Help","feature":null},
                  {"benefit_id":"b2-%1$s","type":"feature_flag","description":"Exports","feature":"exports"}],
                 "metadata":{"public_order":2000.0,"public_badge":"popular"}}""".formatted(id)));
        assertThat(get().body()).contains("\"public_order\":2000.0,").doesNotContain("margin", "0.81", "cost");
    }

    @Test
    void hiddenArchivedAndUnknownProducts_areNotTold() {
        told("2026-11-01T00:00:00Z", "\"name\":\"Seen\"");
        awaited();

        for (String change : List.of("\"visibility\":\"private\"", "\"visibility\":\"draft\"", "\"is_archived\":true",
                "\"visibility\":null")) {
            told("2026-11-02T00:00:00Z", change);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(find(id)).as(change).isNull());
            told("2026-11-02T00:00:00Z", "\"name\":\"Seen again\"");
            awaited();
        }
        String mentioned = "mentioned-" + UUID.randomUUID();
        DATABASE.execute("INSERT INTO products (id) VALUES (?)", mentioned);
        assertThat(get().body()).doesNotContain(mentioned);
    }

    @Test
    void products_areInTheOrderInWhichTheyWereMade() {
        List<String> ids = Stream.of("c", "b", "a").map(letter -> letter + id).toList();
        for (int i = 0; i < ids.size(); i++) {
            told(ids.get(i), "2026-11-02T00:00:00Z", "\"created_at\":\"2026-05-0" + (i < 2 ? 1 : 9) + "T00:00:00Z\"");
        }

        await().atMost(PATIENCE).until(() -> find(ids.getLast()) != null);

        List<String> listed = items().stream().map(item -> item.get("product_id").asText()).filter(ids::contains)
                .toList();
        assertThat(listed).containsExactly(ids.get(1), ids.get(0), ids.get(2));
    }

    @Test
    void knownList_isNotSentAgain() {
        told("2026-11-01T00:00:00Z", "\"name\":\"Pro\"");
        awaited();
        HttpResponse<String> list = get();
        String tag = list.headers().firstValue("etag").orElseThrow();

        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(list.headers().firstValue("cache-control")).hasValue("public, max-age=60");
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> answer = get("if-none-match", known);
            assertThat(answer.statusCode()).as(known).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("etag")).hasValue(tag);
            assertThat(answer.headers().firstValue("cache-control")).hasValue("public, max-age=60");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "", ",", "\"", "W/", "x"})
    void otherTag_isAnsweredWithTheList(String known) {
        assertThat(get("if-none-match", known).statusCode()).isEqualTo(200);
    }

    @Test
    void changedProduct_changesTheTag() {
        told("2026-11-01T00:00:00Z", "\"name\":\"Pro\"");
        awaited();
        String before = get().headers().firstValue("etag").orElseThrow();

        told("2026-11-02T00:00:00Z", "\"name\":\"Pro, renamed\"");

        await().atMost(PATIENCE).until(() -> find(id).get("name").asText().equals("Pro, renamed"));
        assertThat(get("if-none-match", before).statusCode()).isEqualTo(200);
    }

    /// Anybody may ask, as often as they like: they wait for one query, and the next ones for none.
    @Test
    void manyRequests_costOneQuery() throws SQLException {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            get();
            try (Connection connection = lockedProducts()) {
                ask().get(300, TimeUnit.MILLISECONDS);
                connection.rollback();
            }
        });
        List<CompletableFuture<HttpResponse<String>>> answers;
        try (Connection connection = lockedProducts()) {
            await().atMost(PATIENCE).until(() -> {
                CompletableFuture<HttpResponse<String>> one = ask();
                return waitingQueries() > 0 && !one.isDone();
            });
            answers = Stream.generate(this::ask).limit(100).toList();
            await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> waitingQueries() == 1);
            connection.rollback();
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    /// Until the connection is closed.
    private static Connection lockedProducts() throws SQLException {
        Connection connection = DATABASE.connect();
        connection.setAutoCommit(false);
        connection.createStatement().execute("LOCK TABLE products IN ACCESS EXCLUSIVE MODE");
        return connection;
    }

    private static long waitingQueries() {
        return DATABASE.number("""
                SELECT count(*) FROM pg_stat_activity
                WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid() AND query LIKE '%FROM products WHERE%'
                """);
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        return HTTP.sendAsync(HttpRequest.newBuilder(service.resolve("/api/v1/polar/products")).build(),
                BodyHandlers.ofString());
    }

    private void told(String at, String more) {
        told(id, at, more);
    }

    /// Whatever is told in `more` counts; the rest is of a product that anybody may see.
    private void told(String product, String at, String more) {
        try {
            JsonNode data = JSON.readTree("{\"id\":\"" + product + "\",\"visibility\":\"public\",\"is_archived\":false,"
                    + "\"created_at\":\"2026-10-01T00:00:00Z\"}");
            String changed = JSON.readerForUpdating(data).readTree("{" + more + "}").toString();
            polar.deliver("product.updated", next(at), more.contains("2000.0")
                    ? changed.replaceAll("\"public_order\":[^,}]*", "\"public_order\":2000.0")
                    : changed);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private int told;

    /// Each later than the one before.
    private String next(String at) {
        return at.replace("Z", ".%06dZ".formatted(++told));
    }

    private JsonNode awaited() {
        return await().atMost(PATIENCE).until(() -> find(id), product -> product != null);
    }

    private JsonNode find(String product) {
        return items().stream().filter(item -> item.get("product_id").asText().equals(product)).findFirst()
                .orElse(null);
    }

    private List<JsonNode> items() {
        try {
            return JSON.readTree(get().body()).get("items").valueStream().toList();
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private HttpResponse<String> get(String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/api/v1/polar/products"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
