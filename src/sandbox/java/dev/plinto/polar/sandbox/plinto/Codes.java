package dev.plinto.polar.sandbox.plinto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// The codes that clients have not exchanged yet.
@Singleton
class Codes {

    static final Duration LIFETIME = Duration.ofMinutes(1);

    private static final int MOST = 1_000;

    private final Cache<String, Grant> issued;

    Codes(InstantSource clock) {
        issued = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME)
                .ticker(() -> clock.millis() * 1_000_000).build();
    }

    String issue(AuthorizationRequest request, SignedIn person) {
        String code = UUID.randomUUID().toString();
        issued.put(code, new Grant(request, person));
        return code;
    }

    /// What the code stands for, once; empty for an unknown, old or used one.
    Optional<Grant> redeem(String code) {
        return Optional.ofNullable(issued.asMap().remove(code));
    }
}
