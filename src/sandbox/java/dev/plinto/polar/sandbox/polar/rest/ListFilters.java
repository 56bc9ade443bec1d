package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.Webhooks;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The filters of Polar's lists, other than `metadata[…]`.
final class ListFilters {

    static final List<Filter> SUBSCRIPTIONS = List.of(
            Filter.id("organization_id"), Filter.id("product_id"), Filter.id("customer_id"),
            Filter.text("external_customer_id"), Filter.id("discount_id"), Filter.flag("active"),
            Filter.oneOf("status", List.of("incomplete", "incomplete_expired", "trialing", "active", "past_due",
                    "canceled", "unpaid", "paused")),
            Filter.flag("cancel_at_period_end"),
            Filter.oneOf("customer_cancellation_reason", List.of("customer_service", "low_quality", "missing_features",
                    "switched_service", "too_complex", "too_expensive", "unused", "other")),
            Filter.after("canceled_at_after", "canceled_at"), Filter.before("canceled_at_before", "canceled_at"),
            Filter.after("started_after", "started_at"), Filter.before("started_before", "started_at"));

    static final List<Filter> GRANTS = List.of(
            Filter.id("organization_id"), Filter.id("customer_id"), Filter.text("external_customer_id"),
            Filter.flag("is_granted"));

    static final List<Filter> CUSTOMERS = List.of(
            Filter.id("organization_id"), Filter.textOfAnyCase("email"), new Filter("query", ListFilters::named),
            Filter.flag("active"));

    static final List<Filter> CHECKOUTS = List.of(
            Filter.id("organization_id"), Filter.id("product_id"), Filter.id("customer_id"),
            Filter.text("external_customer_id"),
            Filter.oneOf("status", List.of("open", "expired", "confirmed", "succeeded", "failed")),
            new Filter("query", ListFilters::ofBuyer));

    static final List<Filter> ENDPOINTS = List.of(Filter.id("organization_id"));

    static final List<Filter> DELIVERIES = List.of(
            Filter.id("endpoint_id"), Filter.after("start_timestamp", "created_at"),
            Filter.before("end_timestamp", "created_at"), Filter.flag("succeeded"),
            Filter.oneOf("event_type", Webhooks.ALL_TYPES), new Filter("query", ListFilters::anywhere),
            new Filter("http_code_class", ListFilters::ofClass));

    private ListFilters() {}

    /// A part of the customer's e-mail, name or billing name, or the beginning of its external id.
    private static Predicate<ListedObject> named(String text) {
        return Filter.hasText("email", text, true)
                .or(Filter.hasText("name", text, true))
                .or(Filter.hasText("billing_name", text, true))
                .or(Filter.hasText("external_id", text, false));
    }

    private static Predicate<ListedObject> ofBuyer(String text) {
        return Filter.hasText("email", text, true).or(Filter.hasText("name", text, true));
    }

    /// Matches a part of the delivery's id, of the event's id, or of the status.
    private static Predicate<ListedObject> anywhere(String part) {
        return listed -> Stream.of(listed.id(), listed.keys().get("event_id"), listed.keys().get("http_code"))
                .anyMatch(value -> String.valueOf(value).contains(part));
    }

    private static Predicate<ListedObject> ofClass(String name) {
        if (!name.matches("[2-5]xx")) {
            throw InvalidRequest.query(
                    "http_code_class", "literal_error", name, "Input should be 2xx, 3xx, 4xx or 5xx");
        }
        return listed -> listed.keys().get("http_code") instanceof Integer status
                && status / 100 == name.charAt(0) - '0';
    }
}
