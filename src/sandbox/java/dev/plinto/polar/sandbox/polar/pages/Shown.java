package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.HostedText;
import java.time.Instant;

/// Values of Polar's objects as people read them.
final class Shown {

    private Shown() {}

    /// `cents` in the currency's smallest unit.
    static String money(long cents, String currency) {
        return HostedText.money(cents, currency);
    }

    static String money(JsonNode object, String field) {
        return money(object.path(field).asLong(), object.path("currency").asText());
    }

    /// Empty for a time that is null or not there.
    static String date(JsonNode time) {
        return time.isTextual() ? HostedText.date(Instant.parse(time.asText())) : "";
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
