package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.entitlement.Account;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why an account has or does not have access, as of a moment of this service's clock. Times are RFC 3339.
///
/// @param organizationId null while the account is linked to no organization
/// @param why            a text for people
/// @param decision       the newest published change of its entitlements at that moment; null if there was none
/// @param benefits       all benefits up to that moment, those that give access then first
/// @param events         the changes of its benefits and subscriptions up to that moment, newest first
@JsonNaming(SnakeCaseStrategy.class)
public record Explanation(String account, @Nullable String organizationId, String at, boolean hasAccess, String why,
        @Nullable Decision decision, List<Benefit> benefits, List<Subscription> subscriptions, List<Event> events) {

    public Explanation {
        benefits = List.copyOf(benefits);
        subscriptions = List.copyOf(subscriptions);
        events = List.copyOf(events);
    }

    /// The same, told as of a moment that is over.
    Explanation inThePast() {
        String then = Why.PAST.of(new Account(account), decision != null, !subscriptions.isEmpty(), benefits);
        return new Explanation(account, organizationId, at, hasAccess, then, decision, benefits, subscriptions, events);
    }

    /// The event that caused the change.
    ///
    /// @param timestamp when Polar emitted the event
    @JsonNaming(SnakeCaseStrategy.class)
    public record Cause(@Nullable String eventType, @Nullable String webhookId, @Nullable String timestamp) {}

    /// @param decidedAt by this service's clock; of what is older than the history, when Polar emitted its cause
    @JsonNaming(SnakeCaseStrategy.class)
    public record Decision(long version, String decidedAt, Cause cause) {}

    /// @param decision   the change that granted or revoked the benefit
    /// @param grantCount how many grants give it; 0 once it is revoked
    /// @param grants     some of those that give it, or that gave it last
    @JsonNaming(SnakeCaseStrategy.class)
    public record Benefit(String benefitId, @Nullable String benefitType, @Nullable String description,
            @Nullable String feature, boolean hasAccess, String why, Decision decision, int grantCount,
            List<Grant> grants) {

        public Benefit {
            grants = List.copyOf(grants);
        }

        /// The name for people: description, feature or id.
        public String name() {
            return description != null ? description : feature != null ? feature : benefitId;
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    public record Grant(String grantId, @Nullable String customerId, @Nullable String subscriptionId,
            @Nullable String orderId, @Nullable String memberId, @Nullable String grantedAt) {}

    /// The subscription's state at that moment.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Subscription(String subscriptionId, @Nullable String status, @Nullable String productName,
            boolean cancelAtPeriodEnd, @Nullable String currentPeriodEnd, @Nullable String endsAt,
            @Nullable String endedAt, Decision decision) {}

    /// @param what a text for people
    @JsonNaming(SnakeCaseStrategy.class)
    public record Event(String what, Decision decision) {}
}
