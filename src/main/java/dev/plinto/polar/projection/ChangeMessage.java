package dev.plinto.polar.projection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.BenefitChange;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.SubscriptionState;
import dev.plinto.polar.postgres.StoredJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A message of a change topic as it is published, stored and served: its key, its CloudEvents attributes and its JSON,
/// without personal data.
record ChangeMessage(String topic, String ceType, String key, Account account, long version, Cause cause, String json) {

    private static final String SOURCE = "/plinto/polar";
    /// Leaves room for `granted` and `revoked`.
    private static final int MAX_SET_BYTES = Topics.LARGEST_CHANGE_VALUE - 1024 * 1024;
    private static final String SUBSCRIPTION_TYPE = "dev.plinto.polar.subscription.changed.v1";
    private static final String ENTITLEMENT_TYPE = "dev.plinto.polar.entitlement.changed.v1";
    private static final String ERASURE = "dev.plinto.polar.erasure.v1";

    /// Without the account and its set: an account can be an address.
    @Override
    public String toString() {
        return "ChangeMessage[topic=" + topic + ", version=" + version + "]";
    }

    /// At least the current time, so that versions also grow after an erasure or the restore of an older backup, when
    /// the previous version is lost: consumers drop a version that they have seen.
    static long nextVersion(long version, Instant now) {
        return Math.max(version + 1, now.toEpochMilli());
    }

    /// Restores the message from its JSON.
    static ChangeMessage ofPublishedSubscription(String json) {
        return ofPublished(Topics.SUBSCRIPTION_CHANGED, SUBSCRIPTION_TYPE, "subscription_id", json);
    }

    /// Restores the message from its JSON.
    static ChangeMessage ofPublishedEntitlements(String json) {
        return ofPublished(Topics.ENTITLEMENT_CHANGED, ENTITLEMENT_TYPE, "account", json);
    }

    private static ChangeMessage ofPublished(String topic, String type, String key, String json) {
        JsonNode message = StoredJson.read(json);
        JsonNode cause = message.get("cause");
        return new ChangeMessage(topic, type, message.get(key).textValue(),
                new Account(message.get("account").textValue()), message.get("version").longValue(),
                new Cause(cause.get("event_type").textValue(), cause.get("webhook_id").textValue(),
                        Instant.parse(cause.get("timestamp").textValue())),
                json);
    }

    static ChangeMessage of(SubscriptionState state, @Nullable String previousStatus, long version, Cause cause) {
        Subscription subscription = state.subscription();
        Facts facts = subscription.facts();
        ObjectNode json = FieldColumn.JSON.createObjectNode();
        json.put("subscription_id", subscription.id().value());
        json.put("account", state.account().value());
        json.put("organization_id", state.account().organizationId());
        json.put("customer_id", facts.get(Subscription.CUSTOMER_ID));
        json.put("product_id", facts.get(Subscription.PRODUCT_ID));
        json.put("product_name", facts.get(Subscription.PRODUCT_NAME));
        String metadata = facts.get(Subscription.PRODUCT_METADATA);
        json.putRawValue("product_metadata", metadata == null ? null : new RawValue(metadata));
        json.put("status", state.status());
        json.put("previous_status", previousStatus);
        json.put("cancel_at_period_end", facts.get(Subscription.CANCEL_AT_PERIOD_END));
        json.put("current_period_start", time(facts.get(Subscription.CURRENT_PERIOD_START)));
        json.put("current_period_end", time(facts.get(Subscription.CURRENT_PERIOD_END)));
        json.put("trial_end", time(facts.get(Subscription.TRIAL_END)));
        json.put("ends_at", time(facts.get(Subscription.ENDS_AT)));
        json.put("ended_at", time(facts.get(Subscription.ENDED_AT)));
        json.put("seats", facts.get(Subscription.SEATS));
        json.put("amount", facts.get(Subscription.AMOUNT));
        json.put("currency", facts.get(Subscription.CURRENCY));
        json.put("recurring_interval", facts.get(Subscription.RECURRING_INTERVAL));
        json.put("provider", Provider.of(subscription.id()).wireName());
        json.put("version", version);
        json.set("cause", cause(cause));
        return new ChangeMessage(Topics.SUBSCRIPTION_CHANGED, SUBSCRIPTION_TYPE,
                subscription.id().value(), state.account(), version, cause, json.toString());
    }

    static ChangeMessage of(EntitlementChange change, long version, Cause cause) {
        Account account = change.account();
        ObjectNode json = FieldColumn.JSON.createObjectNode();
        json.put("account", account.value());
        json.put("organization_id", account.organizationId());
        json.put("version", version);
        json.putRawValue("entitlements", new RawValue(entitlements(change.entitlements())));
        texts(json.putArray("granted"), change.granted());
        texts(json.putArray("revoked"), change.revoked());
        json.set("cause", cause(cause));
        return new ChangeMessage(Topics.ENTITLEMENT_CHANGED, ENTITLEMENT_TYPE,
                account.value(), account, version, cause, json.toString());
    }

    /// What is told of an erasure, by hashes as hexadecimal texts.
    ///
    /// @param organization its hash, which is the key
    /// @param erasedUntil  null while the erasure goes on
    /// @param lastVersion  of the organization's set
    /// @param customers    the hashes of those that were erased with it
    static ChangeMessage ofErasure(String organization, @Nullable Instant erasedUntil, long lastVersion,
            List<String> customers, Instant now) {
        ObjectNode json = FieldColumn.JSON.createObjectNode();
        json.put("erased_until", time(erasedUntil));
        json.put("last_version", lastVersion);
        texts(json.putArray("customers"), customers);
        return new ChangeMessage(Topics.ERASURES, ERASURE, organization, new Account(organization),
                nextVersion(lastVersion, now), new Cause(ERASURE, organization, now), json.toString());
    }

    /// The next message of the same key, which an erasure causes.
    ChangeMessage ended(Instant now) {
        return new ChangeMessage(topic, ceType, key, account, nextVersion(version, now), new Cause(ERASURE, key, now),
                json);
    }

    /// The record's headers: CloudEvents 1.0, Kafka binding, binary mode.
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(HeaderNames.CE_SPECVERSION, "1.0");
        headers.put(HeaderNames.CE_ID, key + ":" + version);
        headers.put(HeaderNames.CE_SOURCE, SOURCE);
        headers.put(HeaderNames.CE_TYPE, ceType);
        headers.put(HeaderNames.CE_SUBJECT, account.value());
        headers.put(HeaderNames.CE_TIME, Rfc3339.format(cause.timestamp()));
        headers.put(HeaderNames.CE_SEQUENCE, Long.toString(version));
        headers.put(HeaderNames.CONTENT_TYPE, "application/json");
        return headers;
    }

    /// Without the lists of grants if the message would be too large for its topic: their counts and digests tell that
    /// they changed.
    private static String entitlements(List<Entitlement> entitlements) {
        return entitlements(entitlements, true)
                .or(() -> entitlements(entitlements, false))
                .orElseThrow();
    }

    /// Empty if the lists make it too large.
    private static Optional<String> entitlements(List<Entitlement> entitlements, boolean withGrants) {
        StringJoiner array = new StringJoiner(",", "[", "]");
        for (Entitlement entitlement : entitlements) {
            array.add(entitlement(entitlement, withGrants).toString());
            if (withGrants && array.length() > MAX_SET_BYTES) {
                return Optional.empty();
            }
        }
        String set = array.toString();
        boolean mayBeTooLarge = withGrants && set.length() > MAX_SET_BYTES / 3; // characters have up to three bytes
        return mayBeTooLarge && set.getBytes(StandardCharsets.UTF_8).length > MAX_SET_BYTES
                ? Optional.empty()
                : Optional.of(set);
    }

    private static ObjectNode entitlement(Entitlement entitlement, boolean withGrants) {
        ObjectNode json = FieldColumn.JSON.createObjectNode();
        json.put("benefit_id", entitlement.benefitId());
        json.put("benefit_type", entitlement.benefitType());
        json.put("description", entitlement.description());
        json.put("feature", entitlement.feature());
        json.put("grant_count", entitlement.grantCount());
        json.put("grants_digest", entitlement.grantsDigest());
        json.set("grants", grants(withGrants ? entitlement.grants() : List.of()));
        return json;
    }

    /// What one event did to a benefit, as it is stored.
    static String json(BenefitChange change) {
        ObjectNode json = FieldColumn.JSON.createObjectNode();
        json.put("benefit_id", change.benefitId());
        json.put("benefit_type", change.benefitType());
        json.put("description", change.description());
        json.put("feature", change.feature());
        json.put("grant_count", change.grantCount());
        json.set("grants", grants(change.grants()));
        return json.toString();
    }

    private static ArrayNode grants(List<Entitlement.Through> grants) {
        ArrayNode json = FieldColumn.JSON.createArrayNode();
        grants.forEach(grant -> json.addObject()
                .put("grant_id", grant.grantId())
                .put("customer_id", grant.customerId())
                .put("subscription_id", grant.subscriptionId())
                .put("order_id", grant.orderId())
                .put("member_id", grant.memberId())
                .put("granted_at", time(grant.grantedAt())));
        return json;
    }

    private static ObjectNode cause(Cause cause) {
        return FieldColumn.JSON.createObjectNode()
                .put("event_type", cause.eventType())
                .put("webhook_id", cause.webhookId())
                .put("timestamp", time(cause.timestamp()));
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Rfc3339.format(time);
    }
}
