package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Explains from an account's published changes why it has or does not have access.
final class ExplanationBuilder {

    private static final int MAX_EVENTS = 100;

    private final String account;
    private final Map<String, BenefitState> benefits = new LinkedHashMap<>();
    private final Map<String, PublishedChange> subscriptions = new TreeMap<>();
    private final List<Explanation.Event> events = new ArrayList<>();
    private @Nullable PublishedChange decision;

    private ExplanationBuilder(String account) {
        this.account = account;
    }

    /// Changes of one batch have the same time; they are ordered by their causes.
    private static final Comparator<PublishedChange> IN_ORDER = Comparator.comparing(PublishedChange::decidedAt)
            .thenComparing(change -> change.cause().timestamp(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingLong(PublishedChange::version);

    /// @param history the changes up to that moment
    static Explanation of(String account, Instant at, List<PublishedChange> history) {
        ExplanationBuilder builder = new ExplanationBuilder(account);
        history.stream().sorted(IN_ORDER).forEach(builder::add);
        return builder.build(at);
    }

    /// A benefit as last published, and the change that granted or revoked it.
    private record BenefitState(JsonNode benefit, boolean live, PublishedChange change, String why) {}

    private void add(PublishedChange change) {
        switch (change.topic()) {
            case SUBSCRIPTION -> addSubscription(change);
            case ENTITLEMENTS -> addEntitlements(change);
        }
    }

    private void addSubscription(PublishedChange change) {
        PublishedChange before = subscriptions.put(change.key(), change);
        String status = change.text("status");
        String previous = before == null ? null : before.text("status");
        String name = name(change);
        addEvent(change, before == null
                ? "The subscription %s %s; its status was %s.".formatted(name,
                        change.text("previous_status") == null ? "was first reported" : "changed", status)
                : status != null && !status.equals(previous)
                        ? "The subscription %s became %s; it was %s."
                                .formatted(name, status, previous)
                        : cancels(change) != cancels(before)
                                ? "The subscription %s %s.".formatted(name, cancels(change)
                                        ? "was set to end with its period"
                                        : "is no longer set to end with its period")
                                : "The subscription %s changed; its status is still %s.".formatted(name, status));
    }

    private void addEntitlements(PublishedChange change) {
        decision = change;
        List<String> granted = new ArrayList<>();
        List<String> revoked = new ArrayList<>();
        Map<String, JsonNode> set = change.entitlements().stream().collect(Collectors.toMap(
                benefit -> benefit.path("benefit_id").asText(), benefit -> benefit, (a, b) -> b, LinkedHashMap::new));
        set.forEach((id, benefit) -> {
            BenefitState before = benefits.get(id);
            if (before == null && !change.grants(id)) {
                benefits.put(id, new BenefitState(benefit, true, change,
                        "Granted before the start of the retained history" + source(benefit)));
            } else if (before == null || !before.live) {
                granted.add(name(benefit));
                benefits.put(id,
                        new BenefitState(benefit, true, change, "Granted by " + cause(change) + source(benefit)));
            } else {
                benefits.put(id, new BenefitState(benefit, true, before.change, before.why));
            }
        });
        benefits.replaceAll((id, before) -> {
            if (!before.live || set.containsKey(id)) {
                return before;
            }
            revoked.add(name(before.benefit));
            return new BenefitState(before.benefit, false, change,
                    "Revoked by " + cause(change) + source(before.benefit));
        });
        addEvent(change, granted.isEmpty() && revoked.isEmpty()
                ? "The benefits stayed the same; the grants behind them changed."
                : sentence("May use ", granted) + (granted.isEmpty() || revoked.isEmpty() ? "" : " ")
                        + sentence("May no longer use ", revoked));
    }

    private void addEvent(PublishedChange change, String what) {
        events.add(new Explanation.Event(what, decision(change)));
    }

    private Explanation build(Instant at) {
        List<Explanation.Benefit> sorted = benefits.values().stream().map(ExplanationBuilder::benefit)
                .sorted(Comparator.comparing(Explanation.Benefit::hasAccess).reversed()
                        .thenComparing(benefit -> benefit.decision().decidedAt(), Comparator.reverseOrder()))
                .toList();
        boolean hasAccess = sorted.stream().anyMatch(Explanation.Benefit::hasAccess);
        List<Explanation.Event> newest = events.reversed().stream().limit(MAX_EVENTS).toList();
        return new Explanation(account, new Account(account).organizationId(), Rfc3339.format(at), hasAccess,
                why(sorted), decision == null ? null : decision(decision), sorted,
                subscriptions.values().stream().map(ExplanationBuilder::subscription).toList(), newest);
    }

    private String why(List<Explanation.Benefit> sorted) {
        if (decision == null) {
            return subscriptions.isEmpty()
                    ? "Nothing was known about the account: no subscription and no grant."
                    : "The account had a subscription, but no grant. Only grants give access.";
        }
        List<String> usable = names(sorted, Explanation.Benefit::hasAccess);
        if (!usable.isEmpty()) {
            return sentence("The account may use ", usable);
        }
        return sorted.isEmpty()
                ? "The account may use nothing: it never had a live grant." // an emptied key
                : "The account may use nothing. The last benefit that it had was " + sorted.getFirst().name() + ". "
                        + sorted.getFirst().why();
    }

    private static List<String> names(List<Explanation.Benefit> benefits, Predicate<Explanation.Benefit> which) {
        return benefits.stream().filter(which).map(Explanation.Benefit::name).toList();
    }

    private static String sentence(String beginning, List<String> names) {
        return names.isEmpty() ? "" : beginning + String.join(", ", names) + ".";
    }

    private static String cause(PublishedChange change) {
        String type = change.cause().eventType();
        return type != null && type.startsWith("dev.plinto.")
                ? "reconciliation, which read it from Polar's API"
                : "Polar's event " + type;
    }

    /// The subscription or order that the grants came with, and its state at the time of the change.
    private String source(JsonNode benefit) {
        JsonNode first = benefit.path("grants").path(0);
        String subscription = first.path("subscription_id").textValue();
        if (subscription != null) {
            PublishedChange state = subscriptions.get(subscription);
            return ". The benefit came with the subscription " + (state == null
                    ? subscription + ", of which nothing was known."
                    : name(state) + ", which was " + state.text("status") + " then"
                            + (cancels(state) ? " and set to end with its period." : "."));
        }
        String order = first.path("order_id").textValue();
        return order == null ? "." : ". The benefit came with the order " + order + ".";
    }

    private static boolean cancels(PublishedChange subscription) {
        return subscription.state().path("cancel_at_period_end").asBoolean();
    }

    private static String name(PublishedChange subscription) {
        String product = subscription.text("product_name");
        return product == null ? subscription.key() : product;
    }

    private static String name(JsonNode benefit) {
        return benefit.path("description").asText(benefit.path("feature").asText(benefit.path("benefit_id").asText()));
    }

    private static Explanation.Decision decision(PublishedChange change) {
        return new Explanation.Decision(change.version(), Rfc3339.format(change.decidedAt()), change.cause());
    }

    private static Explanation.Benefit benefit(BenefitState state) {
        JsonNode benefit = state.benefit;
        return new Explanation.Benefit(benefit.path("benefit_id").textValue(), benefit.path("benefit_type").textValue(),
                benefit.path("description").textValue(), benefit.path("feature").textValue(), state.live, state.why,
                decision(state.change), benefit.path("grants").valueStream().map(ExplanationBuilder::grant).toList());
    }

    private static Explanation.Grant grant(JsonNode grant) {
        return new Explanation.Grant(grant.path("grant_id").textValue(), grant.path("customer_id").textValue(),
                grant.path("subscription_id").textValue(), grant.path("order_id").textValue(),
                grant.path("member_id").textValue(), grant.path("granted_at").textValue());
    }

    private static Explanation.Subscription subscription(PublishedChange change) {
        return new Explanation.Subscription(change.key(), change.text("status"), change.text("product_name"),
                cancels(change), change.text("current_period_end"), change.text("ends_at"), change.text("ended_at"),
                decision(change));
    }
}
