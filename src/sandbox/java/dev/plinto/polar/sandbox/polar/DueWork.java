package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// Something that happens at a time that was known before.
///
/// @param id of the object that it concerns
/// @param at when it is due; it happens then, or a moment later if much is due at once
public record DueWork(Type type, UUID id, Instant at) {

    /// What it is, and whose id it has.
    public enum Type {
        /// A subscription's trial is over, and the first month is charged.
        TRIAL_END,
        /// A subscription's period is over, and the next one is charged.
        RENEWAL,
        /// A cancelled subscription ends with its period.
        CANCELLATION,
        /// A subscription is paused at the end of its period.
        PAUSE,
        /// A paused subscription resumes, and is charged.
        RESUMPTION,
        /// An order's payment is tried again, and fails; after the last attempt its subscription ends.
        PAYMENT_RETRY,
        /// The bank decides on the payment of a checkout.
        PAYMENT_DECISION,
        /// A checkout that was not confirmed expires.
        CHECKOUT_EXPIRY,
        /// The invitation to a seat expires: it can no longer be claimed. No event tells this.
        INVITATION_EXPIRY;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
