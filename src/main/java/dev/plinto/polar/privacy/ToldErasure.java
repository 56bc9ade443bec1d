package dev.plinto.polar.privacy;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An erasure as its topic tells it, by keyed hashes as hexadecimal texts.
///
/// @param organization its hash
/// @param erasedUntil  by Polar's clock; null if the erasure went on when it was told
/// @param lastVersion  of the organization's set
/// @param customers    the hashes of those that were erased with it
public record ToldErasure(String organization, @Nullable Instant erasedUntil, long lastVersion,
        List<String> customers) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /// @throws IllegalArgumentException if something is no hash
    public ToldErasure {
        Objects.requireNonNull(organization, "organization");
        customers = List.copyOf(customers);
        if (!HASH.matcher(organization).matches() || !customers.stream().allMatch(HASH.asMatchPredicate())) {
            throw new IllegalArgumentException("not a hash");
        }
    }
}
