package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import org.jspecify.annotations.Nullable;

/// A member of a customer as Polar states it.
///
/// @param externalId the user's id
/// @param role       `owner`, `billing_manager` or `member`
public record PolarMember(String id, @Nullable String externalId, @Nullable String email, String role) {

    static PolarMember of(Payload member) {
        return new PolarMember(member.requiredId("id"), member.id("external_id"), member.text("email"),
                Needed.text(member, "role"));
    }

    /// Whether they use what is bought, but may neither see nor pay it.
    public boolean isPlain() {
        return role.equals("member");
    }

    /// Without personal data.
    @Override
    public String toString() {
        return "PolarMember[id=" + id + ", externalId=" + externalId + ", role=" + role + "]";
    }
}
