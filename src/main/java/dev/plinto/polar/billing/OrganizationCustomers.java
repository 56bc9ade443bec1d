package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.NewCustomer;
import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.polar.api.PolarCustomers;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An organization's own customer at Polar: a team, so that it needs no e-mail. Polar allows each e-mail once, and a
/// person who buys for two organizations must not make them one customer, since either could then see what the other
/// bought. Only for threads that may block.
@ApplicationScoped
class OrganizationCustomers {

    /// The same whatever is the reason: nobody learns whose an address is.
    static final Problem MISMATCH = new Problem("customer-mismatch", 409, "The customer cannot be this organization's",
            "Nothing was done. Send the verified e-mail address of the person whose token it is, or let your server "
                    + "call with a service's token and email_verified. An address of another organization's customer "
                    + "may be impossible to use again.");

    private static final String FOR_OTHERS = """
            SELECT FROM (
              SELECT account FROM subscriptions WHERE customer_id = $1
              UNION ALL SELECT organization_id FROM orders WHERE customer_id = $1) AS bought
            WHERE account ~ '\\S' AND account <> $2 AND NOT starts_with(account, 'customer:')
            LIMIT 1
            """;
    private static final String OTHERS = """
            SELECT FROM customers
            WHERE deleted_at IS NULL AND external_id IS DISTINCT FROM $1 AND strpos(id, ':') = 0 AND id IN (
              SELECT customer_id FROM subscriptions WHERE account = $1
              UNION ALL SELECT customer_id FROM orders WHERE organization_id = $1)
            LIMIT 1
            """;

    private final PolarCustomers polar;
    private final RequestQueries queries;
    private final Answers answers;
    private final AuditLog audit;

    OrganizationCustomers(PolarCustomers polar, RequestQueries queries, Answers answers, AuditLog audit) {
        this.polar = polar;
        this.queries = queries;
        this.answers = answers;
        this.audit = audit;
    }

    /// @param isCreated whether the call created it
    record OwnCustomer(String id, boolean isCreated) {}

    /// A customer whose `external_id` is the organization, as the projection has it.
    ///
    /// @param country of its billing address; null if it is not known
    record KnownCustomer(String id, @Nullable String country) {}

    /// The customer whose `external_id` is the organization; empty if none is known.
    Optional<String> known(String organizationId) {
        return ask(organizationId).await().indefinitely().stream().findFirst().map(KnownCustomer::id);
    }

    /// The same, for who does not wait for it alone. Polar lets one customer have an external id, so there are more
    /// only while an event of a deleted one is still to come: the first one counts. Customers at other providers, whose
    /// ids have a prefix with a colon, name the organization too, and are none of Polar's.
    Uni<List<KnownCustomer>> ask(String organizationId) {
        return queries.query("""
                SELECT id, country FROM customers
                WHERE external_id = $1 AND deleted_at IS NULL AND strpos(id, ':') = 0 ORDER BY id
                """, Tuple.of(organizationId), row -> new KnownCustomer(row.getString(0), row.getString(1)));
    }

    /// The customer whose `external_id` is the organization, also if only Polar knows it.
    ///
    /// @throws PolarFailure if Polar does not answer
    Optional<String> find(ForOrganization purpose) throws InterruptedException {
        Optional<String> known = known(purpose.organization());
        if (known.isPresent()) {
            return known;
        }
        Optional<Dated<Answered<PolarCustomer>>> found = polar.withExternalId(purpose, purpose.organization());
        return found.isPresent() ? Optional.of(letIn(found.get())) : Optional.empty();
    }

    /// The customer whose `external_id` is the organization, as Polar has it at present.
    Optional<PolarCustomer> own(ForOrganization purpose) throws InterruptedException {
        return polar.withExternalId(purpose, purpose.organization()).map(customer -> customer.answer().object());
    }

    /// Whether something of the organization belongs to a customer who is not its own: it named the organization when
    /// it bought.
    boolean isShared(String organizationId) {
        return !queries.query(OTHERS, Tuple.of(organizationId), row -> true).await().indefinitely().isEmpty();
    }

    /// Whether the customer bought something for an organization that is another one.
    boolean boughtForOthers(String customerId, String organizationId) {
        return !queries.query(FOR_OTHERS, Tuple.of(customerId, organizationId), row -> true).await().indefinitely()
                .isEmpty();
    }

    /// The id of the organization's customer, which is created if there is none. Two calls at the same time create one:
    /// Polar refuses the second external id.
    ///
    /// @param owner the person for whom the call is made, who becomes the team's owner
    /// @throws PolarFailure if Polar does not answer, or refuses
    String ensure(ForOrganization purpose, Owner owner, Actor actor) throws InterruptedException {
        Optional<String> found = find(purpose);
        return found.isPresent()
                ? found.get()
                : create(purpose, NewCustomer.team(purpose.organization(), null, owner), actor).id();
    }

    /// Another call may create it at the same time. Throws 409 `customer-mismatch` if another customer has the address.
    OwnCustomer create(ForOrganization purpose, NewCustomer customer, Actor actor) throws InterruptedException {
        return letIn(RecordedCall.of(audit,
                new Entry(actor, Action.CREATE_CUSTOMER, purpose.organization(), null, null, null, null),
                () -> createOrFind(purpose, customer), Found::text));
    }

    /// Gives the organization a customer that is nobody's yet. Throws 409 `customer-mismatch` if it is somebody's by
    /// now.
    OwnCustomer link(ForOrganization purpose, String customerId, Actor actor) throws InterruptedException {
        return letIn(RecordedCall.of(audit,
                new Entry(actor, Action.LINK_CUSTOMER, purpose.organization(), "customer " + customerId, null, null,
                        null),
                () -> linkOrFind(purpose, customerId), Found::text));
    }

    private record Found(Dated<Answered<PolarCustomer>> customer, boolean isCreated) {

        String text() {
            return "customer " + customer.answer().object().id();
        }
    }

    private Found createOrFind(ForOrganization purpose, NewCustomer customer) throws InterruptedException {
        try {
            return new Found(polar.create(purpose, customer), true);
        } catch (PolarFailure failure) {
            return found(purpose, failure);
        }
    }

    private Found linkOrFind(ForOrganization purpose, String customerId) throws InterruptedException {
        try {
            return new Found(polar.link(purpose, customerId, purpose.organization()), false);
        } catch (PolarFailure failure) {
            return found(purpose, failure);
        }
    }

    /// What another call made, if that was faster.
    private Found found(ForOrganization purpose, PolarFailure failure) throws InterruptedException {
        if (!(failure.reason() instanceof FailureReason.Refused refused)) {
            throw failure;
        }
        return switch (refused.refusal()) {
            case EXTERNAL_ID_CONFLICT -> new Found(
                    polar.withExternalId(purpose, purpose.organization()).orElseThrow(MISMATCH::exception), false);
            case EMAIL_CONFLICT -> throw MISMATCH.exception();
            default -> throw failure;
        };
    }

    private OwnCustomer letIn(Found found) throws InterruptedException {
        return new OwnCustomer(letIn(found.customer), found.isCreated);
    }

    private String letIn(Dated<Answered<PolarCustomer>> customer) throws InterruptedException {
        Answered<PolarCustomer> answered = customer.answer();
        answers.letIn(new PolarObject(PolarObject.Kind.CUSTOMER, answered.object().id(), answered.modifiedAt(),
                answered.json()), customer.at());
        return answered.object().id();
    }
}
