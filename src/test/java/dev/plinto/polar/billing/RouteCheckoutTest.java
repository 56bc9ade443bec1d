package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the decision who sells means to a checkout.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(ConektaOn.class)
class RouteCheckoutTest {

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
    }

    /// Whatever Polar says to the currency.
    @ParameterizedTest
    @CsvSource({"DE, eur, international", "MX, eur, product_not_mapped", "DE, mxn, product_not_mapped"})
    void decision_isMadeOfCountryAndCurrency_andCounted(String country, String currency, String reason) {
        String product = selling.product();
        double before = routed("polar", reason);

        create(product, country, currency);

        assertThat(routed("polar", reason)).isEqualTo(before + 1);
    }

    @Test
    void whatConektaDoesNotHave_isSoldByPolar() {
        HttpResponse<String> answer = create(selling.product(), "MX", "eur");

        assertThat(json(answer, 201).path("provider").asText()).isEqualTo("polar");
    }

    @Test
    void overrideToAProviderThatIsOff_sellsNothing() {
        String product = selling.product();
        selling.database.execute("INSERT INTO provider_overrides (organization, provider) VALUES (?, 'fungies')",
                selling.organization);
        double before = routed("none", "override_off");

        assertProblem(create(product, "DE", "eur"), 503, "provider-not-configured");

        assertThat(routed("none", "override_off")).isEqualTo(before + 1);
        assertThat(selling.checkoutsAtPolar()).isEmpty();
    }

    @Test
    void countryThatIsNotServed_isCounted() {
        double before = routed("none", "country_not_served");

        assertProblem(create("any", "KP", "eur"), 422, "country-not-served");

        assertThat(routed("none", "country_not_served")).isEqualTo(before + 1);
    }

    private HttpResponse<String> create(String product, String country, String currency) {
        return selling.call("POST /api/v1/polar/checkout", List.of(), "", """
                {"product_id":"%s","country":"%s","currency":"%s"}
                """.formatted(product, country, currency), with(selling.owner()));
    }

    private double routed(String provider, String reason) {
        return PrometheusText.of(service).value("polar_routing_total", "provider=" + provider, "reason=" + reason);
    }
}
