package dev.plinto.polar.billing;

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
final class Explain {

    private static final int EVENTS = 100;

    private final String account;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Map<String, Decided> subscriptions = new TreeMap<>();
    private final List<Explanation.Event> events = new ArrayList<>();
    private Decided decision;

    private Explain(String account) {
        this.account = account;
    }

    /// What was decided at once, of one batch of events, is told in the order of their causes.
    private static final Comparator<Decided> IN_ORDER = Comparator.comparing(Decided::decidedAt)
            .thenComparing(decided -> decided.cause().timestamp(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Decided::version);

    /// @param history up to the moment
    static Explanation of(String account, Instant at, List<Decided> history) {
        Explain explain = new Explain(account);
        history.stream().sorted(IN_ORDER).forEach(explain::take);
        return explain.explanation(at);
    }

    /// A benefit as it was told last, and the decision by which it came or went.
    private record Held(JsonNode benefit, boolean now, Decided by, String why) {}

    private void take(Decided decided) {
        switch (decided.topic()) {
            case SUBSCRIPTION -> takeSubscription(decided);
            case ENTITLEMENTS -> takeEntitlements(decided);
        }
    }

    private void takeSubscription(Decided decided) {
        Decided before = subscriptions.put(decided.key(), decided);
        String status = decided.text("status");
        String was = before == null ? null : before.text("status");
        String name = name(decided);
        add(decided, before == null ? "The subscription %s %s; it was %s.".formatted(name,
                        decided.text("previous_status") == null ? "was first told of" : "changed", status)
                : status != null && !status.equals(was) ? "The subscription %s became %s; it was %s."
                        .formatted(name, status, was)
                : cancels(decided) != cancels(before) ? "The subscription %s %s.".formatted(name, cancels(decided)
                        ? "was set to end with its period" : "goes on after its period after all")
                : "The subscription %s changed, and stayed %s.".formatted(name, status));
    }

    private void takeEntitlements(Decided decided) {
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
        add(decided, came.isEmpty() && went.isEmpty() ? "What it may use stayed the same; the grants behind it changed."
                : sentence("May use ", came) + (came.isEmpty() || went.isEmpty() ? "" : " ")
                        + sentence("May no longer use ", went));
    }

    private void add(Decided decided, String what) {
        events.add(new Explanation.Event(what, decision(decided)));
    }

    private Explanation explanation(Instant at) {
        List<Explanation.Benefit> benefits = held.values().stream().map(Explain::benefit)
                .sorted(Comparator.comparing(Explanation.Benefit::hasAccess).reversed()
                        .thenComparing(benefit -> benefit.decision().decidedAt(), Comparator.reverseOrder()))
                .toList();
        boolean hasAccess = benefits.stream().anyMatch(Explanation.Benefit::hasAccess);
        List<Explanation.Event> newest = events.reversed().stream().limit(EVENTS).toList();
        return new Explanation(account, new Account(account).organizationId(), Rfc3339.format(at), hasAccess,
                why(benefits), decision == null ? null : decision(decision), benefits,
                subscriptions.values().stream().map(Explain::subscription).toList(), newest);
    }

    private String why(List<Explanation.Benefit> benefits) {
        if (decision == null) {
            return subscriptions.isEmpty() ? "Nothing had been told about it: no subscription, and no grant."
                    : "No grant had been told for it. It has a subscription, but access follows grants alone.";
        }
        List<String> has = names(benefits, Explanation.Benefit::hasAccess);
        if (!has.isEmpty()) {
            return sentence("It may use ", has);
        }
        return benefits.isEmpty() ? "It may use nothing, and never could: no grant of its was live." // an emptied key
                : "It may use nothing. The last that it could use was " + benefits.getFirst().name() + ". "
                        + benefits.getFirst().why();
    }

    private static List<String> names(List<Explanation.Benefit> benefits, Predicate<Explanation.Benefit> which) {
        return benefits.stream().filter(which).map(Explanation.Benefit::name).toList();
    }

    private static String sentence(String beginning, List<String> names) {
        return names.isEmpty() ? "" : beginning + String.join(", ", names) + ".";
    }

    private static String by(Decided decided) {
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
            Decided told = subscriptions.get(subscription);
            return ". It came with the subscription " + (told == null
                    ? subscription + ", of which nothing had been told."
                    : name(told) + ", which was " + told.text("status") + " then"
                            + (cancels(told) ? " and set to end with its period." : "."));
        }
        String order = first.path("order_id").textValue();
        return order == null ? "." : ". It came with the order " + order + ".";
    }

    private static boolean cancels(Decided subscription) {
        return subscription.state().path("cancel_at_period_end").asBoolean();
    }

    private static String name(Decided subscription) {
        String product = subscription.text("product_name");
        return product == null ? subscription.key() : product;
    }

    private static String name(JsonNode benefit) {
        return benefit.path("description").asText(benefit.path("feature").asText(benefit.path("benefit_id").asText()));
    }

    private static Explanation.Decision decision(Decided decided) {
        return new Explanation.Decision(decided.version(), Rfc3339.format(decided.decidedAt()), decided.cause());
    }

    private static Explanation.Benefit benefit(Held held) {
        JsonNode benefit = held.benefit;
        return new Explanation.Benefit(benefit.path("benefit_id").textValue(), benefit.path("benefit_type").textValue(),
                benefit.path("description").textValue(), benefit.path("feature").textValue(), held.now, held.why,
                decision(held.by), benefit.path("grants").valueStream().map(Explain::grant).toList());
    }

    private static Explanation.Grant grant(JsonNode grant) {
        return new Explanation.Grant(grant.path("grant_id").textValue(), grant.path("customer_id").textValue(),
                grant.path("subscription_id").textValue(), grant.path("order_id").textValue(),
                grant.path("member_id").textValue(), grant.path("granted_at").textValue());
    }

    private static Explanation.Subscription subscription(Decided told) {
        return new Explanation.Subscription(told.key(), told.text("status"), told.text("product_name"), cancels(told),
                told.text("current_period_end"), told.text("ends_at"), told.text("ended_at"), decision(told));
    }
}
