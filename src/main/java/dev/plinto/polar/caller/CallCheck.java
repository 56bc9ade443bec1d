package dev.plinto.polar.caller;

import dev.plinto.polar.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The check of the current call, for methods that learn from the body or the database which organization it is about.
@RequestScoped
public class CallCheck {

    private final SecurityIdentity identity;
    private final Authorization authorization;
    private @Nullable Permission needed;
    private boolean isDone;

    CallCheck(SecurityIdentity identity, Authorization authorization) {
        this.identity = identity;
        this.authorization = authorization;
    }

    /// Throws a problem (403) unless the sender may do in this organization what the call needs.
    public Caller require(String organizationId) {
        Permission permission = expected();
        Caller caller = Caller.of(identity);
        authorization.require(permission, caller, organizationId);
        isDone = true;
        return caller;
    }

    /// Who sends the call. It does not say that they may.
    public Caller caller() {
        return Caller.of(identity);
    }

    /// The organization that the sender's token is for, if it names one: what a call means that names none.
    public Optional<String> ownOrganization() {
        return switch (Caller.of(identity)) {
            case Caller.Person person -> person.organization();
            case Caller.Service service -> service.organization();
            case Caller.Unreadable unreadable -> Optional.empty();
        };
    }

    /// The same for an object of the organization: whoever may do nothing there learns nothing about it.
    ///
    /// @param unknown the answer where there is no such object
    public Caller require(String organizationId, Problem unknown) {
        Caller caller = Caller.of(identity);
        if (!Authorization.speaksFor(organizationId, caller) && !expected().isGivenAnywhere(caller)) {
            throw unknown.exception();
        }
        return require(organizationId);
    }

    void expect(Permission permission) {
        needed = permission;
    }

    /// Whether the method has yet to call [#require].
    boolean isDue() {
        return needed != null && !isDone;
    }

    private Permission expected() {
        if (needed == null) {
            throw new IllegalStateException("The call does not say @Needs(organization = METHOD)");
        }
        return needed;
    }
}
