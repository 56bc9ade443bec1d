package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;

/// Values of Polar's objects as people read them.
final class Shown {

    private static final DateTimeFormatter DATE = DateTimeFormatter
            .ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Shown() {}

    /// `cents` in the currency's smallest unit.
    static String money(long cents, String currency) {
        Currency unit = Currency.getInstance(currency.toUpperCase(Locale.ROOT));
        NumberFormat format = NumberFormat.getCurrencyInstance(Locale.UK);
        format.setCurrency(unit);
        format.setMinimumFractionDigits(unit.getDefaultFractionDigits());
        format.setMaximumFractionDigits(unit.getDefaultFractionDigits());
        return format.format(cents / Math.pow(10, unit.getDefaultFractionDigits()));
    }

    static String money(JsonNode object, String field) {
        return money(object.path(field).asLong(), object.path("currency").asText());
    }

    /// Empty for a time that is null or not there.
    static String date(JsonNode time) {
        return time.isTextual() ? DATE.format(Instant.parse(time.asText())) : "";
    }

    /// As in `per month`, `every 3 months`; empty for what is paid once.
    static String period(JsonNode product) {
        JsonNode interval = product.path("recurring_interval");
        if (!interval.isTextual()) {
            return "once";
        }
        int count = product.path("recurring_interval_count").asInt(1);
        return count == 1 ? "per " + interval.asText() : "every " + count + " " + interval.asText() + "s";
    }

    /// A field's text; empty if it is null or not there.
    static String text(JsonNode object, String field) {
        return object.path(field).isNull() ? "" : object.path(field).asText("");
    }
}
