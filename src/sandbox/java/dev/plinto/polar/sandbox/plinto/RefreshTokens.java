package dev.plinto.polar.sandbox.plinto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// The clients' refresh tokens. Each counts once, and is replaced by the next one of its family. One that comes again
/// may have been stolen, and nobody knows by whom, so that its whole family ends (RFC 9700, 4.14.2).
@Singleton
class RefreshTokens {

    static final Duration LIFETIME = Duration.ofDays(7);

    private static final int MOST = 1_000;
    private static final String SEPARATOR = ".";

    private final Cache<String, Family> families;

    RefreshTokens(InstantSource clock) {
        families = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME)
                .ticker(() -> clock.millis() * 1_000_000).build();
    }

    /// The first token of a new family.
    String issue(Grant grant) {
        String family = UUID.randomUUID().toString();
        String token = tokenOf(family);
        families.put(family, new Family(grant, token));
        return token;
    }

    /// What the token stands for, and the next token; empty for an unknown, old or used one, or another client's.
    Optional<Family> redeem(String token, String client) {
        String family = token.split("\\" + SEPARATOR, 2)[0];
        String next = tokenOf(family);
        return Optional.ofNullable(families.asMap().computeIfPresent(family,
                (id, found) -> found.isOf(client) ? found.after(token, next) : found))
                .filter(found -> found.token.equals(next));
    }

    /// Ends what a sign-in gave, for all organizations of the person.
    void end(SignedIn person) {
        families.asMap().values().removeIf(family -> family.grant.person().isSameSignIn(person));
    }

    private static String tokenOf(String family) {
        return family + SEPARATOR + UUID.randomUUID();
    }

    /// @param token the only one of the family that counts
    record Family(Grant grant, String token) {

        private boolean isOf(String client) {
            return grant.request().clientId().equals(client);
        }

        /// Null ends the family.
        private Family after(String used, String next) {
            return used.equals(token) ? new Family(grant, next) : null;
        }

        /// Without the token.
        @Override
        public String toString() {
            return "Family";
        }
    }
}
