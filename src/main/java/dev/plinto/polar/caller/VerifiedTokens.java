package dev.plinto.polar.caller;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// Caches tokens that SmallRye JWT verified within the last minute. An application sends the same token with every
/// read, and verifying its signature takes longer than the read.
///
/// The minute does not weaken revocation: a key that the issuer withdraws is accepted for up to an hour anyway, until
/// the keys are fetched again.
@ApplicationScoped
class VerifiedTokens implements IdentityProvider<TokenAuthenticationRequest>, SecurityIdentityAugmentor {

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);
    private static final int MAX_TOKENS = 1_000;

    private final TokenConfig config;
    private final InstantSource clock;
    private final Cache<String, SecurityIdentity> verified;

    VerifiedTokens(TokenConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.verified = Caffeine.newBuilder().maximumSize(MAX_TOKENS).expireAfterWrite(KEPT_FOR)
                .ticker(() -> clock.millis() * 1_000_000).build();
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    /// Higher than SmallRye JWT's, so that this provider comes first.
    @Override
    public int priority() {
        return IdentityProvider.super.priority() + 1;
    }

    /// Null, which hands the token to SmallRye JWT, unless it was verified within the last minute.
    @Override
    public Uni<SecurityIdentity> authenticate(TokenAuthenticationRequest request,
            AuthenticationRequestContext context) {
        SecurityIdentity known = verified.getIfPresent(request.getToken().getToken());
        return Uni.createFrom().item(known == null || isExpired(token(known)) ? null : known);
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom().item(identity.isAnonymous() || Caller.find(identity).isPresent()
                || isConsoleLogin(identity)
                        ? identity
                        : keep(identity));
    }

    /// An operator who signed in to the console, and has no token for calls.
    private static boolean isConsoleLogin(SecurityIdentity identity) {
        return identity.getCredential(IdTokenCredential.class) != null;
    }

    private SecurityIdentity keep(SecurityIdentity identity) {
        SecurityIdentity caller = QuarkusSecurityIdentity.builder(identity)
                .addAttribute(Caller.ATTRIBUTE, new Caller(token(identity), config.jwt().organizationClaims()))
                .build();
        verified.put(token(identity).getRawToken(), caller);
        return caller;
    }

    private boolean isExpired(JsonWebToken token) {
        return !clock.instant().isBefore(Instant.ofEpochSecond(token.getExpirationTime()));
    }

    private static JsonWebToken token(SecurityIdentity identity) {
        return (JsonWebToken) identity.getPrincipal();
    }
}
