package dev.plinto.polar.caller;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;

/// The claims of a token, read strictly: a claim of another form than expected says nothing.
record Claims(JsonWebToken token) {

    private static final long LATEST = Instant.MAX.getEpochSecond();

    /// Of a token that somebody else has verified. Empty if it is opaque.
    static Optional<Claims> unverified(String token) {
        try {
            return Optional.of(new Claims(new DefaultJWTCallerPrincipal(new JwtConsumerBuilder()
                    .setSkipAllValidators().setSkipSignatureVerification().build().processToClaims(token))));
        } catch (InvalidJwtException opaque) {
            return Optional.empty();
        }
    }

    /// Without the token, which is as good as a password.
    @Override
    public String toString() {
        return "Claims";
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /// Empty if the claim is missing, blank or not a text.
    Optional<String> text(String name) {
        return text(value(name));
    }

    boolean isTrue(String name) {
        Object value = value(name);
        return Boolean.TRUE.equals(value) || JsonValue.TRUE.equals(value);
    }

    /// A moment in seconds since 1970. Empty if the claim is missing, no number or no moment.
    Optional<Instant> moment(String name) {
        Long seconds = switch (value(name)) {
            case Number number -> number.longValue();
            case JsonNumber number -> number.longValue();
            case null, default -> null;
        };
        return Optional.ofNullable(seconds).filter(since -> since > 0 && since < LATEST).map(Instant::ofEpochSecond);
    }

    /// The values of an object, by name; empty if the claim is not an object.
    Optional<Map<?, ?>> object(String name) {
        return value(name) instanceof Map<?, ?> object ? Optional.of(object) : Optional.empty();
    }

    /// The items of a list; empty if the claim is not a list.
    Optional<Collection<?>> items(String name) {
        return value(name) instanceof Collection<?> list ? Optional.of(list) : Optional.empty();
    }

    /// The texts of a list; empty if the claim is missing or not a list.
    List<String> list(String name) {
        return items(name).stream().flatMap(Collection::stream).map(Claims::text).flatMap(Optional::stream).toList();
    }

    /// The scopes: one text with spaces between them (RFC 8693), or a list.
    List<String> scopes() {
        return text("scope").map(text -> List.of(text.split(" "))).orElseGet(() -> list("scope"));
    }

    /// Of a claim, or of a part of one. Empty if it is missing, blank or not a text.
    static Optional<String> text(@Nullable Object value) {
        return Stream.ofNullable(switch (value) {
            case String text -> text;
            case JsonString text -> text.getString();
            case null, default -> null;
        }).filter(text -> !text.isBlank()).findFirst();
    }

    private @Nullable Object value(String name) {
        Object value = token.<Object>getClaim(name);
        return JsonValue.NULL.equals(value) ? null : value;
    }
}
