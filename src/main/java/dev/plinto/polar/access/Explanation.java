package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// Why an account has or has not access, as it was decided up to a moment of our clock. Times are RFC 3339.
///
/// @param organizationId null while the account is linked to no organization
/// @param why            in words, for people
/// @param decision       what counted at that moment; null where nothing had been decided
/// @param benefits       all that it had by then, those that it still had first
/// @param events         what had changed its benefits or subscriptions by then, newest first
@JsonNaming(SnakeCaseStrategy.class)
public record Explanation(String account, String organizationId, String at, boolean hasAccess, String why,
        Decision decision, List<Benefit> benefits, List<Subscription> subscriptions, List<Event> events) {

    public Explanation {
        benefits = List.copyOf(benefits);
        subscriptions = List.copyOf(subscriptions);
        events = List.copyOf(events);
    }

    /// Polar's event that made the change.
    ///
    /// @param timestamp when Polar emitted it
    @JsonNaming(SnakeCaseStrategy.class)
    public record Cause(String eventType, String webhookId, String timestamp) {}

    /// @param decidedAt by our clock
    @JsonNaming(SnakeCaseStrategy.class)
    public record Decision(long version, String decidedAt, Cause cause) {}

    /// @param decision by which it came, or went
    /// @param grants   that give it, or the last that gave it
    @JsonNaming(SnakeCaseStrategy.class)
    public record Benefit(String benefitId, String benefitType, String description, String feature, boolean hasAccess,
            String why, Decision decision, List<Grant> grants) {

        public Benefit {
            grants = List.copyOf(grants);
        }

        /// What people call it.
        public String name() {
            return description != null ? description : feature != null ? feature : benefitId;
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    public record Grant(String grantId, String customerId, String subscriptionId, String orderId, String memberId,
            String grantedAt) {}

    /// As it was told last by then.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Subscription(String subscriptionId, String status, String productName, boolean cancelAtPeriodEnd,
            String currentPeriodEnd, String endsAt, String endedAt, Decision decision) {}

    /// @param what in words, for people
    @JsonNaming(SnakeCaseStrategy.class)
    public record Event(String what, Decision decision) {}
}
