package dev.plinto.polar.caller;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/// The public keys of the issuer, in memory: a token of a known key never waits for the issuer.
///
/// They are read again when they are old, and by [#refresh()] when a token does not verify, since the
/// issuer may have a new key. Tokens with made-up keys cannot make the service read them more often: see [#PAUSE].
@Singleton
class IssuerKeys implements VerificationKeyResolver {

    /// From one read to the next. SmallRye JWT's own setting has a floor of a minute, and each of its reads blocks a
    /// thread.
    static final Duration PAUSE = Duration.ofSeconds(5);

    /// A key that the issuer withdraws is accepted for so long.
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration READ_AHEAD = FRESH.dividedBy(2);
    /// While the issuer does not answer. No token should live longer.
    private static final Duration KEPT = Duration.ofDays(1);

    private final Optional<String> url;
    private final WebClient http;
    private final InstantSource clock;
    private final Duration pause;
    /// Shorter than the pause, so that there is one read at a time.
    private final Duration timeout;

    private volatile Keys keys = new Keys(List.of(), Instant.EPOCH);
    private volatile boolean isAnswering = true;
    private Uni<Boolean> lastRead = Uni.createFrom().item(false);
    private Instant lastReadAt = Instant.EPOCH;

    @Inject
    IssuerKeys(TokenConfig config, Vertx vertx, InstantSource clock) {
        this(config, vertx, clock, PAUSE);
    }

    IssuerKeys(TokenConfig config, Vertx vertx, InstantSource clock, Duration pause) {
        this.url = config.jwks().url();
        this.http = WebClient.create(vertx);
        this.clock = clock;
        this.pause = pause;
        this.timeout = pause.multipliedBy(3).dividedBy(5);
    }

    @Override
    public Key resolveKey(JsonWebSignature token, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        Keys current = keys;
        if (isOlderThan(KEPT)) {
            throw new UnresolvableKeyException("no keys of the issuer are known");
        }
        return current.resolver.resolveKey(token, nesting);
    }

    /// To be awaited before a token is verified. Completes at once while tokens arrive regularly, since the keys are
    /// then read ahead, in the background; and while the issuer does not answer.
    Uni<?> fresh() {
        if (isOlderThan(FRESH) && isAnswering) {
            return refresh();
        }
        if (isOlderThan(READ_AHEAD)) {
            refresh().subscribe().with(isRead -> {});
        }
        return Uni.createFrom().voidItem();
    }

    private boolean isOlderThan(Duration age) {
        return clock.instant().isAfter(keys.readAt.plus(age));
    }

    /// Reads the keys, or waits for the read under way. If the last one began less than the pause ago, its result
    /// counts. False if the issuer did not send keys; never fails.
    synchronized Uni<Boolean> refresh() {
        Instant now = clock.instant();
        if (url.isPresent() && !now.isBefore(lastReadAt.plus(pause))) {
            lastReadAt = now;
            lastRead = http.getAbs(url.get()).timeout(timeout.toMillis()).send()
                    .map(answer -> keep(answer, now))
                    .onFailure().recoverWithItem(this::keepOld)
                    .memoize().indefinitely();
        }
        return lastRead;
    }

    private boolean keep(HttpResponse<Buffer> answer, Instant asked) {
        List<JsonWebKey> read = answer.statusCode() == 200 ? keys(answer.bodyAsString()) : List.of();
        if (read.isEmpty()) {
            return keepOld(new IllegalStateException("an answer " + answer.statusCode() + " without a key"));
        }
        keys = new Keys(read, asked);
        if (!isAnswering) {
            isAnswering = true;
            Log.info("The issuer's keys can be read again");
        }
        return true;
    }

    private static List<JsonWebKey> keys(String body) {
        try {
            return new JsonWebKeySet(body).getJsonWebKeys();
        } catch (JoseException notKeys) {
            return List.of();
        }
    }

    /// Logs the first of several failures.
    private boolean keepOld(Throwable failure) {
        if (isAnswering) {
            isAnswering = false;
            Log.warnf("Cannot read the issuer's keys at PLINTO_JWKS_URL: %s. Tokens of keys that are known already are "
                    + "accepted for a day, tokens of other keys are refused. Check that the issuer runs, and that this "
                    + "replica reaches it", failure.getMessage());
        }
        return false;
    }

    private record Keys(JwksVerificationKeyResolver resolver, Instant readAt) {

        /// A token that does not name its key is tried with all.
        Keys(List<JsonWebKey> keys, Instant readAt) {
            this(new JwksVerificationKeyResolver(keys), readAt);
            resolver.setDisambiguateWithVerifySignature(true);
        }
    }
}
