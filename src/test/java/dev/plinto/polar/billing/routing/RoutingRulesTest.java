package dev.plinto.polar.billing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.billing.routing.RoutingFacts.Conekta;
import dev.plinto.polar.entitlement.Provider;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingRulesTest {

    /// Each rule, and each before those that come after it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            served | override | live            | country | currency | Conekta       | who sells | why
            true   | -        | -               | -       | -        | SELLS         | POLAR     | INTERNATIONAL
            true   | -        | -               | DE      | eur      | SELLS         | POLAR     | INTERNATIONAL
            true   | -        | -               | MX      | -        | SELLS         | CONEKTA   | COUNTRY_MX
            true   | -        | -               | MX      | mxn      | SELLS         | CONEKTA   | COUNTRY_MX
            true   | -        | -               | MX      | usd      | SELLS         | CONEKTA   | COUNTRY_MX
            true   | -        | -               | DE      | mxn      | SELLS         | CONEKTA   | CURRENCY_MXN
            true   | -        | -               | -       | mxn      | SELLS         | CONEKTA   | CURRENCY_MXN
            true   | -        | -               | MX      | -        | OFF           | POLAR     | CONEKTA_OFF
            true   | -        | -               | -       | mxn      | OFF           | POLAR     | CONEKTA_OFF
            true   | -        | -               | MX      | -        | LACKS_PRODUCT | POLAR     | PRODUCT_NOT_MAPPED
            true   | -        | -               | DE      | eur      | OFF           | POLAR     | INTERNATIONAL
            true   | -        | POLAR           | MX      | mxn      | SELLS         | POLAR     | LIVE_SUBSCRIPTION
            true   | -        | CONEKTA         | DE      | eur      | SELLS         | CONEKTA   | LIVE_SUBSCRIPTION
            true   | -        | CONEKTA         | DE      | -        | OFF           | POLAR     | CONEKTA_OFF
            true   | -        | CONEKTA         | DE      | -        | LACKS_PRODUCT | POLAR     | PRODUCT_NOT_MAPPED
            true   | -        | POLAR,CONEKTA   | DE      | -        | SELLS         | POLAR     | INTERNATIONAL
            true   | -        | POLAR,CONEKTA   | MX      | -        | SELLS         | CONEKTA   | COUNTRY_MX
            true   | -        | FUNGIES         | DE      | -        | SELLS         | POLAR     | INTERNATIONAL
            true   | -        | FUNGIES         | MX      | -        | SELLS         | CONEKTA   | COUNTRY_MX
            true   | POLAR    | CONEKTA         | MX      | mxn      | SELLS         | POLAR     | OVERRIDE
            true   | CONEKTA  | POLAR           | DE      | eur      | SELLS         | CONEKTA   | OVERRIDE
            true   | CONEKTA  | POLAR           | DE      | eur      | LACKS_PRODUCT | POLAR     | PRODUCT_NOT_MAPPED
            true   | CONEKTA  | POLAR           | DE      | eur      | OFF           | -         | OVERRIDE_OFF
            true   | FUNGIES  | -               | DE      | eur      | SELLS         | -         | OVERRIDE_OFF
            false  | POLAR    | POLAR           | MX      | mxn      | SELLS         | -         | COUNTRY_NOT_SERVED
            false  | CONEKTA  | -               | -       | -        | OFF           | -         | COUNTRY_NOT_SERVED
            false  | -        | CONEKTA         | MX      | mxn      | SELLS         | -         | COUNTRY_NOT_SERVED
            false  | -        | -               | CU      | usd      | SELLS         | -         | COUNTRY_NOT_SERVED
            """, useHeadersInDisplayName = true)
    void firstRuleThatApplies_decides(boolean isServed, Provider override, String live, String country, String currency,
            Conekta conekta, Provider seller, Reason why) {
        Route route = RoutingRules.route(new RoutingFacts(isServed, Optional.ofNullable(override),
                Optional.ofNullable(live).stream().flatMap(list -> Arrays.stream(list.split(",")))
                        .map(Provider::valueOf).collect(Collectors.toSet()),
                Optional.ofNullable(country), Optional.ofNullable(currency), conekta));

        assertThat(route.reason()).isEqualTo(why);
        assertThat(switch (route) {
            case Route.Sale sale -> sale.provider();
            case Route.NotServed notServed -> null;
            case Route.ProviderOff off -> {
                assertThat(off.provider()).isEqualTo(override);
                yield null;
            }
        }).isEqualTo(seller);
    }

    /// A part of somebody's address.
    @Test
    void facts_hideTheCountry() {
        assertThat(new RoutingFacts(true, Optional.empty(), Set.of(), Optional.of("MX"), Optional.empty(),
                Conekta.OFF)).asString().doesNotContain("MX");
    }

    /// It must stay so from release to release. Computed with sha256sum.
    @ParameterizedTest
    @CsvSource({"org-1, 87", "org-2, 91", "Organización, 0"})
    void bucket_isAlwaysTheSame(String organization, int bucket) {
        assertThat(Bucket.of(organization)).isEqualTo(bucket);
    }

    @Test
    void buckets_areAboutEqual() {
        long[] sizes = new long[100];
        IntStream.range(0, 100_000).forEach(n -> sizes[Bucket.of("org-" + n)]++);

        assertThat(Arrays.stream(sizes).boxed()).allSatisfy(size -> assertThat(size).isBetween(850L, 1_150L));
    }
}
