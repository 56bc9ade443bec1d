package dev.plinto.polar.conekta.api;

import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.api.FailureReason.Detail;
import dev.plinto.polar.conekta.api.FailureReason.KeyNotAccepted;
import dev.plinto.polar.conekta.api.FailureReason.NoSuchPath;
import dev.plinto.polar.conekta.api.FailureReason.OrganizationLimited;
import dev.plinto.polar.conekta.api.FailureReason.OtherMode;
import dev.plinto.polar.conekta.api.FailureReason.RateLimited;
import dev.plinto.polar.conekta.api.FailureReason.Redirected;
import dev.plinto.polar.conekta.api.FailureReason.Refused;
import dev.plinto.polar.conekta.api.FailureReason.ServerFault;
import dev.plinto.polar.conekta.api.FailureReason.Unanswered;
import dev.plinto.polar.conekta.api.FailureReason.Unreachable;
import dev.plinto.polar.conekta.api.FailureReason.Unusable;
import dev.plinto.polar.provider.NoAnswer;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What operators read about a failed call. A lasting failure has the same text each time, so that it is logged once.
record FailureText(Operation operation, ConektaConfig config) {

    private static final int MOST_DETAILS = 5;

    String of(FailureReason reason) {
        return switch (reason) {
            case Unreachable(NoAnswer why) -> "Conekta's API cannot be reached at "
                    + URI.create(config.baseUrl()).getHost() + " (" + why.words()
                    + "). Check whether this host may connect to it, and CONEKTA_API_URL.";
            case Unanswered(NoAnswer why) -> "Conekta's API gave no whole answer to " + operation.wireName() + " ("
                    + why.words() + "; CONEKTA_API_TIMEOUT is " + config.api().timeout().toMillis()
                    + " ms). See status.conekta.com, and check proxies in between.";
            case Unusable(String expected) -> "The answer to " + operation.wireName()
                    + " is not as Conekta documents it: it is not " + expected
                    + ". A proxy may have answered in Conekta's place.";
            case OtherMode mode -> "CONEKTA_SANDBOX is " + config.sandbox() + ", but the answer is "
                    + (config.sandbox() ? "not of" : "of") + " Conekta's test mode: check CONEKTA_PRIVATE_KEY.";
            case KeyNotAccepted key -> "Conekta does not accept CONEKTA_PRIVATE_KEY: it is wrong or revoked. Create a "
                    + "new one in Conekta's panel.";
            case NoSuchPath path -> answered(404) + ", and no error of its own: CONEKTA_API_URL may not be Conekta's "
                    + "API.";
            case Redirected(int status) -> answered(status) + ", a redirect, which is not followed: check "
                    + "CONEKTA_API_URL.";
            case ServerFault(int status) -> answered(status) + ", a fault of its own. See status.conekta.com.";
            case RateLimited limited -> answered(429) + ": it wants fewer requests. The call is possible later.";
            case OrganizationLimited limited -> "An organization has made as many calls in the last minute as one may; "
                    + operation.wireName() + " was not sent.";
            case Refused refused -> answered(refused.status()) + details(refused)
                    + ". The same call would be refused again: see what Conekta's documentation says about it"
                    + (refused.logId().isEmpty()
                            ? "."
                            : ", or ask its support about the log id " + refused.logId()
                                    + ".");
        };
    }

    private String answered(int status) {
        return "Conekta's API answered " + operation.wireName() + " with status " + status;
    }

    private static String details(Refused refused) {
        return Stream.concat(Stream.of(refused.type()), refused.details().stream().limit(MOST_DETAILS)
                .map(FailureText::detail)).filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", ", " ", "")).stripTrailing();
    }

    private static String detail(Detail detail) {
        return detail.param().isEmpty() ? detail.code() : detail.code() + " for " + detail.param();
    }
}
