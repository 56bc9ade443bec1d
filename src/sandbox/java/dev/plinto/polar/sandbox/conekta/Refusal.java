package dev.plinto.polar.sandbox.conekta;

/// An action that Conekta refuses, as its API tells it. Nothing was changed, and nothing emitted.
public final class Refusal extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String code;
    private final String param;

    private Refusal(int status, String type, String code, String param, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    /// 422: a field of the request that is missing or wrong.
    public static Refusal invalid(String param, String message) {
        return new Refusal(422, "parameter_validation_error", "conekta.errors.parameter_validation", param, message);
    }

    /// 422: Conekta can do this, the simulation cannot.
    public static Refusal notSimulated(String param) {
        return new Refusal(422, "parameter_validation_error", "sandbox.errors.not_simulated", param,
                "The simulated Conekta cannot apply this");
    }

    /// 404: there is no object with this id.
    public static Refusal unknown(String id) {
        return new Refusal(404, "resource_not_found_error", "conekta.errors.resource_not_found.entity", null,
                "The object " + id + " could not be found.");
    }

    /// 428: the object is in a state in which this cannot be done.
    public static Refusal precondition(String message) {
        return new Refusal(428, "precondition_required_error", "conekta.errors.precondition", null, message);
    }

    /// 402: the payment was tried, and failed.
    public static Refusal declined(String message) {
        return new Refusal(402, "processing_error", "conekta.errors.processing.charge.card_declined", null, message);
    }

    /// 401.
    public static Refusal unauthorized() {
        return new Refusal(401, "authentication_error", "conekta.errors.authentication.key", null,
                "The key is missing or wrong.");
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String code() {
        return code;
    }

    /// The field that is wrong; null if none is.
    public String param() {
        return param;
    }
}
