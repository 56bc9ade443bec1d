package dev.plinto.polar.caller;

import static dev.plinto.polar.caller.OrganizationRole.ADMIN;
import static dev.plinto.polar.caller.OrganizationRole.OWNER;
import static dev.plinto.polar.caller.ServiceScope.BILLING_READ;
import static dev.plinto.polar.caller.ServiceScope.BILLING_USAGE;
import static dev.plinto.polar.caller.ServiceScope.BILLING_WRITE;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a call can need, and who has it: each row names the roles of the organization, the scope of a service, and
/// whether operators have it for every organization. What no row gives, nobody may.
public enum Permission {
    /// Entitlements, subscriptions, usage, a checkout's status and activation.
    READ(anyRole(), service(BILLING_READ), Operators.NO),
    /// Why an organization has access or not.
    EXPLAIN(anyRole(), service(BILLING_READ), Operators.YES),
    /// Usage that applications may send from a person's device: the events of `POLAR_USAGE_CLIENT_EVENTS`.
    SEND_CLIENT_USAGE(anyRole(), service(BILLING_USAGE), Operators.NO),
    /// Orders, invoices, who has which seat, the organization's audit trail.
    READ_BILLING(roles(OWNER, ADMIN), service(BILLING_READ), Operators.NO),
    /// Who would sell to the organization, and why.
    ROUTING(roles(OWNER, ADMIN), service(BILLING_READ), Operators.YES),
    /// Checkout, portal, customers, and every change of subscriptions and seats.
    MANAGE(roles(OWNER, ADMIN), service(BILLING_WRITE), Operators.NO),
    /// Everything that is held on the organization, as one document.
    EXPORT(roles(OWNER), service(BILLING_WRITE), Operators.NO),
    /// The end of all of it. A person must have signed in a few minutes ago: see [Authorization].
    ERASE(roles(OWNER), service(BILLING_WRITE), Operators.NO),
    /// Usage of any event.
    SEND_USAGE(noRole(), service(BILLING_USAGE), Operators.NO),
    /// The operator API and the console; of no organization.
    OPERATE(noRole(), noService(), Operators.YES);

    private enum Operators {
        YES, NO
    }

    @SuppressWarnings("ImmutableEnumChecker") // it cannot be changed: see the constructor
    private final Set<OrganizationRole> roles;
    private final Optional<ServiceScope> scope;
    private final Operators operators;

    Permission(Set<OrganizationRole> roles, Optional<ServiceScope> scope, Operators operators) {
        this.roles = Collections.unmodifiableSet(roles); // in the order of their rank
        this.scope = scope;
        this.operators = operators;
    }

    private static Set<OrganizationRole> anyRole() {
        return OrganizationRole.any();
    }

    private static Set<OrganizationRole> roles(OrganizationRole first, OrganizationRole... others) {
        return EnumSet.of(first, others);
    }

    private static Set<OrganizationRole> noRole() {
        return EnumSet.noneOf(OrganizationRole.class);
    }

    private static Optional<ServiceScope> service(ServiceScope scope) {
        return Optional.of(scope);
    }

    private static Optional<ServiceScope> noService() {
        return Optional.empty();
    }

    /// Whether a call that needs this is about one organization.
    boolean isOfOrganization() {
        return !roles.isEmpty() || scope.isPresent();
    }

    boolean needsFreshSignIn() {
        return this == ERASE;
    }

    boolean isOfOperators() {
        return operators == Operators.YES;
    }

    Set<OrganizationRole> roles() {
        return roles;
    }

    Optional<ServiceScope> scope() {
        return scope;
    }

    /// Whether the caller has this as an operator, in every organization.
    boolean isGivenAnywhere(Caller caller) {
        return isOfOperators() && caller.isOperator();
    }

    /// Whether the caller has this in any organization as somebody of it, or as a service that may act for it.
    boolean isGivenSomewhere(Caller caller) {
        return switch (caller) {
            case Caller.Person person -> !Collections.disjoint(person.roles().values(), roles);
            case Caller.Service service -> scope.filter(service.scopes()::contains).isPresent();
            case Caller.Unreadable unreadable -> false;
        };
    }

    /// Whether the caller has this as somebody of the organization, or as a service that may act for it.
    boolean isGivenIn(String organizationId, Caller caller) {
        return switch (caller) {
            case Caller.Person person -> person.roleIn(organizationId).filter(roles::contains).isPresent();
            case Caller.Service service -> scope.filter(needed -> service.has(needed, organizationId)).isPresent();
            case Caller.Unreadable unreadable -> false;
        };
    }
}
