package dev.plinto.polar.polar.api;

import java.net.URI;

/// A call of Polar's API failed. The message is for operators: it states what to do, and contains neither the token nor
/// any part of a body.
public final class PolarFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mayBeOfOneObject;

    private PolarFailure(String message, boolean mayBeOfOneObject) {
        super(message, null, false, false);
        this.mayBeOfOneObject = mayBeOfOneObject;
    }

    /// Whether calls for other objects may succeed all the same.
    public boolean mayBeOfOneObject() {
        return mayBeOfOneObject;
    }

    static PolarFailure ofStatus(Operation operation, int status, PolarConfig config) {
        String environment = environment(config);
        return new PolarFailure(switch (status) {
            case 401 -> environment + " does not accept POLAR_ACCESS_TOKEN: it is wrong, expired or revoked, or "
                    + "belongs to the other environment (POLAR_SANDBOX is " + config.sandbox()
                    + "). Create a new one in "
                    + "Polar's settings.";
            case 403 -> "POLAR_ACCESS_TOKEN lacks the scope " + operation.scope() + ", which " + operation.wireName()
                    + " needs. Create a new token with it.";
            case 404 -> environment + " has no " + operation.wireName() + " in version " + config.api().version()
                    + ": that version may have been removed (POLAR_API_VERSION), or POLAR_API_URL is not Polar's API.";
            case 429 ->
                environment + " still limits the rate of requests after several retries. Other clients may use the"
                        + " organization's limit too; lower POLAR_API_REQUESTS_PER_MINUTE.";
            default -> environment + " answered " + operation.wireName() + " with status " + status
                    + (status >= 300 && status < 400
                            ? ", a redirect, which is not followed: check POLAR_API_URL."
                            : status >= 500 ? ", a fault of its own. See status.polar.sh." : ".");
        }, switch (status) {
            case 401, 403, 404, 429 -> false;
            default -> status >= 400;
        });
    }

    static PolarFailure noAnswer(NoAnswer why, Operation operation, PolarConfig config) {
        String environment = environment(config);
        String host = URI.create(config.baseUrl()).getHost();
        return switch (why) {
            case UNKNOWN_HOST -> new PolarFailure(environment + " cannot be reached: DNS does not know " + host
                    + ". Check the DNS of this host, and POLAR_API_URL.", false);
            case TLS -> new PolarFailure(environment + " cannot be reached: the TLS handshake with " + host
                    + " fails. Check that this host trusts the certificate and has the right time, whether a proxy"
                    + " answers in Polar's place, and POLAR_API_URL.", false);
            case LATE -> new PolarFailure(environment + " does not answer in time (POLAR_API_TIMEOUT is "
                    + config.api().timeout().toMillis()
                    + " ms). Check whether this host may connect to it, and status.polar.sh.", false);
            case UNREACHABLE -> new PolarFailure(environment + " cannot be reached: there is no connection to " + host
                    + ". Check whether this host may connect to it, and status.polar.sh.", false);
            case CUT -> new PolarFailure("The connection to " + environment + " was closed before the whole answer to "
                    + operation.wireName() + " had arrived. See status.polar.sh, and check proxies in between.", false);
            case UNREADABLE -> unreadable(operation);
        };
    }

    private static String environment(PolarConfig config) {
        return config.sandbox() ? "Polar's sandbox" : "Polar's production API";
    }

    static PolarFailure otherEnvironment(PolarConfig config) {
        return new PolarFailure(config.sandbox()
                ? "POLAR_SANDBOX is true, but the answer is not from Polar's sandbox: check "
                        + "POLAR_API_URL."
                : "POLAR_SANDBOX is false, but the answer is from Polar's sandbox: check POLAR_API_URL.", false);
    }

    static PolarFailure unreadable(Operation operation) {
        return new PolarFailure("The answer to " + operation.wireName() + " is not as Polar documents it. A proxy may"
                + " have answered in Polar's place, or this release was not made for POLAR_API_VERSION.", true);
    }
}
