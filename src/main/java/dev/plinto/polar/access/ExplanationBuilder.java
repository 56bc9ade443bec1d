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

/// Tells from what was decided how it came that an account may or may not use what it asks for.
final class ExplanationBuilder {

    private static final int EVENTS = 100;

    private final String account;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Map<String, PublishedChange> subscriptions = new TreeMap<>();
    private final List<Explanation.Event> events = new ArrayList<>();
    private PublishedChange decision;

    private ExplanationBuilder(String account) {
        this.account = account;
    }

    /// What was decided at once, of one batch of events, is told in the order of their causes.
    private static final Comparator<PublishedChange> IN_ORDER = Comparator.comparing(PublishedChange::decidedAt)
            .thenComparing(decided -> decided.cause().timestamp(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingLong(PublishedChange::version);

    /// @param history up to the moment
    static Explanation of(String account, Instant at, List<PublishedChange> history) {
        ExplanationBuilder explain = new ExplanationBuilder(account);
        history.stream().sorted(IN_ORDER).forEach(explain::take);
        return explain.explanation(at);
    }

    /// A benefit as it was told last, and the decision by which it came or went.
    private record Held(JsonNode benefit, boolean now, PublishedChange by, String why) {}

    private void take(PublishedChange decided) {
        switch (decided.topic()) {
            case SUBSCRIPTION -> takeSubscription(decided);
            case ENTITLEMENTS -> takeEntitlements(decided);
        }
    }

    private void takeSubscription(PublishedChange decided) {
        PublishedChange before = subscriptions.put(decided.key(), decided);
        String status = decided.text("status");
        String was = before == null ? null : before.text("status");
        String name = name(decided);
        add(decided, before == null
                ? "The subscription %s %s; it was %s.".formatted(name,
                        decided.text("previous_status") == null ? "was first told of" : "changed", status)
                : status != null && !status.equals(was)
                        ? "The subscription %s became %s; it was %s."
                                .formatted(name, status, was)
                        : cancels(decided) != cancels(before)
                                ? "The subscription %s %s.".formatted(name, cancels(decided)
                                        ? "was set to end with its period"
                                        : "goes on after its period after all")
                                : "The subscription %s changed, and stayed %s.".formatted(name, status));
    }

    private void takeEntitlements(PublishedChange decided) {
        decision = decided;
        List<String> came = new ArrayList<>();
        List<String> went = new ArrayList<>();
        Map<String, JsonNode> set = decided.entitlements().stream().collect(Collectors.toMap(
                benefit -> benefit.path("benefit_id").asText(), benefit -> benefit, (a, b) -> b, LinkedHashMap::new));
        set.forEach((id, benefit) -> {
            Held before = held.get(id);
            if (before == null && !decided.grants(id)) {
                held.put(id, new Held(benefit, true, decided,
                        "It had it already when the history that is looked at begins" + through(benefit)));
            } else if (before == null || !before.now) {
                came.add(name(benefit));
                held.put(id, new Held(benefit, true, decided, "Granted by " + by(decided) + through(benefit)));
            } else {
                held.put(id, new Held(benefit, true, before.by, before.why));
            }
        });
        held.replaceAll((id, before) -> {
            if (!before.now || set.containsKey(id)) {
                return before;
            }
            went.add(name(before.benefit));
            return new Held(before.benefit, false, decided, "Taken away by " + by(decided) + through(before.benefit));
        });
        add(decided, came.isEmpty() && went.isEmpty()
                ? "What it may use stayed the same; the grants behind it changed."
                : sentence("May use ", came) + (came.isEmpty() || went.isEmpty() ? "" : " ")
                        + sentence("May no longer use ", went));
    }

    private void add(PublishedChange decided, String what) {
        events.add(new Explanation.Event(what, decision(decided)));
    }

    private Explanation explanation(Instant at) {
        List<Explanation.Benefit> benefits = held.values().stream().map(ExplanationBuilder::benefit)
                .sorted(Comparator.comparing(Explanation.Benefit::hasAccess).reversed()
                        .thenComparing(benefit -> benefit.decision().decidedAt(), Comparator.reverseOrder()))
                .toList();
        boolean hasAccess = benefits.stream().anyMatch(Explanation.Benefit::hasAccess);
        List<Explanation.Event> newest = events.reversed().stream().limit(EVENTS).toList();
        return new Explanation(account, new Account(account).organizationId(), Rfc3339.format(at), hasAccess,
                why(benefits), decision == null ? null : decision(decision), benefits,
                subscriptions.values().stream().map(ExplanationBuilder::subscription).toList(), newest);
    }

    private String why(List<Explanation.Benefit> benefits) {
        if (decision == null) {
            return subscriptions.isEmpty()
                    ? "Nothing had been told about it: no subscription, and no grant."
                    : "No grant had been told for it. It has a subscription, but access follows grants alone.";
        }
        List<String> has = names(benefits, Explanation.Benefit::hasAccess);
        if (!has.isEmpty()) {
            return sentence("It may use ", has);
        }
        return benefits.isEmpty()
                ? "It may use nothing, and never could: no grant of its was live." // an emptied key
                : "It may use nothing. The last that it could use was " + benefits.getFirst().name() + ". "
                        + benefits.getFirst().why();
    }

    private static List<String> names(List<Explanation.Benefit> benefits, Predicate<Explanation.Benefit> which) {
        return benefits.stream().filter(which).map(Explanation.Benefit::name).toList();
    }

    private static String sentence(String beginning, List<String> names) {
        return names.isEmpty() ? "" : beginning + String.join(", ", names) + ".";
    }

    private static String by(PublishedChange decided) {
        String type = decided.cause().eventType();
        return type != null && type.startsWith("dev.plinto.")
                ? "reconciliation, which found that Polar says so"
                : "Polar's event " + type;
    }

    /// What the grants came from, and how that was when it happened.
    private String through(JsonNode benefit) {
        JsonNode first = benefit.path("grants").path(0);
        String subscription = first.path("subscription_id").textValue();
        if (subscription != null) {
            PublishedChange told = subscriptions.get(subscription);
            return ". It came with the subscription " + (told == null
                    ? subscription + ", of which nothing had been told."
                    : name(told) + ", which was " + told.text("status") + " then"
                            + (cancels(told) ? " and set to end with its period." : "."));
        }
        String order = first.path("order_id").textValue();
        return order == null ? "." : ". It came with the order " + order + ".";
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

    private static Explanation.Decision decision(PublishedChange decided) {
        return new Explanation.Decision(decided.version(), Rfc3339.format(decided.decidedAt()), decided.cause());
    }

    private static Explanation.Benefit benefit(Held held) {
        JsonNode benefit = held.benefit;
        return new Explanation.Benefit(benefit.path("benefit_id").textValue(), benefit.path("benefit_type").textValue(),
                benefit.path("description").textValue(), benefit.path("feature").textValue(), held.now, held.why,
                decision(held.by), benefit.path("grants").valueStream().map(ExplanationBuilder::grant).toList());
    }

    private static Explanation.Grant grant(JsonNode grant) {
        return new Explanation.Grant(grant.path("grant_id").textValue(), grant.path("customer_id").textValue(),
                grant.path("subscription_id").textValue(), grant.path("order_id").textValue(),
                grant.path("member_id").textValue(), grant.path("granted_at").textValue());
    }

    private static Explanation.Subscription subscription(PublishedChange told) {
        return new Explanation.Subscription(told.key(), told.text("status"), told.text("product_name"), cancels(told),
                told.text("current_period_end"), told.text("ends_at"), told.text("ended_at"), decision(told));
    }
}
