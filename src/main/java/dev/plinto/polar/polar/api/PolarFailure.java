package dev.plinto.polar.polar.api;

/// Polar's API did not answer what was asked. The message is for people: it says what to do, and repeats neither the
/// token nor anything of a body.
public final class PolarFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mayBeOfOneObject;

    private PolarFailure(String message, boolean mayBeOfOneObject) {
        super(message, null, false, false);
        this.mayBeOfOneObject = mayBeOfOneObject;
    }

    /// Whether Polar may well answer for other objects than the one that was asked for.
    public boolean mayBeOfOneObject() {
        return mayBeOfOneObject;
    }

    static PolarFailure ofStatus(Operation operation, int status, PolarConfig config) {
        String environment = config.sandbox() ? "Polar's sandbox" : "Polar's production API";
        return new PolarFailure(switch (status) {
            case 401 -> environment + " does not accept POLAR_ACCESS_TOKEN: it is wrong, expired or revoked, or one "
                    + "of the other environment (POLAR_SANDBOX is " + config.sandbox() + "). Make a new one in Polar's "
                    + "settings.";
            case 403 -> "POLAR_ACCESS_TOKEN lacks the scope " + operation.scope() + ", which " + operation.wireName()
                    + " needs. Make a new token that has it.";
            case 404 -> environment + " knows no " + operation.wireName() + " in version " + config.api().version()
                    + ": that version may have been removed (POLAR_API_VERSION), or POLAR_API_URL is not Polar's API.";
            case 429 -> environment + " limits the rate of requests and has not stopped to do so. Others may use this"
                    + " organization's limit too; POLAR_API_REQUESTS_PER_MINUTE lowers our share.";
            default -> environment + " answered " + operation.wireName() + " with status " + status
                    + (status >= 300 && status < 400
                            ? ", a redirect, which is not followed: check POLAR_API_URL."
                            : status >= 500 ? ", a fault of its own. See status.polar.sh." : ".");
        }, switch (status) {
            case 401, 403, 404, 429 -> false;
            default -> status >= 400;
        });
    }

    static PolarFailure unreachable(PolarConfig config) {
        return new PolarFailure((config.sandbox() ? "Polar's sandbox" : "Polar's production API")
                + " cannot be reached, or does not answer within " + config.api().timeout().toMillis()
                + " ms. See whether this host may connect to it, and status.polar.sh.", false);
    }

    static PolarFailure otherEnvironment(PolarConfig config) {
        return new PolarFailure(config.sandbox()
                ? "POLAR_SANDBOX is true, but what answers does not say that it is Polar's sandbox: check "
                        + "POLAR_API_URL."
                : "POLAR_SANDBOX is false, but Polar's sandbox answers: check POLAR_API_URL.", false);
    }

    static PolarFailure unreadable(Operation operation) {
        return new PolarFailure("The answer to " + operation.wireName() + " is not as Polar documents it. Something"
                + " between here and Polar may answer in its place, or POLAR_API_VERSION is not one that this was "
                + "made for.", true);
    }
}
