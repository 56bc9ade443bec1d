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
import org.jspecify.annotations.Nullable;

/// Explains from an account's past changes why it has or does not have access.
final class ExplanationBuilder {

    private static final int MAX_EVENTS = 100;
    private static final int MAX_GRANTS = 100;
    private static final String BEFORE_HISTORY = "Granted before the start of the retained history";

    private final String account;
    /// In the order in which each was granted or revoked last.
    private final LinkedHashMap<String, BenefitState> benefits = new LinkedHashMap<>();
    private final Map<String, PastChange.OfSubscription> subscriptions = new TreeMap<>();
    private final List<Explanation.Event> events = new ArrayList<>();
    private @Nullable Decided decision;

    private ExplanationBuilder(String account) {
        this.account = account;
    }

    /// @param subscriptions up to that moment, in any order
    /// @param benefits      likewise, but of each version in the order of the events
    /// @param set           the newest published set of that moment; null if there is none
    static Explanation of(String account, Instant at, List<PastChange.OfSubscription> subscriptions,
            List<PastChange.OfBenefits> benefits, @Nullable PublishedSet set) {
        ExplanationBuilder builder = new ExplanationBuilder(account);
        DecisionOrder.of(subscriptions, benefits).forEach(change -> {
            switch (change) {
                case PastChange.OfSubscription ofSubscription -> builder.addSubscription(ofSubscription);
                case PastChange.OfBenefits ofBenefits -> builder.addBenefits(ofBenefits);
            }
        });
        if (set != null) {
            builder.complete(set);
        }
        return builder.build(at);
    }

    private record Decided(long version, Instant at, Explanation.Cause cause) {

        Explanation.Decision decision() {
            return new Explanation.Decision(version, Rfc3339.format(at), cause);
        }
    }

    /// A benefit as the newest change of it says.
    ///
    /// @param version  of that change
    /// @param decision that granted or revoked it
    private record BenefitState(JsonNode benefit, boolean live, long version, Decided decision, String why) {}

    private void addSubscription(PastChange.OfSubscription change) {
        if (!account.equals(change.text("account"))) {
            PastChange.OfSubscription left = subscriptions.remove(change.key());
            addEvent(change, "The subscription %s moved to another account.".formatted(
                    left == null ? change.key() : name(left)));
            return;
        }
        PastChange.OfSubscription before = subscriptions.put(change.key(), change);
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
                                        : "was no longer set to end with its period")
                                : "The subscription %s changed; its status stayed %s.".formatted(name, status));
    }

    private void addBenefits(PastChange.OfBenefits change) {
        Decided decided = decided(change);
        decision = decided;
        change.granted().forEach(benefit -> benefits.putLast(id(benefit), new BenefitState(benefit, true,
                change.version(), decided, "Granted by " + by(change.cause()) + source(benefit))));
        change.changed().forEach(benefit -> benefits.compute(id(benefit), (id, before) -> before == null
                ? new BenefitState(benefit, true, change.version(), decided, BEFORE_HISTORY + source(benefit))
                : new BenefitState(benefit, true, change.version(), before.decision, before.why)));
        List<String> granted = change.granted().stream().map(ExplanationBuilder::name).toList();
        List<String> revoked = new ArrayList<>();
        change.revoked().forEach(benefit -> {
            BenefitState before = benefits.get(id(benefit));
            JsonNode last = before == null || benefit.size() > 1 ? benefit : before.benefit;
            revoked.add(name(last));
            benefits.putLast(id(benefit), new BenefitState(last, false, change.version(), decided,
                    "Revoked by " + by(change.cause()) + source(last)));
        });
        addEvent(change, granted.isEmpty() && revoked.isEmpty()
                ? "The benefits stayed the same; the grants behind them changed."
                : sentence("The account gained ", granted) + (granted.isEmpty() || revoked.isEmpty() ? "" : " ")
                        + sentence("The account lost ", revoked));
    }

    /// The set has what no change says: benefits that were granted before the retained history, and what a release
    /// published that does not store changes of benefits. Only if it differs from the changes it is a decision of its
    /// own: it may be the same, told anew with a higher version.
    private void complete(PublishedSet set) {
        Decided decided = new Decided(set.version(), set.decidedAt(), set.cause());
        Map<String, JsonNode> published = new LinkedHashMap<>();
        set.benefits().forEach(benefit -> published.put(id(benefit), benefit));
        if (decision == null || benefits.values().stream().anyMatch(state -> state.version < decided.version
                && state.live != published.containsKey(id(state.benefit)))) {
            decision = decided;
        }
        published.forEach((id, benefit) -> benefits.compute(id, (key, state) -> {
            if (state == null || !state.live && state.version < set.version()) {
                return new BenefitState(benefit, true, set.version(), decided, BEFORE_HISTORY + source(benefit));
            }
            return state.version > set.version()
                    ? state
                    : new BenefitState(benefit, state.live, set.version(), state.decision, state.why);
        }));
        benefits.replaceAll((id, state) -> !state.live || state.version > set.version() || published.containsKey(id)
                ? state
                : new BenefitState(state.benefit, false, set.version(), decided,
                        "Revoked by " + by(set.cause()) + source(state.benefit)));
    }

    private void addEvent(PastChange change, String what) {
        events.add(new Explanation.Event(what, decided(change).decision()));
    }

    private Explanation build(Instant at) {
        List<Explanation.Benefit> sorted = benefits.sequencedValues().reversed().stream()
                .sorted(Comparator.comparing(BenefitState::live).reversed()
                        .thenComparing(state -> state.decision.version, Comparator.reverseOrder()))
                .map(ExplanationBuilder::benefit).toList();
        boolean hasAccess = sorted.stream().anyMatch(Explanation.Benefit::hasAccess);
        List<Explanation.Event> newest = events.reversed().stream().limit(MAX_EVENTS).toList();
        Account explained = new Account(account);
        return new Explanation(account, explained.organizationId(), Rfc3339.format(at), hasAccess,
                Why.PRESENT.of(explained, decision != null, !subscriptions.isEmpty(), sorted),
                decision == null ? null : decision.decision(), sorted,
                subscriptions.values().stream().map(ExplanationBuilder::subscription).toList(), newest);
    }

    private static String sentence(String beginning, List<String> names) {
        return names.isEmpty() ? "" : beginning + String.join(", ", names) + ".";
    }

    private static String by(Explanation.Cause cause) {
        String type = cause.eventType();
        return type != null && type.startsWith("dev.plinto.")
                ? "reconciliation, which read it from Polar's API"
                : "Polar's event " + type;
    }

    /// The subscription or order that the grants came with, and its state at the time of the change.
    private String source(JsonNode benefit) {
        JsonNode first = benefit.path("grants").path(0);
        String subscription = first.path("subscription_id").textValue();
        if (subscription != null) {
            PastChange.OfSubscription state = subscriptions.get(subscription);
            return ". The benefit came with the subscription " + (state == null
                    ? subscription + ", of which nothing was known."
                    : name(state) + ", which was " + state.text("status") + " then"
                            + (cancels(state) ? " and set to end with its period." : "."));
        }
        String order = first.path("order_id").textValue();
        return order == null ? "." : ". The benefit came with the order " + order + ".";
    }

    private static boolean cancels(PastChange.OfSubscription subscription) {
        return subscription.state().path("cancel_at_period_end").asBoolean();
    }

    private static String name(PastChange.OfSubscription subscription) {
        String product = subscription.text("product_name");
        return product == null ? subscription.key() : product;
    }

    private static String name(JsonNode benefit) {
        return benefit.path("description").asText(benefit.path("feature").asText(benefit.path("benefit_id").asText()));
    }

    private static String id(JsonNode benefit) {
        return benefit.path("benefit_id").asText();
    }

    private static Decided decided(PastChange change) {
        return new Decided(change.version(), change.decidedAt(), change.cause());
    }

    private static Explanation.Benefit benefit(BenefitState state) {
        JsonNode benefit = state.benefit;
        return new Explanation.Benefit(benefit.path("benefit_id").textValue(), benefit.path("benefit_type").textValue(),
                benefit.path("description").textValue(), benefit.path("feature").textValue(), state.live, state.why,
                state.decision.decision(),
                state.live ? benefit.path("grant_count").asInt(benefit.path("grants").size()) : 0,
                benefit.path("grants").valueStream().limit(MAX_GRANTS).map(ExplanationBuilder::grant).toList());
    }

    private static Explanation.Grant grant(JsonNode grant) {
        return new Explanation.Grant(grant.path("grant_id").textValue(), grant.path("customer_id").textValue(),
                grant.path("subscription_id").textValue(), grant.path("order_id").textValue(),
                grant.path("member_id").textValue(), grant.path("granted_at").textValue());
    }

    private static Explanation.Subscription subscription(PastChange.OfSubscription change) {
        return new Explanation.Subscription(change.key(), change.text("status"), change.text("product_name"),
                cancels(change), change.text("current_period_end"), change.text("ends_at"), change.text("ended_at"),
                decided(change).decision());
    }
}
