package dev.plinto.polar.caller;

import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// The claims of a token, in any of the forms in which issuers write them.
record Claims(JsonWebToken token) {

    /// Empty if the claim is missing, blank or not a text.
    Optional<String> text(String name) {
        return switch (token.<Object>getClaim(name)) {
            case String text when !text.isBlank() -> Optional.of(text);
            case JsonString text when !text.getString().isBlank() -> Optional.of(text.getString());
            case null, default -> Optional.empty();
        };
    }

    /// The claim's texts: a list, one text, or texts separated by spaces, as OAuth writes scopes.
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
