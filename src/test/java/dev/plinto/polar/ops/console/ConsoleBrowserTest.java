package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.ops.Format;
import dev.plinto.polar.testing.Axe;
import dev.plinto.polar.testing.Browser;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PastDecisions;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The console in a real browser, as an operator on call uses it.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConsoleBrowserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WIDE = 1280;
    private static final int NARROW = 390;

    private static Browser browser;

    private final Database database = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void reasonForLostAccessLastTuesday_isFoundInFourClicks() {
        String organization = "lost-" + UUID.randomUUID();
        LocalDate tuesday = LocalDate.now(ZoneOffset.UTC).with(TemporalAdjusters.previous(DayOfWeek.TUESDAY));
        Instant lost = tuesday.atTime(LocalTime.of(10, 15)).toInstant(ZoneOffset.UTC);
        new PastDecisions(organization).bought(lost.minus(Duration.ofDays(30))).couldNotPay(lost);
        browser.emulate(WIDE, false);
        int before = browser.clicks();

        browser.go(service.resolve("/ops"));
        browser.type("#lookup", organization);
        browser.click(".lookup button");

        assertThat(browser.text("#access")).isEqualTo("It has no access");
        assertThat(browser.text(".verdict")).contains("The last benefit that it had was Unlimited exports",
                "benefit_grant.revoked", "the subscription Pro, which was past_due then",
                "Decided " + Format.time(lost.toString()));
        browser.click(".verdict a");
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(browser.text("h1")).startsWith("benefit_grant.revoked"));
        assertThat(browser.text("#main")).contains("Benefits of " + organization, "None.", "Projected");
        assertThat(browser.clicks() - before).isLessThanOrEqualTo(4);
    }

    /// Of an organization that has access again, the moment in between can be searched.
    @Test
    void reasonForAPastLossOfAccess_isFoundAlsoAfterItReturned() {
        String organization = "again-" + UUID.randomUUID();
        Instant lost = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(3));
        new PastDecisions(organization).bought(lost.minus(Duration.ofDays(30))).couldNotPay(lost)
                .paidAfterAll(lost.plus(Duration.ofDays(1)));
        browser.emulate(WIDE, false);

        browser.go(service.resolve("/ops"));
        browser.type("#lookup", organization);
        browser.click(".lookup button");

        assertThat(browser.text("#access")).isEqualTo("It has access");
        assertThat(browser.text("#main")).contains("The account lost Unlimited exports.");
        browser.script("document.getElementById('at').value = '%s'"
                .formatted(lost.plusSeconds(60).toString().substring(0, 16)));
        browser.click("form[aria-label='A past moment'] button");
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(browser.text("#access")).startsWith("It had no access as of"));
        assertThat(browser.text(".verdict")).contains("the subscription Pro, which was past_due then");
        browser.click(".verdict a");
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(browser.text("h1")).startsWith("benefit_grant.revoked"));
    }

    @Test
    void parkedEvent_isReplayedWithTheKeyboardAlone() {
        String id = park("keyboard-" + UUID.randomUUID());
        browser.emulate(WIDE, false);
        browser.go(service.resolve("/ops/parked?type=keyboard.type"));

        browser.press(Browser.TAB);
        assertThat(browser.focused()).isEqualTo("Skip to content");
        browser.press(Browser.ENTER);
        tabTo("Replay… " + id);
        browser.press(Browser.ENTER);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(browser.text("h1")).isEqualTo("Replay one event?"));
        tabTo("Replay");
        assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle").textValue())
                .as("the focus is visible").isEqualTo("solid");
        browser.press(Browser.ENTER);

        await().atMost(PATIENCE).until(() -> browser.address().contains("/ops/parked?replayed=1"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(browser.text("#progress"))
                .isEqualTo("1 event was published again. It is projected, and no longer parked."));
        assertThat(database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id)).isEmpty();
    }

    /// Though the projection needs a while. The page is not loaded again: it stays the same document.
    @Test
    void pageAfterAReplay_showsTheResultByItself() {
        String id = park("awaited-" + UUID.randomUUID());
        browser.emulate(WIDE, false);
        browser.go(service.resolve("/ops/parked?type=keyboard.type&replayed=1&webhook_id=" + id + "&since="
                + Instant.now().plusSeconds(1)));
        assertThat(browser.text("#progress")).isEqualTo("1 event was published again. 1 waits to be projected.");
        assertThat(browser.text("#events")).contains(id);
        browser.script("window.isSameDocument = true");

        database.execute("DELETE FROM parked WHERE webhook_id = ?", id);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.text("#progress")).contains("no longer parked"));
        assertThat(browser.text("#events")).doesNotContain(id);
        assertThat(browser.script("return window.isSameDocument").booleanValue()).isTrue();
        assertThat(browser.script("return document.querySelector('[data-awaited]') === null").booleanValue()).isTrue();
    }

    @Test
    void newEvents_appearWhileFollowing() {
        browser.emulate(WIDE, false);
        browser.go(service.resolve("/ops/events"));
        browser.click("#follow");
        String id = park("followed-" + UUID.randomUUID());
        try {
            await().atMost(PATIENCE).until(() -> browser.text("#live").contains(id));
            assertThat(browser.text("#followed")).isEqualTo("Following.");
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
    }

    @Test
    void everyPage_isAccessible_wideAndNarrow_lightAndDark() throws Exception {
        Axe axe = Axe.install();
        String organization = "axe-" + UUID.randomUUID();
        Instant now = Instant.now();
        new PastDecisions(organization).bought(now.minus(Duration.ofDays(30)))
                .couldNotPay(now.minus(Duration.ofDays(6)));
        String parked = park("axe-" + UUID.randomUUID());
        parkUsage(organization);
        List<String> faults = new ArrayList<>();
        try {
            for (String page : List.of("", "/events", "/events?organization_id=" + organization, "/events?type=none",
                    "/events/revoked-" + organization, "/events/" + parked, "/events/none", "/accounts",
                    "/accounts?account=" + organization, "/accounts?account=" + organization + "&at=2026-01-01T00:00",
                    "/accounts?account=unknown", "/accounts?account=" + parked, "/parked", "/parked?type=none",
                    "/parked?replayed=1&since=2199-01-01T00:00&webhook_id=" + parked,
                    "/parked/replay?webhook_id=" + parked, "/parked/discard?webhook_id=" + parked,
                    "/parked/replay?reason=failed", "/usage",
                    "/usage?organization_id=" + organization, "/reconciliation",
                    "/reconciliation/run", "/audit")) {
                for (boolean dark : List.of(false, true)) {
                    browser.emulate(dark ? NARROW : WIDE, dark);
                    browser.go(service.resolve("/ops" + page));
                    faults.addAll(axe.faults(browser, page + (dark ? " narrow, dark" : " wide, light")));
                }
            }
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", parked);
            database.execute("DELETE FROM usage_events WHERE organization = ?", organization);
        }
        assertThat(faults).isEmpty();
        assertThat(browser.loggedErrors()).noneMatch(line -> line.contains("Content Security Policy"));
    }

    private void parkUsage(String organization) {
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state,
                                          reason)
                SELECT ?, gen_random_uuid(), 'answer-4711', 'tokens', 1250.5, now(), now(), 'parked',
                       'metadata.model: the value is not one of those that the meter knows'
                FROM generate_series(1, 2)
                """, organization);
    }

    private static void tabTo(String name) {
        for (int i = 0; i < 60; i++) {
            if (browser.focused().equals(name)) {
                return;
            }
            browser.press(Browser.TAB);
        }
        throw new AssertionError("the keyboard does not reach " + name);
    }

    private String park(String id) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'keyboard.type', 'failed', 'for a test', now(), 'webhook', ?)", id,
                "{\"type\":\"keyboard.type\",\"data\":{\"id\":\"1\"}}".getBytes(StandardCharsets.UTF_8));
        return id;
    }
}
