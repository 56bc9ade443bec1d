package dev.plinto.polar.audit;

import java.util.Locale;

/// What can be done, and is recorded.
public enum Action {
    REPUBLISH, REPUBLISH_NEW_VERSION, REPLAY_PARKED, DISCARD_PARKED, REPLAY_UNKNOWN_TYPE, REPLAY_USAGE, DISCARD_USAGE,
    RECONCILE, RECONCILE_DRY_RUN, ASK_POLAR_FOR_ATTEMPTS, CREATE_CUSTOMER, CREATE_CHECKOUT, START_SUBSCRIPTION,
    CHANGE_SUBSCRIPTION, CANCEL_SUBSCRIPTION, UNCANCEL_SUBSCRIPTION, PAUSE_SUBSCRIPTION, RESUME_SUBSCRIPTION,
    ASSIGN_SEAT, REVOKE_SEAT, GENERATE_INVOICE, ADD_MEMBER, CHANGE_MEMBER, LINK_CUSTOMER, EXPORT_DATA, ERASE_DATA,
    LOAD_ERASURES,
    /// One for whom nobody waits.
    REGISTER_CUSTOMER,
    /// The service drops rows of the audit log whose retention has ended.
    FORGET_AUDIT_LOG;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
