package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Polar's portal, in which a customer sees invoices and payment methods. Each call blocks for one organization, whose
/// user waits, and throws [PolarFailure] if Polar does not answer or refuses.
@ApplicationScoped
public class PolarPortal {

    private final PolarCalls calls;

    PolarPortal(PolarCalls calls) {
        this.calls = calls;
    }

    /// Who visits the portal: a customer by one of the two ids.
    ///
    /// @param memberId  needed for a team
    /// @param returnUrl where the portal leads back to. Whoever asks has checked this address.
    public record Visit(@Nullable String customerId, @Nullable String externalCustomerId, @Nullable String memberId,
            @Nullable String returnUrl) {

        public Visit {
            if ((customerId == null) == (externalCustomerId == null)) {
                throw new IllegalArgumentException("a visit has one of the two ids");
            }
        }
    }

    /// @param url whoever has it may use the portal, until it expires
    public record Session(URI url, String customerId, Instant expiresAt) {

        static Session of(Payload session) {
            return new Session(Needed.url(session, "customer_portal_url"), session.requiredId("customer_id"),
                    session.requiredTime("expires_at"));
        }

        /// Without the address, which has the token.
        @Override
        public String toString() {
            return "Session[customerId=" + customerId + ", expiresAt=" + expiresAt + "]";
        }
    }

    /// Refused with [Refusal#UNKNOWN_CUSTOMER] if there is none.
    public Session open(Purpose.ForOrganization caller, Visit visit) throws InterruptedException {
        String body = RequestBody.of(visit);
        return calls.call(caller, Operation.CREATE_CUSTOMER_SESSION, api -> api.createCustomerSession(body),
                session -> Session.of(visit.customerId() == null
                        ? session
                        : Answered.itself(session, "customer_id", visit.customerId(), same -> same).object()))
                .answer();
    }
}
