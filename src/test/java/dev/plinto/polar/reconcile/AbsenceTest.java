package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What Polar does not show is not gone because of that: nothing ends by an answer that may be wrong.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class AbsenceTest extends AgainstPolar {

    private static final String EMPTY_LIST = "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}";

    @Inject
    RunStore store;

    @Inject
    ShowDrift drift;

    @Test
    void objectThatIsBackInTheNextRun_isNotEnded_andIsForgotten() throws Exception {
        polar.delivered(() -> polar.buy("org-flickers"));
        awaitProjected();
        TreeSet<String> live = liveGrants();
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/customers/") ? Optional.of(gone(path)) : Optional.empty());
        reconcile();
        assertThat(missing()).isEqualTo(1);

        polar.gateway.answerInstead(path -> Optional.empty());
        reconcile();

        assertThat(missing()).isZero();
        polar.gateway.answerInstead(path -> path.contains("/customers/") ? Optional.of(gone(path)) : Optional.empty());
        timePasses(PolarStack.GONE_AFTER);
        reconcile();
        assertThat(liveGrants()).as("two runs, but not one after the other").isEqualTo(live);
    }

    /// Since a start and an operator each request a run, two can be seconds apart.
    @Test
    void runSoonAfterTheFirst_endsNothing_andALaterOneDoes() throws Exception {
        polar.delivered(() -> polar.buy("org-outage"));
        awaitProjected();
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/customers/") ? Optional.of(gone(path)) : Optional.empty());
        reconcile();

        timePasses(PolarStack.GONE_AFTER.minusMinutes(1));
        reconcile();
        reconcile();
        awaitProjected();
        assertThat(deletedCustomers()).isZero();

        timePasses(Duration.ofMinutes(1));
        reconcile();
        awaitProjected();
        assertThat(deletedCustomers()).isEqualTo(1);
    }

    /// What counts is when Polar was asked, not when the run began, which may be hours before.
    @Test
    void runThatTookLong_isNotLongAgo() throws Exception {
        polar.delivered(() -> polar.buy("org-slow"));
        awaitProjected();
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> {
            if (!path.contains("/customers/")) {
                return Optional.empty();
            }
            database.execute("UPDATE reconciliation SET started_at = started_at - interval '1 hour', "
                    + "wanted_at = wanted_at - interval '1 hour'");
            return Optional.of(gone(path));
        });
        reconcile();
        polar.gateway.answerInstead(path -> path.contains("/customers/") ? Optional.of(gone(path)) : Optional.empty());

        reconcile();
        awaitProjected();

        assertThat(deletedCustomers()).isZero();
    }

    /// Its lists are empty, so that no object in them tells whose they are.
    @Test
    void tokenOfAnotherOrganizationWithoutObjects_endsNothing() {
        polar.delivered(() -> polar.buy("org-ours"));
        awaitProjected();
        TreeSet<String> live = liveGrants();
        polar.close();
        polar = new PlayedPolar(service, 5);
        polar.advanceClock(Duration.ofDays(1));

        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            runsThatGiveUp(3);

            assertThat(lines.lines()).singleElement().asString().startsWith("WARN")
                    .contains("names our organization at Polar", "POLAR_ACCESS_TOKEN");
        }
        assertThat(liveGrants()).isEqualTo(live);
        assertThatThrownBy(drift::show).isInstanceOf(TooMuchMissing.class);
    }

    @Test
    void emptyListsOfGrants_endNothing() {
        polar.delivered(() -> polar.buy("org-kept"));
        awaitProjected();
        TreeSet<String> live = liveGrants();
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/benefit-grants/")
                ? Optional.of(answer(200, EMPTY_LIST))
                : Optional.empty());

        runsThatGiveUp(3);

        assertThat(liveGrants()).isEqualTo(live);
    }

    /// And not even single objects are found.
    @Test
    void outageThatLooksLikeAbsence_endsNothing() {
        polar.delivered(() -> {
            for (int i = 0; i < 4; i++) {
                polar.buy("org-" + i);
            }
        });
        awaitProjected();
        TreeSet<String> live = liveGrants();
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/customers/") || path.contains("/subscriptions/")
                || path.contains("/benefit-grants/") ? Optional.of(gone(path)) : Optional.empty());

        runsThatGiveUp(3);

        assertThat(liveGrants()).isEqualTo(live);
        assertThat(database.number("SELECT count(*) FROM subscriptions WHERE ended_at IS NOT NULL")).isZero();
    }

    /// Each customer's grants are read again by a filter.
    @Test
    void filterThatPolarIgnores_endsNothing() throws Exception {
        UUID[] customer = new UUID[2];
        polar.delivered(() -> {
            for (int i = 0; i < 2; i++) {
                customer[i] = polar.polar.customers().create("org-" + i);
                polar.polar.grants().give(customer[i], polar.polar.catalogue().addBenefit("Help", "help"));
            }
        });
        awaitProjected();
        TreeSet<String> live = liveGrants();
        String of0 = database.column("SELECT id FROM grants WHERE customer_id = ?", customer[0].toString()).getFirst();
        String others = EMPTY_LIST.replace("[]",
                """
                [{"id":"%s","customer_id":"%s","benefit_id":"b","is_granted":true,
                  "granted_at":"2026-11-01T08:00:00Z"}]"""
                        .formatted(of0, customer[0]));
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/benefit-grants/")
                ? Optional.of(answer(200, others))
                : Optional.empty());

        runsThatGiveUp(3);

        assertThat(liveGrants()).isEqualTo(live);
    }

    private void runsThatGiveUp(int runs) {
        for (int run = 1; run <= runs; run++) {
            int expected = run;
            reconciliation.request();
            await().atMost(TIMEOUT).until(() -> database.number(
                    "SELECT count(*) FROM reconciliation_runs WHERE outcome = 'given_up'") == expected);
        }
    }

    private long missing() {
        return database.number("SELECT count(*) FROM reconciliation_missing WHERE kind = 'customer'");
    }

    private long deletedCustomers() {
        return database.number("SELECT count(*) FROM customers WHERE deleted_at IS NOT NULL");
    }

    /// An empty list, or that the single object does not exist.
    private static Answer gone(String path) {
        return path.contains("?")
                ? answer(200, EMPTY_LIST)
                : answer(404, "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}");
    }

    private static Answer answer(int status, String body) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME
                .format(Instant.parse("2026-11-01T08:05:00Z").atOffset(ZoneOffset.UTC));
        return new Answer(status,
                Map.of("content-type", "application/json", "x-polar-sandbox", "1", "date", date), body);
    }
}
