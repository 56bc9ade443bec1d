package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Customers for whom nobody waits, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class RegisterWaitingCustomersTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    CustomerRequestStore store;

    private SellingClient selling;
    private String email;

    @BeforeEach
    void know() {
        selling = new SellingClient(service);
        email = selling.organization + "@plinto.dev";
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @Test
    void signUp_getsItsCustomer_andNothingPersonalIsKept() {
        JsonNode accepted = accept(email);

        assertThat(accepted.path("organization_id").asText()).isEqualTo(selling.organization);
        assertThat(accepted.path("status").asText()).isEqualTo("accepted");
        eventually().until(() -> customersAtPolar().size() == 1 && waiting().isEmpty());
        assertThat(selling.trail()).contains("create_customer", "usr_1").doesNotContain(email);
    }

    @Test
    void signUpWhilePolarIsAway_isAcceptedAtOnce_andDoneWhenItIsBack() {
        selling.fault("broken", "/customers/external/&times=1000");
        long begun = System.nanoTime();

        accept(email);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        eventually().until(() -> !selling.database.column(
                "SELECT attempt FROM customer_requests WHERE organization = ? AND attempt > 1", selling.organization)
                .isEmpty());
        assertThat(customersAtPolar()).isEmpty();
        selling.endFaults();
        eventually().until(() -> customersAtPolar().size() == 1 && waiting().isEmpty());
    }

    @Test
    void attemptOfAKilledReplica_isMadeAgainAfterItsLease() {
        storeAsTaken("1 hour");
        eventually().pollDelay(Duration.ofSeconds(3)).until(() -> waiting().size() == 1);
        assertThat(customersAtPolar()).isEmpty();

        selling.database.execute("UPDATE customer_requests SET due_at = clock_timestamp() WHERE organization = ?",
                selling.organization);

        eventually().until(() -> customersAtPolar().size() == 1 && waiting().isEmpty());
    }

    /// Polar would have the address for good.
    @Test
    void organizationThatIsBeingErased_isNotRegistered() {
        storeAsTaken("1 hour");
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', true, 'infinity')
                """, selling.organization);
        selling.database.execute("UPDATE customer_requests SET due_at = clock_timestamp() WHERE organization = ?",
                selling.organization);

        eventually().pollDelay(Duration.ofSeconds(3)).until(() -> waiting().size() == 1);
        assertThat(customersAtPolar()).isEmpty();

        selling.database.execute("UPDATE erasures SET completed_at = now() WHERE organization = ?",
                selling.organization);
        eventually().until(() -> waiting().isEmpty());
    }

    @Test
    void attemptThatIsMade_isMadeByNobodyElse() {
        selling.fault("slow", "/customers/external/&seconds=3");
        accept(email);
        eventually().until(() -> !selling.database.column(
                "SELECT id FROM customer_requests WHERE organization = ? AND attempt = 1", selling.organization)
                .isEmpty());

        assertThat(store.take(RegisterWaitingCustomers.LEASE)).isEmpty();

        eventually().until(() -> customersAtPolar().size() == 1 && waiting().isEmpty());
    }

    @Test
    void ageOfTheOldest_isMeasured() {
        storeAsTaken("1 hour");
        selling.database.execute("UPDATE customer_requests SET requested_at = clock_timestamp() - interval '20 hours' "
                + "WHERE organization = ?", selling.organization);
        selling.database.execute("INSERT INTO customer_requests SELECT organization || '-younger', id, email, proof, "
                + "name, country, locale, user_id, actor_kind, actor, request_id, clock_timestamp(), due_at, attempt "
                + "FROM customer_requests WHERE organization = ?", selling.organization);

        eventually().until(this::oldest, age -> age >= Duration.ofHours(20).toSeconds());
        selling.database.execute("DELETE FROM customer_requests WHERE starts_with(organization, ?)",
                selling.organization);
        eventually().until(this::oldest, age -> age < Duration.ofHours(20).toSeconds());
    }

    private double oldest() {
        return PrometheusText.of(service).value("polar_customer_requests_oldest_seconds");
    }

    @Test
    void newestRequest_takesThePlaceOfTheOneThatWaits() {
        storeAsTaken("1 hour");

        accept(email);

        eventually().until(() -> customersAtPolar().size() == 1 && waiting().isEmpty());
        assertThat(owner()).isEqualTo(email);
    }

    @Test
    void refusal_endsIt_andIsInTheTrail() {
        String known = selling.polar("POST", "/customers/", "{\"email\":\"" + email + "\"}").path("id").asText();

        json(selling.call("POST /api/v1/polar/customers", List.of(), "",
                "{\"wait\":false,\"email\":\"" + email + "\"}", "authorization", selling.owner()), 202);

        eventually().until(() -> waiting().isEmpty());
        assertThat(selling.polar("/customers/" + known).path("external_id").isNull()).isTrue();
        assertThat(selling.trail()).contains("register_customer", "not done: ").doesNotContain(email);
    }

    @Test
    void requestThatFailsForTwoDays_isForgotten() {
        selling.fault("broken", "/customers/external/&times=1000");
        storeAsTaken("1 hour");
        selling.database.execute("UPDATE customer_requests SET due_at = clock_timestamp(), "
                + "requested_at = clock_timestamp() - interval '49 hours' WHERE organization = ?",
                selling.organization);

        eventually().until(() -> waiting().isEmpty());
        assertThat(customersAtPolar()).isEmpty();
    }

    private static ConditionFactory eventually() {
        return await().atMost(SellingClient.PATIENCE);
    }

    private JsonNode accept(String of) {
        return json(selling.call("POST /api/v1/polar/customers", List.of(), "",
                "{\"wait\":false,\"email\":\"" + of + "\"}", "authorization",
                selling.bearer("org_id", selling.organization, "org_role", "owner", "email", of, "email_verified",
                        true)),
                202);
    }

    /// As a replica leaves it that is killed after it has begun.
    private void storeAsTaken(String lease) {
        selling.database.execute("""
                INSERT INTO customer_requests (organization, id, email, proof, actor_kind, actor, due_at, attempt)
                VALUES (?, 'killed', 'before-' || ?, 'VERIFIED', 'PERSON', 'usr_1',
                        clock_timestamp() + ?::interval, 1)
                """, selling.organization, email, lease);
    }

    private List<String> waiting() {
        return selling.database.column("SELECT organization FROM customer_requests WHERE organization = ?",
                selling.organization);
    }

    private List<JsonNode> customersAtPolar() {
        return selling.polar("/customers/?limit=100&sorting=-created_at").path("items").valueStream()
                .filter(customer -> customer.path("external_id").asText().equals(selling.organization)).toList();
    }

    private String owner() {
        return selling.polar("/customers/" + customersAtPolar().getFirst().path("id").asText() + "/members")
                .at("/items/0/email").asText();
    }
}
