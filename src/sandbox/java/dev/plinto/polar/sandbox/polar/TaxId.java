package dev.plinto.polar.sandbox.polar;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A tax id as Polar keeps it: the number, and its format, which follows from the country.
final class TaxId {

    private static final Set<String> EUROPEAN_UNION = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");
    private static final Map<String, String> OTHERS = Map.of(
            "US", "us_ein", "GB", "gb_vat", "CH", "ch_vat", "NO", "no_vat", "AU", "au_abn", "CA", "ca_bn", "IN",
            "in_gst");

    private TaxId() {}

    static Object[] of(String number, Customer.Address address) {
        String format = EUROPEAN_UNION.contains(address.country())
                ? "eu_vat"
                : OTHERS.getOrDefault(address.country(), address.country().toLowerCase(Locale.ROOT) + "_vat");
        return new Object[] {number, format};
    }
}
