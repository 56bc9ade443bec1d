package dev.plinto.polar.sandbox.polar.rest;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// Forms of fields that several of Polar's requests have.
final class Forms {

    /// Domains that no mail reaches.
    private static final String NOBODYS = "(?i).*\\.(arpa|invalid|local|localhost|onion|test)";
    private static final Set<String> COUNTRIES = Set.copyOf(Arrays.asList(Locale.getISOCountries()));

    private Forms() {}

    static void email(Body body, String field) {
        body.text(field).filter(email -> !email.matches("[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+")
                || email.matches(NOBODYS)).ifPresent(
                        email -> body.refuse(field, "value_error", "value is not a valid email address"));
    }

    /// An absolute address; `{CHECKOUT_ID}` may stand in it.
    static void url(Body body, String field, int longest) {
        body.text(field, 1, longest).filter(url -> !isUrl(url.replace("{CHECKOUT_ID}", "id"))).ifPresent(
                url -> body.refuse(field, "url_parsing", "Input should be a valid URL"));
    }

    static void address(Body body, String field) {
        body.object(field).ifPresent(address -> {
            address.require("country").text("country").filter(country -> !COUNTRIES.contains(country)).ifPresent(
                    country -> address.refuse("country", "enum", "Input should be a country's code of two letters"));
            for (String line : new String[] {"line1", "line2", "postal_code", "city", "state"}) {
                address.text(line);
            }
            address.json().retain("country", "line1", "line2", "postal_code", "city", "state");
        });
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
