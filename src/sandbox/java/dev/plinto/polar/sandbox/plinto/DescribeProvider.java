package dev.plinto.polar.sandbox.plinto;

import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.JwtClaims;

/// What clients read of the provider: its metadata, its keys, and, with an access token, whose token that is.
@Singleton
@Path(OpenIdProvider.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class DescribeProvider {

    private static final List<String> CLAIMS_OF_USER = List.of("sub", "name", "email", "email_verified", "org_id",
            "org_role", "org_roles");

    private final PlintoKeys keys;
    private final Tokens tokens;
    private final SecurityIdentity identity;

    DescribeProvider(PlintoKeys keys, Tokens tokens, SecurityIdentity identity) {
        this.keys = keys;
        this.tokens = tokens;
        this.identity = identity;
    }

    @GET
    @Path(OpenIdProvider.METADATA)
    public Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", tokens.issuer());
        metadata.put("authorization_endpoint", tokens.issuer() + OpenIdProvider.AUTHORIZE);
        metadata.put("token_endpoint", tokens.issuer() + OpenIdProvider.TOKEN);
        metadata.put("userinfo_endpoint", tokens.issuer() + OpenIdProvider.USER_INFO);
        metadata.put("end_session_endpoint", tokens.issuer() + OpenIdProvider.END_SESSION);
        metadata.put("jwks_uri", tokens.issuer() + OpenIdProvider.KEYS);
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("response_modes_supported", List.of("query"));
        metadata.put("grant_types_supported", List.of(ExchangeGrant.CODE, ExchangeGrant.REFRESH_TOKEN));
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        metadata.put("scopes_supported", AuthorizationRequest.SCOPES);
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
        metadata.put("token_endpoint_auth_methods_supported",
                List.of("none", "client_secret_basic", "client_secret_post"));
        metadata.put("authorization_response_iss_parameter_supported", true);
        metadata.put("request_uri_parameter_supported", false);
        return metadata;
    }

    @GET
    @Blocking
    @Path(OpenIdProvider.KEYS)
    public Map<String, Object> keys() {
        return Map.of("keys", keys.published());
    }

    @GET
    @Blocking
    @Path(OpenIdProvider.USER_INFO)
    @Authenticated
    @BearerTokenAuthentication
    public Map<String, Object> user() {
        Map<String, Object> claims = keys.verified(((JsonWebToken) identity.getPrincipal()).getRawToken())
                .map(JwtClaims::getClaimsMap).orElse(Map.of());
        Map<String, Object> user = new LinkedHashMap<>(claims);
        user.keySet().retainAll(CLAIMS_OF_USER);
        return user;
    }
}
