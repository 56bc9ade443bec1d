package dev.plinto.polar;

import java.time.Duration;

/// Names of the Kafka topics. They are a contract with every consumer: a topic is never renamed, only replaced by a new
/// one.
public final class Topics {

    /// The raw topic: Polar's deliveries, byte for byte. Every change of state enters through it.
    public static final String RECEIVED = "polar.webhook.received";
    /// The same of Conekta's deliveries.
    public static final String CONEKTA_RECEIVED = "conekta.webhook.received";
    /// The state of a subscription after each change; compacted, keyed by subscription id.
    public static final String SUBSCRIPTION_CHANGED = "polar.subscription.changed";
    /// What an account may use after each change; compacted, keyed by account.
    public static final String ENTITLEMENT_CHANGED = "polar.entitlement.changed";

    /// Whose data was erased, by hashes only: compacted, keyed by the hash of the organization's id. After a backup is
    /// restored it is read before all else.
    public static final String ERASURES = "polar.erasures";

    /// How long the raw topic keeps a message, and how long a segment of it may wait for its last one.
    public static final Duration RAW_RETENTION = Duration.ofDays(27);
    public static final Duration RAW_SEGMENT = Duration.ofDays(1);

    /// The largest message that a change topic accepts, in bytes. All entitlements of an account are one message.
    public static final int LARGEST_CHANGE = 8 * 1024 * 1024;
    /// The largest value of a message of the change topics, in bytes: there must be room for its key and headers.
    public static final int LARGEST_CHANGE_VALUE = LARGEST_CHANGE - 16 * 1024;

    private Topics() {}
}
