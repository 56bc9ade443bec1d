package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.PersonalDataSearch;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Polar still has a customer whose data was erased here.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class ReconcileErasedTest extends AgainstPolar {

    private static final String EMAIL = "mika-erased@example.org";

    @AfterEach
    void tidyUp() {
        database.execute("DELETE FROM erased_ids");
    }

    @Test
    void snapshots_bringNothingPersonal_alsoNotToTheRawTopic_andRepairAccess() {
        UUID[] bought = new UUID[1];
        polar.delivered(() -> polar.buy("org-erased"));
        awaitProjected();
        String customer = database.column("SELECT id FROM customers WHERE external_id = 'org-erased'").getFirst();
        database.execute("""
                INSERT INTO erased_ids SELECT 'customer', erasure_hash(?), 'infinity', NULL, erasure_hash('org-erased')
                """, customer);
        polar.withoutEvents(() -> {
            polar.polar.customers().addMember(UUID.fromString(customer), EMAIL);
            bought[0] = polar.polar.checkouts().purchaseSeats(UUID.fromString(customer), 3, Map.of());
            polar.polar.seats().claim(polar.polar.seats().assign(bought[0], EMAIL));
        });
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(database.column("SELECT email FROM members WHERE customer_id = ?", customer)).hasSizeGreaterThan(1)
                .containsNull();
        assertThat(database.column("SELECT id FROM subscriptions WHERE id = ?", bought[0].toString())).hasSize(1);
        assertThat(new PersonalDataSearch(database).columnsWith(EMAIL)).isEmpty();
        assertThat(publishedByReconciliation()).isNotEmpty().noneMatch(body -> body.contains(EMAIL));
        assertSameAsPolar();

        Map<String, Double> repaired = repairs();
        polar.advanceClock(Duration.ofDays(1)); // members are read once a day
        reconcile();
        assertThat(repairs()).as("nothing differs any more").isEqualTo(repaired);
    }

    /// Its customer is another organization's, whose members stay.
    @Test
    void seatOfAPurchaseOfTheErasedOrganization_isReadWithoutItsEmail() {
        UUID[] bought = new UUID[1];
        polar.delivered(() -> bought[0] = polar.polar.checkouts().purchaseSeats(
                polar.polar.customers().create("org-that-stays"), 3, Map.of("organization_id", "org-erased")));
        awaitProjected();
        database.execute("""
                INSERT INTO erased_ids SELECT 'organization', erasure_hash('org-erased'), 'infinity', 1
                """);
        polar.withoutEvents(() -> polar.polar.seats().claim(polar.polar.seats().assign(bought[0], EMAIL)));
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(database.rows("SELECT status, email FROM seats WHERE subscription_id = ?", bought[0].toString()))
                .containsExactly(Arrays.asList("claimed", null));
        assertThat(new PersonalDataSearch(database).columnsWith(EMAIL)).contains("members.email")
                .doesNotContain("seats.email");
    }

    private static List<String> publishedByReconciliation() {
        return topics().records(Topics.RECEIVED).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .filter(body -> body.contains("\"type\":\"dev.plinto.polar.snapshot.v1\"")).toList();
    }
}
