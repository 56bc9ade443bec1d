package dev.plinto.polar.billing;

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
import dev.plinto.polar.polar.api.Refusal;
import dev.plinto.polar.postgres.RequestQueries;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// An organization's own customer at Polar: a team, so that it needs no e-mail. Polar allows each e-mail once, and a
/// person who buys for two organizations must not make them one customer, since either could then see what the other
/// bought. Only for threads that may block.
@ApplicationScoped
class OrganizationCustomers {

    private static final String OTHERS = """
            SELECT FROM customers
            WHERE deleted_at IS NULL AND external_id IS DISTINCT FROM $1 AND id IN (
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

    /// The customer whose `external_id` is the organization; empty if none is known.
    Optional<String> known(String organizationId) {
        return queries
                .query("SELECT id FROM customers WHERE external_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1",
                        Tuple.of(organizationId), row -> row.getString(0))
                .await().indefinitely().stream().findFirst();
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

    /// The id of the organization's customer, which is created if there is none. Two calls at the same time create one:
    /// Polar refuses the second external id.
    ///
    /// @param owner the person for whom the call is made, who becomes the team's owner
    /// @throws PolarFailure if Polar does not answer, or refuses
    String ensure(ForOrganization purpose, Owner owner, Actor actor) throws InterruptedException {
        Optional<String> found = find(purpose);
        return found.isPresent() ? found.get() : create(purpose, owner, actor);
    }

    private String create(ForOrganization purpose, Owner owner, Actor actor) throws InterruptedException {
        return letIn(RecordedCall.of(audit,
                new Entry(actor, Action.CREATE_CUSTOMER, purpose.organization(), null, null, null, null),
                () -> createOrFind(purpose, owner), customer -> "customer " + customer.answer().object().id()));
    }

    private Dated<Answered<PolarCustomer>> createOrFind(ForOrganization purpose, Owner owner)
            throws InterruptedException {
        try {
            return polar.create(purpose, NewCustomer.team(purpose.organization(), null, owner));
        } catch (PolarFailure failure) {
            if (failure.reason() instanceof FailureReason.Refused refused
                    && refused.refusal() == Refusal.EXTERNAL_ID_CONFLICT) { // another call was faster
                return polar.withExternalId(purpose, purpose.organization()).orElseThrow(() -> failure);
            }
            throw failure;
        }
    }

    private String letIn(Dated<Answered<PolarCustomer>> customer) throws InterruptedException {
        Answered<PolarCustomer> answered = customer.answer();
        answers.letIn(new PolarObject(PolarObject.Kind.CUSTOMER, answered.object().id(), answered.modifiedAt(),
                answered.json()), customer.at());
        return answered.object().id();
    }
}
