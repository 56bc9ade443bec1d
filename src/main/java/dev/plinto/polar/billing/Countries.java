package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.KnownCountry.Source;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// In which countries an organization buys, as far as somebody has said it, and whether anything is sold there.
@ApplicationScoped
class Countries {

    private static final Problem NOT_SERVED = new Problem("country-not-served", 422, "Nothing is sold in this country",
            "Nothing was done. The request, the organization's billing address or the token names a country where "
                    + "nothing is sold. An operator decides where that is (POLAR_EXCLUDED_COUNTRIES).");

    private final RequestQueries queries;
    private final BillingConfig config;

    Countries(RequestQueries queries, BillingConfig config) {
        this.queries = queries;
        this.config = config;
    }

    /// All that are known, the one first that counts; empty if nobody has said any. What the events before an upgrade
    /// say of a customer's country is unknown until they are read again: that holds up no sale.
    ///
    /// @param requested in the request
    Uni<List<KnownCountry>> known(String organizationId, Caller caller, Optional<String> requested) {
        return queries.query("""
                SELECT country FROM customers
                WHERE external_id = $1 AND deleted_at IS NULL AND country IS NOT NULL ORDER BY id
                """, Tuple.of(organizationId), row -> row.getString(0))
                .map(ofCustomers -> Stream.of(
                        known(requested.stream(), Source.REQUEST),
                        known(ofCustomers.stream(), Source.CUSTOMER),
                        known(claimed(caller).stream(), Source.CLAIM))
                        .flatMap(countries -> countries).toList());
    }

    /// Throws the problem for the response if one of them is a country where nothing is sold, whoever says so. It tells
    /// neither which one it is nor who does.
    void requireServed(Collection<KnownCountry> known) {
        if (known.stream().map(KnownCountry::code).anyMatch(config.excludedCountries()::contains)) {
            throw NOT_SERVED.exception();
        }
    }

    private static Stream<KnownCountry> known(Stream<String> codes, Source source) {
        return codes.map(code -> new KnownCountry(code, source));
    }

    private static Optional<String> claimed(Caller caller) {
        return caller instanceof Caller.Person person ? person.country() : Optional.empty();
    }
}
