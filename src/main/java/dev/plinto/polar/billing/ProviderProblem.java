package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.FailureReason.FieldError;
import dev.plinto.polar.polar.api.PolarFailure;
import io.quarkus.logging.Log;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A failure of Polar's API as the answer to whoever asked for something there. What an operator must mend is in the
/// log; the answer says what the sender can do. What any provider's failure means in the same way is here too.
final class ProviderProblem {

    private static final Provider POLAR = Provider.POLAR;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Problem NO_SEAT_LEFT = new Problem("no-seat-left", 409, "The subscription has no free seat",
            "Nothing was done. Revoke a seat, or change the subscription to more of them. A subscription whose payment "
                    + "is due, or that is paused, gives none.");
    private static final Problem ALREADY_ASSIGNED = new Problem("already-assigned", 409, "The person has a seat",
            "Nothing was done: one person has one seat of a subscription. A seat that is pending waits for the person "
                    + "to accept the invitation.");
    private static final Problem MEMBER_MISMATCH = new Problem("member-mismatch", 409,
            "The user is a member with another e-mail",
            "Nothing was done. Send user_id alone: the user is a member already.");
    private static final Problem BILLING_DETAILS_MISSING = new Problem("billing-details-missing", 422,
            "The invoice would be addressed to nobody",
            "Name and address of who pays are missing. Let them fill these in in the customer portal, and ask again.");
    private static final Problem NO_INVOICE = new Problem("no-invoice", 422, "The order has no invoice",
            "No invoice is written of an order that is a draft, void or not paid.");

    static WebApplicationException of(PolarFailure failure) {
        return switch (failure.reason()) {
            case FailureReason.Refused refused -> refused(refused, failure);
            case FailureReason.RateLimited limited -> rateLimited(POLAR, limited.retryAfter());
            case FailureReason.OrganizationLimited limited -> organizationLimited(limited.retryAfter());
            case FailureReason.TokenNotAccepted token -> notConfigured(failure);
            case FailureReason.MissingScope token -> notConfigured(failure);
            case FailureReason.OtherEnvironment other -> notConfigured(failure);
            case FailureReason.VersionGone version -> notConfigured(failure);
            case FailureReason.Redirected elsewhere -> notConfigured(failure);
            case FailureReason.Unreachable nobody -> unavailable(failure);
            case FailureReason.Unanswered nothing -> unavailable(failure);
            case FailureReason.Unreadable body -> unavailable(failure);
            case FailureReason.UnusableField field -> unavailable(failure);
            case FailureReason.ServerFault fault -> unavailable(failure);
        };
    }

    /// Each refusal is of few calls, and means the same at all of them.
    private static WebApplicationException refused(FailureReason.Refused refused, PolarFailure failure) {
        return switch (refused.refusal()) {
            case TEAM_REFUSED -> notSetUp("Polar has no team customers for this merchant. An operator must switch its "
                    + "member model on, or set POLAR_CUSTOMER_TYPE=individual.", failure);
            case EMBED_HOST_NOT_ALLOWED -> notSetUp("Polar shows no checkout in a frame on this page. An operator must "
                    + "add the page's host to the embed hosts in the merchant's settings at Polar.", failure);
            case NOT_PERMITTED -> notSetUp("Polar does not permit this to the merchant. An operator must see whether "
                    + "its account at Polar is complete, and switch on what this needs: members and seats need "
                    + "Polar's member model; without it, set POLAR_CUSTOMER_TYPE=individual.", failure);
            case NO_SEAT_LEFT -> NO_SEAT_LEFT.exception();
            case SEAT_ALREADY_ASSIGNED -> ALREADY_ASSIGNED.exception();
            case MEMBER_MISMATCH -> MEMBER_MISMATCH.exception();
            case BILLING_DETAILS_MISSING -> BILLING_DETAILS_MISSING.exception();
            case NO_INVOICE -> NO_INVOICE.exception();
            case ALREADY_CANCELED, SUBSCRIPTION_ENDED -> SubscriptionProblems.ALREADY_CANCELED.exception();
            case SUBSCRIPTION_INACTIVE -> SubscriptionProblems.INACTIVE.exception();
            case SUBSCRIPTION_LOCKED -> retryAfter(SubscriptionProblems.LOCKED, RETRY);
            case NOTHING_SCHEDULED, NOT_PAUSED -> SubscriptionProblems.NOTHING_SCHEDULED.exception();
            case CANNOT_PAUSE -> SubscriptionProblems.CANNOT_PAUSE.exception();
            case PAYMENT_FAILED -> SubscriptionProblems.paymentFailed(false).exception();
            case PAYMENT_ACTION_REQUIRED -> SubscriptionProblems.paymentFailed(true).exception();
            case PAYMENT_NOT_READY -> notSetUp("Polar takes no payments for this merchant yet. An operator must "
                    + "complete its account at Polar.", failure);
            case NOT_SOLD_BY_THE_SEAT -> seats("The subscription is not sold by the seat.");
            case SEATS_IN_USE -> seats("More seats are in use: take some back first.");
            case TOO_FEW_SEATS -> seats("The product is sold with more seats at least.");
            case TOO_MANY_SEATS -> seats("The product is sold with fewer seats at most.");
            case ALREADY_SUBSCRIBED,
                    UNKNOWN_CUSTOMER,
                    EXTERNAL_ID_CONFLICT,
                    EMAIL_CONFLICT,
                    PRODUCT_REFUSED,
                    INVALID_FIELDS,
                    NOT_FOUND,
                    OTHER ->
                refused(errors(refused.fields()));
        };
    }

    /// Polar says it without naming the field.
    private static WebApplicationException seats(String message) {
        return refused(List.of(Map.of("field", "seats", "message", message)));
    }

    private static WebApplicationException refused(List<Map<String, String>> errors) {
        return refused(POLAR, errors);
    }

    /// @param errors what the provider says about fields, each with `field` and `message`
    static WebApplicationException refused(Provider provider, List<Map<String, String>> errors) {
        return new Problem("provider-refused", 422, name(provider) + " refused the request",
                "Nothing was done. Correct what errors names, and send it again.")
                .with("provider", provider.wireName()).with("errors", errors).exception();
    }

    /// Only an operator can mend it.
    private static WebApplicationException notSetUp(String what, PolarFailure failure) {
        Log.errorf("%s %s", what, failure.getMessage());
        return new Problem("provider-not-configured", 503, "Polar is not set up for this", what).exception();
    }

    /// What Polar says about a field is for who filled it.
    private static List<Map<String, String>> errors(List<FieldError> fields) {
        return fields.stream().map(error -> Map.of("field", error.field(), "message", error.message())).toList();
    }

    static WebApplicationException rateLimited(Provider provider, Duration retryAfter) {
        return tooMany(name(provider) + " takes no more requests of this service at present.", retryAfter);
    }

    static WebApplicationException organizationLimited(Duration retryAfter) {
        return tooMany("This organization has asked for much in the last minute.", retryAfter);
    }

    private static WebApplicationException tooMany(String why, Duration retryAfter) {
        return retryAfter(new Problem("too-many-requests", 429, "Too many requests", why
                + " Send the request again after Retry-After."), retryAfter);
    }

    private static WebApplicationException notConfigured(PolarFailure failure) {
        Log.errorf("A request for an organization was answered 503 provider-not-configured: %s", failure.getMessage());
        return new Problem("provider-not-configured", 503, "Polar is not set up for this",
                "Polar does not accept this service's token, or its environment or version is another one. The "
                        + "service's log says which; an operator must correct it.")
                .exception();
    }

    private static WebApplicationException unavailable(PolarFailure failure) {
        return unavailable(POLAR, failure);
    }

    static WebApplicationException unavailable(Provider provider, RuntimeException failure) {
        Log.warnf("A request for an organization was answered 503 provider-unavailable: %s", failure.getMessage());
        return retryAfter(new Problem("provider-unavailable", 503, name(provider) + " does not answer as it should",
                "Send the request again after Retry-After, with the same Idempotency-Key: then it is done once."),
                RETRY);
    }

    private static WebApplicationException retryAfter(Problem problem, Duration wait) {
        return new WebApplicationException(problem.title(), problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())).build());
    }

    private static String name(Provider provider) {
        return switch (provider) {
            case POLAR -> "Polar";
            case CONEKTA -> "Conekta";
            case FUNGIES -> "Fungies";
        };
    }

    private ProviderProblem() {}
}
