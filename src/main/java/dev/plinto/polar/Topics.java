package dev.plinto.polar;

/// Names on Kafka. They are the contract with every consumer: never renamed, only succeeded by new ones.
public final class Topics {

    /// Polar's deliveries, byte for byte. Whatever changes state enters through it.
    public static final String RECEIVED = "polar.webhook.received";
    /// The state of a subscription after each change; compacted, keyed by subscription id.
    public static final String SUBSCRIPTION_CHANGED = "polar.subscription.changed";
    /// What an account may use after each change; compacted, keyed by account.
    public static final String ENTITLEMENT_CHANGED = "polar.entitlement.changed";

    /// The most that a change topic takes in one message, in bytes. An account's whole set is one message.
    public static final int LARGEST_CHANGE = 8 * 1024 * 1024;

    private Topics() {}
}
