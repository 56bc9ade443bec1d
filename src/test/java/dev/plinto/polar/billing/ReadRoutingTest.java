package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.billing.routing.Bucket;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who would sell to an organization, where Conekta is on and has a plan. RoutingRulesTest has the rules.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaOn.class)
class ReadRoutingTest {

    private static final String READ = "GET /api/v1/polar/routing";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;

    @BeforeEach
    void connect() {
        selling = new SellingClient(service);
    }

    @AfterEach
    void forget() {
        selling.database.execute("DELETE FROM provider_overrides WHERE organization = ?", selling.organization);
        selling.database.execute("DELETE FROM customers WHERE external_id = ?", selling.organization);
        selling.database.execute("DELETE FROM subscriptions WHERE account = ?", selling.organization);
    }

    @Test
    void organizationOfWhichNothingIsKnown_buysAtPolar() throws IOException {
        assertThat(json(read("", selling.owner()), 200)).isEqualTo(JSON.readTree("""
                {"provider":"polar","reason":"international","country":null,"country_source":"unknown",
                 "rollout_percent":null,"bucket":%d}
                """.formatted(Bucket.of(selling.organization))));
    }

    /// That of the request counts first, then that of the customer's address, then the claim of the caller.
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            MX, DE, DE, conekta, country_mx,         MX, request
            DE, MX, MX, polar,   international,      DE, request
            -,  MX, DE, conekta, country_mx,         MX, customer
            -,  -,  MX, conekta, country_mx,         MX, claim
            -,  -,  DE, polar,   international,      DE, claim
            KP, MX, MX, -,       country_not_served, KP, request
            MX, KP, MX, -,       country_not_served, MX, request
            MX, MX, KP, -,       country_not_served, MX, request
            """)
    void firstCountryThatIsSaid_counts_andEachMustBeServed(String requested, String ofCustomer, String claimed,
            String provider, String reason, String country, String source) {
        if (ofCustomer != null) {
            selling.database.execute("INSERT INTO customers (id, external_id, country) VALUES (?, ?, ?)",
                    "customer-of-" + selling.organization, selling.organization, ofCustomer);
        }

        JsonNode answer = json(read(requested == null ? "" : "&country=" + requested,
                selling.bearer("org_id", selling.organization, "org_role", "admin", "address",
                        Map.of("country", claimed))),
                200);

        assertThat(answer.path("provider").textValue()).isEqualTo(provider);
        assertThat(answer.path("reason").textValue()).isEqualTo(reason);
        assertThat(answer.path("country").textValue()).isEqualTo(country);
        assertThat(answer.path("country_source").textValue()).isEqualTo(source);
    }

    /// Each of these binds it more than the one before.
    @Test
    void liveSubscription_bindsAnOrganization_andAnOverrideEvenMore() {
        subscribe("conekta:sub-" + selling.organization, "active");
        assertRouted("conekta", "live_subscription");

        subscribe("sub-" + selling.organization, "past_due");
        assertRouted("polar", "international");

        selling.database.execute("UPDATE subscriptions SET ended_at = now() WHERE id = ?",
                "conekta:sub-" + selling.organization);
        assertRouted("polar", "live_subscription");

        override("conekta");
        assertRouted("conekta", "override");

        override("fungies");
        assertRouted(null, "override_off");
    }

    @Test
    void operator_asksAboutAnyOrganization_andTheOwnerOfAnotherOneAboutNone() {
        assertThat(json(read("", selling.bearer("roles", List.of("ops"))), 200).path("provider").textValue())
                .isEqualTo("polar");
        assertProblem(read("", selling.stranger()), 403, "organization-not-allowed");
        assertProblem(read("", selling.member()), 403, "role-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx", "XX", "MEX", "484", "%20MX"})
    void parameterThatIsNoCountry_isRefused(String country) {
        assertProblem(read("&country=" + country, selling.owner()), 400, "parameter-invalid");
    }

    private void assertRouted(String provider, String reason) {
        JsonNode answer = json(read("", selling.owner()), 200);
        assertThat(answer.path("provider").textValue()).isEqualTo(provider);
        assertThat(answer.path("reason").textValue()).isEqualTo(reason);
    }

    private void subscribe(String id, String status) {
        selling.database.execute("INSERT INTO subscriptions (id, account, status) VALUES (?, ?, ?)", id,
                selling.organization, status);
    }

    private void override(String provider) {
        selling.database.execute("""
                INSERT INTO provider_overrides (organization, provider) VALUES (?, ?)
                ON CONFLICT (organization) DO UPDATE SET provider = excluded.provider
                """, selling.organization, provider);
    }

    private HttpResponse<String> read(String more, String authorization) {
        return selling.call(READ, List.of(), "?organization_id=" + selling.organization + more, "",
                with(authorization));
    }
}
