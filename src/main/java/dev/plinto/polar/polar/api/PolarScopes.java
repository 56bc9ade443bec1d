package dev.plinto.polar.polar.api;

import jakarta.enterprise.context.ApplicationScoped;

/// Which scopes the access token has. Polar tells nobody, but it checks the scope before it reads what a request wants:
/// a request that it cannot carry out is answered 403 without the scope, and 422 or 404 with it. So nothing is ever
/// changed by asking.
@ApplicationScoped
public class PolarScopes {

    /// The body of each request is an object, which an array never is.
    private static final String NO_OBJECT = "[]";
    /// Of no object.
    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";

    private final PolarCalls calls;

    PolarScopes(PolarCalls calls) {
        this.calls = calls;
    }

    /// Whether the token lacks the scope. Sends one request, and blocks until there is a permit for it.
    ///
    /// @throws PolarFailure if Polar does not say
    public boolean isMissing(WriteScope scope) throws InterruptedException {
        try {
            calls.call(Purpose.Upkeep.SCOPES, Operation.LIST_SCOPES, impossible(scope), answer -> answer);
            return false;
        } catch (PolarFailure failure) {
            return switch (failure.reason()) {
                case FailureReason.MissingScope token -> true;
                case FailureReason.Refused request -> false;
                case FailureReason.TokenNotAccepted token -> throw failure;
                case FailureReason.VersionGone version -> throw failure;
                case FailureReason.OtherEnvironment other -> throw failure;
                case FailureReason.Redirected elsewhere -> throw failure;
                case FailureReason.RateLimited limited -> throw failure;
                case FailureReason.OrganizationLimited limited -> throw failure;
                case FailureReason.Unreachable nobody -> throw failure;
                case FailureReason.Unanswered nothing -> throw failure;
                case FailureReason.Unreadable body -> throw failure;
                case FailureReason.UnusableField field -> throw failure;
                case FailureReason.ServerFault fault -> throw failure;
            };
        }
    }

    private static PolarCalls.Call impossible(WriteScope scope) {
        return switch (scope) {
            case CHECKOUTS -> api -> api.createCheckout(NO_OBJECT);
            case CUSTOMERS -> api -> api.createCustomer(NO_OBJECT);
            case CUSTOMER_SESSIONS -> api -> api.createCustomerSession(NO_OBJECT);
            case MEMBERS -> api -> api.createMember(NO_ID, NO_OBJECT);
            case SUBSCRIPTIONS -> api -> api.createSubscription(NO_OBJECT);
            case CUSTOMER_SEATS -> api -> api.assignSeat(NO_OBJECT);
            case EVENTS -> api -> api.ingestEvents(NO_OBJECT);
            case WEBHOOKS -> api -> api.updateEndpoint(NO_ID, NO_OBJECT);
        };
    }
}
