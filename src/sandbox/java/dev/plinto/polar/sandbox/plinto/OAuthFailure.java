package dev.plinto.polar.sandbox.plinto;

/// A request that the provider refuses, with an error code of RFC 6749 or OpenID Connect.
final class OAuthFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String error;

    OAuthFailure(String error, String description) {
        super(description, null, false, false);
        this.error = error;
    }

    static OAuthFailure invalidRequest(String description) {
        return new OAuthFailure("invalid_request", description);
    }

    String error() {
        return error;
    }

    String description() {
        return getMessage();
    }
}
