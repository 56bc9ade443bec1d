package dev.plinto.polar.sandbox.plinto;

/// Where the sandbox's OpenID provider is.
public final class OpenIdProvider {

    /// The path of the issuer.
    public static final String PATH = "/sandbox/plinto";

    static final String USUAL = "http://127.0.0.1:8080" + PATH;

    static final String AUTHORIZE = "/oauth/authorize";
    static final String SIGN_IN = "/oauth/sign-in";
    static final String TOKEN = "/oauth/token";
    static final String USER_INFO = "/oauth/userinfo";
    static final String END_SESSION = "/oauth/end-session";
    static final String KEYS = "/jwks.json";
    static final String METADATA = "/.well-known/openid-configuration";

    private OpenIdProvider() {}
}
