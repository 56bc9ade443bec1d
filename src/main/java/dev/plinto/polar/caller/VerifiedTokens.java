package dev.plinto.polar.caller;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.smallrye.jwt.runtime.auth.MpJwtValidator;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.lang.UnresolvableKeyException;

/// Caches tokens that SmallRye JWT verified within the last minute. An application sends the same token with every
/// read, and verifying its signature takes longer than the read.
///
/// The minute does not weaken revocation: a key that the issuer withdraws is accepted for longer anyway, until the keys
/// are read again: see [IssuerKeys].
@ApplicationScoped
class VerifiedTokens implements IdentityProvider<TokenAuthenticationRequest>, SecurityIdentityAugmentor {

    /// The attribute of an identity that holds its [Caller].
    static final String CALLER = "dev.plinto.polar.caller";

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);
    private static final int MAX_TOKENS = 1_000;

    private final MpJwtValidator verifier;
    private final IssuerKeys keys;
    private final TokenReader reader;
    private final InstantSource clock;
    private final Cache<String, SecurityIdentity> verified;

    VerifiedTokens(MpJwtValidator verifier, IssuerKeys keys, TokenConfig config, InstantSource clock) {
        this.verifier = verifier;
        this.keys = keys;
        this.reader = new TokenReader(config);
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

    /// Null for what is not a token of an API call, such as an operator's login.
    @Override
    public Uni<SecurityIdentity> authenticate(TokenAuthenticationRequest request,
            AuthenticationRequestContext context) {
        SecurityIdentity known = verified.getIfPresent(request.getToken().getToken());
        return known == null || isExpired(token(known))
                ? verify(request, context)
                : Uni.createFrom().item(known);
    }

    /// A token that does not verify may have a new key of the issuer, whether it names that key or not.
    private Uni<SecurityIdentity> verify(TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        return onCallersContext(keys.fresh()).flatMap(read -> verifier.authenticate(request, context))
                .onFailure(VerifiedTokens::isOfAnotherKey)
                .recoverWithUni(failure -> onCallersContext(keys.refresh())
                        .flatMap(isRead -> isRead
                                ? verifier.authenticate(request, context)
                                : Uni.createFrom().failure(failure)));
    }

    private static boolean isOfAnotherKey(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof UnresolvableKeyException
                        || cause instanceof InvalidJwtSignatureException);
    }

    /// Requests that wait for the same read of the keys go on each on its own thread, with its own context.
    private static <T> Uni<T> onCallersContext(Uni<T> shared) {
        Context context = Vertx.currentContext();
        return context == null ? shared : shared.emitOn(MutinyHelper.executor(context));
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return Uni.createFrom().item(() -> identity.isAnonymous() || Caller.find(identity).isPresent()
                || isConsoleLogin(identity)
                        ? identity
                        : keep(identity));
    }

    /// An operator who signed in to the console, and has no token for calls.
    private static boolean isConsoleLogin(SecurityIdentity identity) {
        return identity.getCredential(IdTokenCredential.class) != null;
    }

    private SecurityIdentity keep(SecurityIdentity identity) {
        if (!TokenReader.isAccessToken(token(identity))) {
            throw new AuthenticationFailedException("not an access token");
        }
        SecurityIdentity caller = QuarkusSecurityIdentity.builder(identity)
                .addAttribute(CALLER, reader.read(token(identity)))
                .build();
        verified.put(token(identity).getRawToken(), caller);
        return caller;
    }

    private boolean isExpired(JsonWebToken token) {
        return clock.instant().getEpochSecond() >= token.getExpirationTime(); // which may be no time at all
    }

    private static JsonWebToken token(SecurityIdentity identity) {
        return (JsonWebToken) identity.getPrincipal();
    }
}
