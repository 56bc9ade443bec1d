package dev.plinto.polar.caller;

import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// What a token says, whatever form it says it in.
record Claims(JsonWebToken token) {

    /// Empty where the claim is missing, blank or no text.
    Optional<String> text(String name) {
        return switch (token.<Object>getClaim(name)) {
            case String text when !text.isBlank() -> Optional.of(text);
            case JsonString text when !text.getString().isBlank() -> Optional.of(text.getString());
            case null, default -> Optional.empty();
        };
    }

    /// A claim may be one text, a list of texts, or, as OAuth writes scopes, texts with spaces between.
    List<String> texts(String name) {
        return switch (token.<Object>getClaim(name)) {
            case String text -> Arrays.asList(text.split(" "));
            case JsonString text -> Arrays.asList(text.getString().split(" "));
            case Collection<?> list -> list.stream()
                    .map(item -> item instanceof JsonString text ? text.getString() : String.valueOf(item))
                    .toList();
            case null, default -> List.of();
        };
    }
}
