package dev.plinto.polar.audit;

import org.jspecify.annotations.Nullable;

/// Which entries are wanted; a null lets all through.
///
/// @param organization whose business it was
/// @param actor        the `sub` of who acted, or the provider whose event it was
/// @param action       as it is written in the log, or the type of the event
/// @param target       exactly this
public record AuditSearch(@Nullable String organization, @Nullable String actor, @Nullable String action,
        @Nullable String target) {

    /// Everything that happened to one organization.
    static AuditSearch of(String organization) {
        return new AuditSearch(organization, null, null, null);
    }
}
