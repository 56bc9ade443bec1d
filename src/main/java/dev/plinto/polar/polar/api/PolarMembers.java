package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The members of customers at Polar. Each call blocks for one organization, whose user waits, and throws
/// [PolarFailure] if Polar does not answer or refuses.
@ApplicationScoped
public class PolarMembers {

    private static final String BILLING_MANAGER = "billing_manager";

    private final PolarCalls calls;

    PolarMembers(PolarCalls calls) {
        this.calls = calls;
    }

    /// Empty if there is no such member, or no such customer.
    ///
    /// @param customer the customer's external id: the organization
    /// @param user     the member's external id
    public Optional<Dated<Answered<PolarMember>>> withExternalId(Purpose.ForOrganization caller, String customer,
            String user) throws InterruptedException {
        return calls.find(caller, Operation.FIND_MEMBER, "member_external_id", user,
                api -> api.readMemberWithExternalId(customer, user),
                answer -> Answered.itself(answer, "external_id", user, PolarMember::of));
    }

    /// One page of 100, oldest first; empty if there is no such customer.
    ///
    /// @param page from 1
    public Optional<Dated<Page<Answered<PolarMember>>>> of(Purpose.ForOrganization caller, String customerId, int page)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_MEMBERS_OF_CUSTOMER, "id", customerId,
                api -> api.listMembersOf(customerId, "created_at", Polar.PAGE, page),
                answer -> Page.of(answer, item -> Answered.itself(item, "customer_id", customerId, PolarMember::of)));
    }

    /// Refused with [Refusal#NOT_PERMITTED] if the customer is no team.
    public Dated<Answered<PolarMember>> add(Purpose.ForOrganization caller, String customerId, NewMember member)
            throws InterruptedException {
        String body = RequestBody.of(member);
        return calls.call(caller, Operation.CREATE_MEMBER, api -> api.createMember(customerId, body),
                answer -> Answered.itself(answer, "customer_id", customerId, PolarMember::of));
    }

    /// Lets a member see and pay what the organization buys.
    public Dated<Answered<PolarMember>> makeBillingManager(Purpose.ForOrganization caller, String customerId,
            String memberId) throws InterruptedException {
        String body = RequestBody.of(new Role(BILLING_MANAGER));
        return calls.call(caller, Operation.UPDATE_MEMBER, api -> api.updateMember(customerId, memberId, body),
                answer -> Answered.itself(answer, "id", memberId, PolarMember::of));
    }

    private record Role(String role) {}

    /// @param externalId the user's id
    /// @param role       `billing_manager` or `member`
    public record NewMember(String email, @Nullable String name, @Nullable String externalId, String role) {

        /// A member who may see and pay what the organization buys.
        public static NewMember billingManager(String email, @Nullable String name, @Nullable String user) {
            return new NewMember(email, name, user, BILLING_MANAGER);
        }

        /// Without personal data.
        @Override
        public String toString() {
            return "NewMember[externalId=" + externalId + ", role=" + role + "]";
        }
    }
}
