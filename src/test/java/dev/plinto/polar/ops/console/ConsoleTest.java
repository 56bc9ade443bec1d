package dev.plinto.polar.ops.console;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the console shows, and to whom. [ConsoleBrowserTest] tests it in a browser.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    private ConsoleClient visitor;

    @BeforeEach
    void visit() {
        visitor = new ConsoleClient(service);
    }

    @Test
    void sandbox_signsTheOperatorInAutomatically_andSaysSo() {
        assertThat(visitor.get("/ops").body()).contains("Signed in as <strong>usr_sandbox</strong>",
                "This is the sandbox: you are signed in automatically.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ops", "/ops/events", "/ops/events/none", "/ops/accounts", "/ops/parked",
            "/ops/parked/replay?reason=failed", "/ops/parked/discard?reason=failed", "/ops/reconciliation",
            "/ops/reconciliation/run", "/ops/audit",
            "/ops/contradictions", "/ops/unlinked", "/ops/nowhere"})
    void everyPage_forbidsForeignContent(String page) {
        HttpResponse<String> answer = visitor.get(page);

        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'; script-src 'self'")
                .contains("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.body()).doesNotContainPattern("(?i)<style|style=|<script>|\\son\\w+=|NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ops", "/ops/events", "/ops/accounts?account=org-1", "/ops/parked", "/ops/reconciliation",
            "/ops/contradictions", "/ops/unlinked", "/ops/audit"})
    void withoutTheRoleOps_nothingIsShown(String page) {
        PlintoTokens tokens = new PlintoTokens(service);

        HttpResponse<String> member = visitor.get(page, "authorization",
                "Bearer " + tokens.of("roles", List.of("owner")));
        assertThat(member.statusCode()).isEqualTo(403);
        assertThat(member.body()).contains("Send a token with the role ops.").doesNotContain("<nav");
        assertThat(visitor.get(page, "authorization", "Bearer x").statusCode()).isEqualTo(401);
        assertThat(visitor.get(page, "authorization", "Bearer " + tokens.of("roles", List.of("ops"))).statusCode())
                .isEqualTo(200);
    }

    /// The forms of all pages.
    static Stream<String> forms() {
        return Stream.of(ShowOverview.class, ShowEvents.class, ShowAccount.class, ShowParked.class,
                ShowReconciliation.class, ShowAuditLog.class, SignOut.class)
                .flatMap(pages -> Arrays.stream(pages.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(POST.class))
                        .map(method -> pages.getAnnotation(Path.class).value() + "/"
                                + method.getAnnotation(Path.class).value().replace("{webhook_id}", "none")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void formThatTheConsoleDidNotServe_doesNothing(String action) {
        long before = database.number("SELECT count(*) FROM audit_log");

        assertThat(visitor.post(action, Map.of("type", "a.b")).statusCode()).isEqualTo(400);
        assertThat(visitor.post(action, Map.of("type", "a.b", "form", "x")).statusCode()).isEqualTo(400);
        HttpResponse<String> fromElsewhere = visitor.post(action, Map.of("type", "a.b", "form", visitor.formToken()),
                "sec-fetch-site", "cross-site");
        assertThat(fromElsewhere.statusCode()).isEqualTo(400);
        assertThat(fromElsewhere.body()).contains("sent by another site");
        assertThat(database.number("SELECT count(*) FROM audit_log")).isEqualTo(before);
    }

    @Test
    void formOfAnotherOperator_doesNothing() {
        PlintoTokens tokens = new PlintoTokens(service);
        String first = "Bearer " + tokens.of("roles", List.of("ops"), "sub", "usr_first");
        String second = "Bearer " + tokens.of("roles", List.of("ops"), "sub", "usr_second");
        String form = visitor.get("/ops/reconciliation/run", "authorization", first).body()
                .replaceFirst("(?s).*name=\"form\" value=\"([^\"]*)\".*", "$1");

        assertThat(visitor.post("/ops/sign-out", Map.of("form", form), "authorization", second).statusCode())
                .isEqualTo(400);
        assertThat(visitor.post("/ops/sign-out", Map.of("form", form)).statusCode()).isEqualTo(400);
        assertThat(visitor.post("/ops/sign-out", Map.of("form", form), "authorization", first).statusCode())
                .isEqualTo(200);
    }

    @Test
    void markupInDataOfPolar_isEscaped() {
        String mark = "<img src=x onerror=alert(1)>" + UUID.randomUUID();
        String id = "\"><script>" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, ?, 'failed', ?, now(), 'webhook', ?)", id, mark, mark,
                ("{\"type\":\"a\",\"" + "<b>" + "\":{\"id\":1}}").getBytes(StandardCharsets.UTF_8));
        try {
            for (String page : List.of("/ops/events", "/ops/events/" + encoded(id),
                    "/ops/parked/replay?webhook_id=" + encoded(id), "/ops/parked?reason=failed&type=" + encoded(mark),
                    "/ops/events?type=" + encoded(mark), "/ops/accounts?account=" + encoded(mark))) {
                HttpResponse<String> answer = visitor.get(page);
                assertThat(answer.statusCode()).as(page).isEqualTo(200);
                assertThat(answer.body()).as(page).contains("&lt;").doesNotContain("<img", "<script>", "<b>");
            }
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
    }

    @Test
    void eventPage_showsTimelineAndChanges_withoutPersonalData() {
        String organization = "org-" + UUID.randomUUID();
        SignedDelivery delivery = SignedDelivery.of("""
                {"type":"benefit_grant.created","timestamp":"2026-10-01T08:00:00Z","data":{"id":"g-%1$s",
                 "customer_id":"c-%1$s","benefit_id":"b-1","is_granted":true,
                 "customer":{"id":"c-%1$s","external_id":"%1$s",
                 "email":"%2$s@example.com","name":"%2$s","created_at":"2026-10-01T08:00:00Z"},"benefit":{"id":"b-1",
                 "type":"custom","description":"Help by phone","metadata":{"feature":"phone"},
                 "created_at":"2026-10-01T08:00:00Z"}}}
                """.formatted(organization, PRIVATE));
        delivery.send(service.resolve("/api/v1/polar/webhooks"));

        HttpResponse<String> page = await().atMost(PATIENCE).until(
                () -> visitor.get("/ops/events/" + delivery.webhookId()), answer -> answer.statusCode() == 200);

        assertThat(page.body()).contains("Emitted by Polar", "Received", "Projected", "polar.entitlement.changed",
                "Help by phone.", "/ops/accounts?account=" + organization, "(masked text)").doesNotContain(PRIVATE);
        String account = visitor.get("/ops/accounts?account=" + organization).body();
        assertThat(account).contains("It has access", "The account may use Help by phone.", "c-" + organization)
                .doesNotContain(PRIVATE);
        assertThat(visitor.get("/ops/events?organization_id=" + organization).body()).contains(delivery.webhookId());
    }

    /// Some merchants make an address the external id. Who does not ask by it, does not see it.
    @Test
    void accountThatIsAnAddress_isMasked() {
        String run = UUID.randomUUID().toString();
        String address = PRIVATE + run + "@example.com";
        SignedDelivery delivery = SignedDelivery.of("""
                {"type":"benefit_grant.created","timestamp":"2026-10-01T08:00:00Z","data":{"id":"g-%1$s",
                 "customer_id":"c-%1$s","benefit_id":"b-1","is_granted":true,"properties":{"%2$s":1},
                 "customer":{"id":"c-%1$s","external_id":"%2$s","created_at":"2026-10-01T08:00:00Z"},
                 "benefit":{"id":"b-1","type":"custom","description":"Help by phone",
                 "created_at":"2026-10-01T08:00:00Z"}}}
                """.formatted(run, address));
        delivery.send(service.resolve("/api/v1/polar/webhooks"));

        HttpResponse<String> page = await().atMost(PATIENCE).until(
                () -> visitor.get("/ops/events/" + delivery.webhookId()), answer -> answer.statusCode() == 200);

        assertThat(page.body()).contains("Account: (masked address)", "Benefits of (masked address)", "(masked key 1)")
                .doesNotContain(PRIVATE, "example.com");
        assertThat(new Operator(service, "usr_ops").get("events/" + delivery.webhookId()).body())
                .contains("(masked address)").doesNotContain(PRIVATE, "example.com");
        assertThat(visitor.get("/ops/events?customer_id=c-" + run).body()).doesNotContain(PRIVATE);
        assertThat(visitor.get("/ops/accounts?account=customer%3Ac-" + run).body()).contains("(masked address)")
                .doesNotContain(PRIVATE);
        assertThat(visitor.get("/ops/accounts?account=" + encoded(address)).body()).contains(address, "It has access");
    }

    @Test
    void eventPage_showsAnotherBodyWithItsId_withoutPersonalData() {
        String body = "{\"type\":\"test.type\",\"data\":{\"name\":\"%s\",\"status\":\"%s\"}}";
        SignedDelivery first = SignedDelivery.of(body.formatted(PRIVATE, "first"));
        SignedDelivery second = SignedDelivery.of(first.webhookId(),
                body.formatted(PRIVATE, "second").getBytes(StandardCharsets.UTF_8), Instant.now());
        first.send(service.resolve("/api/v1/polar/webhooks"));
        await().atMost(PATIENCE).until(() -> visitor.get("/ops/events/" + first.webhookId()).statusCode() == 200);
        assertThat(visitor.get("/ops/events/" + first.webhookId()).body()).doesNotContain("Other bodies");

        second.send(service.resolve("/api/v1/polar/webhooks"));

        HttpResponse<String> page = await().atMost(PATIENCE).until(
                () -> visitor.get("/ops/events/" + first.webhookId()),
                answer -> answer.body().contains("Other bodies with this webhook id"));
        assertThat(page.body()).contains("&quot;first&quot;", "&quot;second&quot;").doesNotContain(PRIVATE);
        assertThat(visitor.get("/ops/events?conflicting=true").body()).contains(first.webhookId());
        assertThat(visitor.get("/ops/events?conflicting=perhaps").statusCode()).isEqualTo(400);
        JsonNode conflicts = Operator.json(new Operator(service, "usr_ops").get("events/" + first.webhookId()))
                .get("conflicts");
        assertThat(conflicts).hasSize(1);
        assertThat(conflicts.get(0).at("/payload/data").toString())
                .isEqualTo("{\"name\":\"(masked text)\",\"status\":\"second\"}");
    }

    @Test
    void replay_isConfirmed_done_andAudited() {
        String id = "replayed-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'test.type', 'failed', 'for a test', now(), 'webhook', ?)", id,
                "{\"type\":\"test.type\",\"data\":{}}".getBytes(StandardCharsets.UTF_8));
        assertThat(visitor.get("/ops/parked?type=test.type&reason=failed").body()).contains(id, "Replay all of these…");
        assertThat(visitor.get("/ops/parked/replay?webhook_id=" + id).body())
                .contains("Replay one event?", "What will happen", "it stays parked, with one more attempt");

        HttpResponse<String> done = visitor.post("/ops/parked/replay",
                Map.of("webhook_id", id, "form", visitor.formToken()), "sec-fetch-site", "same-origin");

        assertThat(done.statusCode()).isEqualTo(303);
        String after = done.headers().firstValue("location").orElseThrow();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(visitor.get(after).body())
                .contains("1 event was published again. It is projected, and no longer parked."));
        assertThat(database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id)).isEmpty();
        assertThat(database.rows("SELECT begun.actor, begun.way, begun.action, ended.result FROM audit_log AS begun "
                + "JOIN audit_log AS ended ON ended.begun = begun.id WHERE begun.target = ?", id))
                .containsExactly(List.of("usr_sandbox", "console", "replay_parked", "1 event"));
        assertThat(visitor.get("/ops/audit").body()).contains(id, "replay_parked", "usr_sandbox");
    }

    @Test
    void discard_isConfirmed_done_andAuditedWithItsReason() {
        String id = "discarded-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'discard.type', 'failed', 'for a test', now(), 'webhook', 'x')", id);
        assertThat(visitor.get("/ops/parked?type=discard.type").body()).contains(id, "Discard all of these…");
        assertThat(visitor.get("/ops/events/" + id).body()).contains("Discard…");
        assertThat(visitor.get("/ops/parked/discard?webhook_id=" + id).body())
                .contains("Discard one event?", "What will happen", "this cannot be undone");
        assertThat(visitor.get("/ops/parked/discard?type=discard.type").body())
                .contains("Discard all events of any reason, type discard.type?", id);
        Map<String, String> form = Map.of("webhook_id", id, "form", visitor.formToken(), "why", "a test's own");

        assertThat(visitor.post("/ops/parked/discard", Map.of("webhook_id", id, "form", visitor.formToken()),
                "sec-fetch-site", "same-origin").statusCode()).isEqualTo(400);
        HttpResponse<String> done = visitor.post("/ops/parked/discard", form, "sec-fetch-site", "same-origin");

        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(visitor.get(done.headers().firstValue("location").orElseThrow()).body()).contains("1 discarded");
        assertThat(visitor.get("/ops/events/" + id).body()).contains("an operator has discarded it");
        assertThat(visitor.get("/ops/audit").body()).contains(id, "discard_parked", "a test&#39;s own");
    }

    @Test
    void parkedEventWithoutABody_offersNoReplay() {
        String id = "forgotten-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body, "
                + "body_forgotten_at) VALUES (?, 'forgotten.type', 'failed', 'x', now(), 'webhook', '', now())", id);
        try {
            assertThat(visitor.get("/ops/parked?type=forgotten.type").body()).contains(id, "body deleted")
                    .doesNotContain("Replay… " + id);
            assertThat(visitor.get("/ops/events/" + id).body()).contains("It cannot be replayed", "Discard…")
                    .doesNotContain("Replay…");
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
    }

    @Test
    void overview_statesWhatIsWrong() {
        String id = "overview-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'test.type', 'failed', 'for a test', now(), 'webhook', '\\x00')", id);
        try {
            assertThat(visitor.get("/ops").body())
                    .contains("could not be applied.", "href=\"/ops/parked?reason=failed\"")
                    .doesNotContain("All is well");
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(visitor.get("/ops").body()).contains("Partitions of"));
    }

    /// Clocks differ: an event may be handled before it was received, by another clock.
    @Test
    void overview_showsNoNegativeTime_andReportsLateEvents() {
        String run = UUID.randomUUID().toString();
        String events = "INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin) "
                + "SELECT ? || n, 'order.paid', 'applied', now(), now() + ?::interval, now() + interval '1 s', "
                + "'webhook' FROM generate_series(1, 1000) AS n";
        try {
            database.execute(events, run, "1400 ms");
            assertThat(visitor.get("/ops").body()).contains("median of the last hour</dt><dd>0 ms<")
                    .doesNotContain("decided late");

            database.execute("UPDATE inbox SET received_at = now() - interval '100 s' WHERE starts_with(webhook_id, ?)",
                    run);
            assertThat(visitor.get("/ops").body()).contains("Access was decided late within the last hour");
        } finally {
            database.execute("DELETE FROM inbox WHERE starts_with(webhook_id, ?)", run);
        }
    }

    /// The database would refuse such a value; that must not count as an outage.
    @ParameterizedTest
    @CsvSource({"/ops/parked/replay?webhook_id=%00, 404", "/ops/events?from=%2B99999-01-01T00:00:00Z, 400",
            "/ops/events?until=-9999-01-01T00:00:00Z, 400", "/ops/accounts?account=a&at=%2B99999-01-01T00:00:00Z, 400",
            "/ops/events?webhook_id=%00, 400", "/ops/accounts?account=%00, 400", "/ops/events/%00, 404",
            "/ops/parked?type=%00, 400"})
    void valueThatCannotBeStored_isRefused(String page, int status) {
        assertThat(visitor.get(page).statusCode()).isEqualTo(status);
    }

    /// An interrupted run has no end; repairs of later runs do not count as its own.
    @Test
    void repairs_countForTheirOwnRun() {
        String event = "repair-" + UUID.randomUUID();
        database.execute("INSERT INTO reconciliation_runs (started_at) VALUES "
                + "('2025-01-01'), ('2025-01-02'), ('2025-01-03')");
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin) "
                + "VALUES (?, 'a.snapshot', 'applied', now(), '2025-01-02', '2025-01-02', 'reconcile')", event);
        try {
            Map<String, Long> repairs = new HashMap<>();
            Operator.json(new Operator(service, "usr_ops").get("reconcile")).path("runs").forEach(
                    run -> repairs.put(run.path("started_at").asText().substring(0, 10), run.path("repairs").asLong()));

            assertThat(repairs).containsEntry("2025-01-01", 0L).containsEntry("2025-01-02", 1L);
        } finally {
            database.execute("DELETE FROM inbox WHERE webhook_id = ?", event);
            database.execute("DELETE FROM reconciliation_runs WHERE started_at < '2026-01-01'");
        }
    }

    @Test
    void page_reportsADatabaseThatDoesNotAnswer() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE");

            HttpResponse<String> answer = visitor.get("/ops/audit");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("<h1>The database does not answer</h1>", "/q/health/ready");
            connection.rollback();
        }
    }

    @Test
    void search_isFastAmongAHundredThousandEvents() {
        String run = UUID.randomUUID().toString();
        // within the retention
        Instant midnight = LocalDate.now(ZoneOffset.UTC).minusDays(100).atStartOfDay().toInstant(ZoneOffset.UTC);
        database.execute(
                "INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin, subject) "
                        + "SELECT ? || ':' || n, CASE WHEN n = 100 THEN 'rare.type' ELSE 'order.paid' END, "
                        + "CASE WHEN n = 100 THEN 'stale' ELSE 'applied' END, t, t, t, 'webhook', ? || ':c' || n / 10 "
                        + "FROM (SELECT n, ?::timestamptz + n * interval '1 s' AS t "
                        + "FROM generate_series(1, 100000) AS n) AS made",
                run, run, midnight.toString());
        database.execute("ANALYZE inbox");
        try {
            Duration ofNewest = fastest("", "<h1>");
            for (String search : List.of("webhook_id=" + run + "%3A100", "type=rare.type",
                    "type=rare.type&outcome=stale",
                    "customer_id=" + run + "%3Ac10", "organization_id=customer%3A" + run + "%3Ac10",
                    "from=" + midnight.plusSeconds(100) + "&until=" + midnight.plusSeconds(101))) {
                assertThat(fastest(search, run + ":100<")).as(search).isLessThan(ofNewest.multipliedBy(10));
            }
            HttpResponse<String> second = visitor
                    .get(older(visitor.get("/ops/events?until=" + midnight.plus(Duration.ofDays(1)))));
            assertThat(second.body()).contains(run + ":86349<").doesNotContain(run + ":86350<", run + ":86299<");
        } finally {
            database.execute("DELETE FROM inbox WHERE starts_with(webhook_id, ?)", run);
        }
    }

    /// Of some, since plans and code are warm from the second time on.
    private Duration fastest(String search, String wanted) {
        return IntStream.range(0, 8).mapToObj(time -> search(search, wanted)).min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private Duration search(String search, String wanted) {
        long began = System.nanoTime();
        HttpResponse<String> found = visitor.get("/ops/events?" + search);
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        assertThat(found.body()).as(search).contains(wanted);
        return time;
    }

    private static String older(HttpResponse<String> page) {
        return page.body().replaceFirst("(?s).*href=\"([^\"]*)\" rel=\"next\".*", "$1").replace("&amp;", "&");
    }
}
