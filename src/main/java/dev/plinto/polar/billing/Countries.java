package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.KnownCountry.Source;
import dev.plinto.polar.billing.OrganizationCustomers.KnownCustomer;
import dev.plinto.polar.caller.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// In which countries an organization buys, as far as somebody has said it, and whether anything is sold there.
@ApplicationScoped
class Countries {

    /// Tells neither which country it is nor who says so.
    static final Problem NOT_SERVED = new Problem("country-not-served", 422, "Nothing is sold in this country",
            "Nothing was done. The request, the organization's billing address or the token names a country where "
                    + "nothing is sold. An operator decides where that is (POLAR_EXCLUDED_COUNTRIES).");

    private final BillingConfig config;

    Countries(BillingConfig config) {
        this.config = config;
    }

    /// All that are known, the one first that counts; empty if nobody has said any. What the events before an upgrade
    /// say of a customer's country is unknown until they are read again: that holds up no sale.
    ///
    /// @param requested in the request
    /// @param customers of the organization
    static List<KnownCountry> known(Optional<String> requested, List<KnownCustomer> customers, Caller caller) {
        return Stream.of(
                known(requested.stream(), Source.REQUEST),
                known(customers.stream().map(KnownCustomer::country).filter(Objects::nonNull), Source.CUSTOMER),
                known(claimed(caller).stream(), Source.CLAIM))
                .flatMap(countries -> countries).toList();
    }

    /// Whether none of them is a country where nothing is sold, whoever says so.
    boolean isServed(Collection<KnownCountry> known) {
        return known.stream().map(KnownCountry::code).noneMatch(config.excludedCountries()::contains);
    }

    private static Stream<KnownCountry> known(Stream<String> codes, Source source) {
        return codes.map(code -> new KnownCountry(code, source));
    }

    private static Optional<String> claimed(Caller caller) {
        return caller instanceof Caller.Person person ? person.country() : Optional.empty();
    }
}
