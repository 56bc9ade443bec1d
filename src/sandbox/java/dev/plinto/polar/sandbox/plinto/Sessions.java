package dev.plinto.polar.sandbox.plinto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is signed in at the provider, by browser. Its page asks all the same, so that you can be another person in the
/// next window; the session is for requests that may ask nobody (`prompt=none`).
@Singleton
class Sessions {

    static final String COOKIE = "plinto_sandbox";

    private static final Duration LIFETIME = Duration.ofHours(8);
    private static final int MOST = 1_000;

    private final Cache<String, SignedIn> open;

    Sessions(InstantSource clock) {
        open = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME)
                .ticker(() -> clock.millis() * 1_000_000).build();
    }

    /// The cookie of a new session.
    NewCookie begin(SignedIn person) {
        String id = UUID.randomUUID().toString();
        open.put(id, person);
        return cookie(id).build();
    }

    Optional<SignedIn> find(@Nullable String id) {
        return Optional.ofNullable(id).map(open::getIfPresent);
    }

    /// Returns what removes the cookie.
    NewCookie end(String id) {
        open.invalidate(id);
        return cookie("").maxAge(0).build();
    }

    private static NewCookie.Builder cookie(String value) {
        return new NewCookie.Builder(COOKIE).value(value).path(OpenIdProvider.PATH).httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX);
    }
}
