package dev.plinto.polar.billing;

import java.util.Objects;

/// A country in which an organization buys, and who says so.
///
/// @param code two capital letters (ISO 3166)
record KnownCountry(String code, Source source) {

    /// In the order in which they count.
    enum Source {
        /// The field `country` of the request.
        REQUEST,
        /// The billing address of the organization's own customer at Polar.
        CUSTOMER,
        /// The claim `address` of the person who calls.
        CLAIM
    }

    KnownCountry {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(source, "source");
    }

    /// Without the country, which is a part of somebody's address.
    @Override
    public String toString() {
        return "KnownCountry[source=" + source + "]";
    }
}
