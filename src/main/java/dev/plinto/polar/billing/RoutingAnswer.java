package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.billing.routing.Bucket;
import dev.plinto.polar.billing.routing.Route;
import dev.plinto.polar.entitlement.Provider;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who would sell to an organization, and why.
///
/// @param provider       null if nobody would
/// @param reason         see `Reason`
/// @param country        that counts, of two capital letters; null if none is known
/// @param countrySource  `request`, `customer` or `claim`; `unknown` without a country
/// @param rolloutPercent of the organizations to which the provider sells; null, since none is rolled out in steps
/// @param bucket         0 to 99: in which hundredth of all organizations this one is
@JsonNaming(SnakeCaseStrategy.class)
public record RoutingAnswer(@Nullable String provider, String reason, @Nullable String country, String countrySource,
        @Nullable Integer rolloutPercent, int bucket) {

    static RoutingAnswer of(String organization, Route route, List<KnownCountry> known) {
        Optional<KnownCountry> counting = known.stream().findFirst();
        return new RoutingAnswer(provider(route).map(Provider::wireName).orElse(null), route.reason().wireName(),
                counting.map(KnownCountry::code).orElse(null),
                counting.map(country -> country.source().name().toLowerCase(Locale.ROOT)).orElse("unknown"),
                null, Bucket.of(organization));
    }

    private static Optional<Provider> provider(Route route) {
        return switch (route) {
            case Route.Sale sale -> Optional.of(sale.provider());
            case Route.NotServed notServed -> Optional.empty();
            case Route.ProviderOff off -> Optional.empty();
        };
    }

    /// Without the country, which is a part of somebody's address.
    @Override
    public String toString() {
        return "RoutingAnswer[provider=" + provider + ", reason=" + reason + "]";
    }
}
