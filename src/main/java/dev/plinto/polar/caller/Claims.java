package dev.plinto.polar.caller;

import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/// The claims of a token, read strictly: a claim of another form than expected says nothing.
record Claims(JsonWebToken token) {

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
        return Optional.ofNullable(textOf(value(name))).filter(text -> !text.isBlank());
    }

    boolean isList(String name) {
        return value(name) instanceof Collection<?>;
    }

    /// The texts of a list; empty if the claim is missing or not a list.
    List<String> list(String name) {
        return value(name) instanceof Collection<?> list
                ? list.stream().map(Claims::textOf).flatMap(Stream::ofNullable).toList()
                : List.of();
    }

    /// The scopes: one text with spaces between them (RFC 8693), or a list.
    List<String> scopes() {
        return text("scope").map(text -> List.of(text.split(" "))).orElseGet(() -> list("scope"));
    }

    private @Nullable Object value(String name) {
        Object value = token.<Object>getClaim(name);
        return JsonValue.NULL.equals(value) ? null : value;
    }

    private static @Nullable String textOf(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case JsonString text -> text.getString();
            case null, default -> null;
        };
    }
}
