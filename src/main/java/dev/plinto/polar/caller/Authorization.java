package dev.plinto.polar.caller;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/// Decides whether a caller may do something, by the table in [Permission]. Refuses by throwing a problem, whose text
/// says which token to send.
@Singleton
public class Authorization {

    /// What cannot be undone needs the person, not only their device.
    private static final Duration FRESH = Duration.ofMinutes(10);
    /// The issuer's clock may be ahead of ours by so much.
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private final InstantSource clock;

    Authorization(InstantSource clock) {
        this.clock = clock;
    }

    /// Throws a problem (403) unless the caller may do this in the organization.
    public void require(Permission needed, Caller caller, String organizationId) {
        if (needed.isGivenAnywhere(caller)) {
            return;
        }
        if (!needed.isGivenIn(organizationId, caller)) {
            throw speaksFor(organizationId, caller)
                    ? Refusals.roleNotAllowed(needed, caller)
                    : Refusals.organizationNotAllowed(needed, caller);
        }
        if (needed.needsFreshSignIn() && caller instanceof Caller.Person person && !isFresh(person.signedInAt())) {
            throw Refusals.signInNotFresh(FRESH);
        }
    }

    /// Throws a problem (403) unless there can be an organization in which the caller may do this. For calls that must
    /// ask somebody which organization they are about: nobody is asked for a caller who may do it nowhere.
    void requireAnywhere(Permission needed, Caller caller) {
        if (!needed.isGivenAnywhere(caller) && !needed.isGivenSomewhere(caller)) {
            throw Refusals.roleNotAllowed(needed, caller);
        }
    }

    /// Throws a problem (403) unless the caller may do this, which is not about one organization.
    public void require(Permission needed, Caller caller) {
        if (!needed.isGivenAnywhere(caller)) {
            throw Refusals.roleNotAllowed(needed, caller);
        }
    }

    /// Whether the caller may do anything in the organization. To others it must look as if it did not exist.
    public static boolean speaksFor(String organizationId, Caller caller) {
        return Arrays.stream(Permission.values()).anyMatch(any -> any.isGivenIn(organizationId, caller));
    }

    private boolean isFresh(Optional<Instant> signedInAt) {
        Instant now = clock.instant();
        return signedInAt.filter(then -> !then.isBefore(now.minus(FRESH)) && !then.isAfter(now.plus(CLOCK_SKEW)))
                .isPresent();
    }
}
