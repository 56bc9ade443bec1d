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
import dev.plinto.polar.polar.api.Polar.Page;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarMember;
import dev.plinto.polar.polar.api.PolarMembers;
import dev.plinto.polar.polar.api.PolarMembers.NewMember;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.polar.api.Refusal;
import dev.plinto.polar.postgres.RequestQueries;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which member of an organization's customer at Polar a person is. Only for threads that may block.
@ApplicationScoped
class CustomerMembers {

    private static final String TEAM = "team";
    private static final String OWNER = "owner";
    private static final int MOST_PAGES = 10;

    private static final Problem EMAIL_MISSING = new Problem("email-missing", 409,
            "The person is no member yet, and has no e-mail address",
            "Nothing was done. Polar knows members by their address: send a person's token with the claim email, or "
                    + "let your server call with a service's token, user_id and customer_email.");
    private static final Problem EMAIL_TAKEN = new Problem("email-taken", 409,
            "Another member has this person's e-mail address",
            "Nothing was done. The address is that of another user, or it is not verified to be this person's. Verify "
                    + "it, or change that member at Polar.");

    /// A member without an external id is the person whose address it has. Somebody whom only an address names may be
    /// any member. A plain member may not see the portal's invoices: Polar is asked about that one.
    private static final String KNOWN = """
            SELECT c.id, m.id
            FROM customers c JOIN members m ON m.customer_id = c.id
            WHERE c.external_id = $1 AND c.deleted_at IS NULL AND m.deleted_at IS NULL AND m.role <> 'member'
              AND (m.external_id = $2 OR lower(m.email) = lower($3) AND (m.external_id IS NULL OR $2 IS NULL))
            ORDER BY m.external_id NULLS LAST, m.id LIMIT 1
            """;

    private final PolarMembers polar;
    private final RequestQueries queries;
    private final Answers answers;
    private final AuditLog audit;

    CustomerMembers(PolarMembers polar, RequestQueries queries, Answers answers, AuditLog audit) {
        this.polar = polar;
        this.queries = queries;
        this.answers = answers;
        this.audit = audit;
    }

    record Known(String customerId, String memberId) {}

    /// As the projection knows it: a member may be deleted, or just added, without being known to be.
    Optional<Known> known(String organization, Visitor visitor) {
        return queries.query(KNOWN, Tuple.of(organization, visitor.user().orElse(null),
                visitor.provenEmail().orElse(null)), row -> new Known(row.getString(0), row.getString(1)))
                .await().indefinitely().stream().findFirst();
    }

    /// The id of the person's member, who may see and pay: one who may not is made a billing manager. If a team has no
    /// such member, one is added. Of an individual customer, its owner:
    /// Polar refuses to choose where there are several. Throws 409 `email-missing` or `email-taken`.
    ///
    /// @return null for a customer without members
    @Nullable
    String ensure(ForOrganization purpose, PolarCustomer customer, Visitor visitor, Actor actor)
            throws InterruptedException {
        if (!TEAM.equals(customer.type())) {
            return find(purpose, customer.id(), member -> member.role().equals(OWNER)).map(PolarMember::id)
                    .orElse(null);
        }
        Optional<PolarMember> known = ofUser(purpose, visitor);
        PolarMember member = known.isPresent() ? known.get() : add(purpose, customer.id(), visitor, actor);
        return (member.isPlain() ? makeBillingManager(purpose, customer.id(), member, actor) : member).id();
    }

    private PolarMember makeBillingManager(ForOrganization purpose, String customerId, PolarMember member, Actor actor)
            throws InterruptedException {
        return RecordedCall.of(audit,
                new Entry(actor, Action.CHANGE_MEMBER, purpose.organization(), "member " + member.id(), null, null,
                        null),
                () -> letIn(polar.makeBillingManager(purpose, customerId, member.id())), PolarMember::role);
    }

    private PolarMember add(ForOrganization purpose, String customerId, Visitor visitor, Actor actor)
            throws InterruptedException {
        NewMember wanted = NewMember.billingManager(
                visitor.email().orElseThrow(EMAIL_MISSING::exception).address(), null, visitor.user().orElse(null));
        return RecordedCall.of(audit,
                new Entry(actor, Action.ADD_MEMBER, purpose.organization(), "customer " + customerId, null, null, null),
                () -> addOrFind(purpose, customerId, wanted, visitor), member -> "member " + member.id());
    }

    private PolarMember addOrFind(ForOrganization purpose, String customerId, NewMember wanted, Visitor visitor)
            throws InterruptedException {
        try {
            return letIn(polar.add(purpose, customerId, wanted));
        } catch (PolarFailure failure) {
            return switch (refusal(failure)) {
                case EXTERNAL_ID_CONFLICT -> ofUser(purpose, visitor).orElseThrow(() -> failure); // another was faster
                case EMAIL_CONFLICT -> withEmail(purpose, customerId, wanted, visitor);
                case null, default -> throw failure;
            };
        }
    }

    private PolarMember letIn(Dated<Answered<PolarMember>> member) throws InterruptedException {
        Answered<PolarMember> answer = member.answer();
        answers.letIn(new PolarObject(PolarObject.Kind.MEMBER, answer.object().id(), answer.modifiedAt(),
                answer.json()), member.at());
        return answer.object();
    }

    private static @Nullable Refusal refusal(PolarFailure failure) {
        return failure.reason() instanceof FailureReason.Refused refused ? refused.refusal() : null;
    }

    private Optional<PolarMember> ofUser(ForOrganization purpose, Visitor visitor) throws InterruptedException {
        return visitor.user().isEmpty()
                ? Optional.empty()
                : polar.withExternalId(purpose, purpose.organization(), visitor.user().get())
                        .map(member -> member.answer().object());
    }

    private PolarMember withEmail(ForOrganization purpose, String customerId, NewMember wanted, Visitor visitor)
            throws InterruptedException {
        return find(purpose, customerId, member -> wanted.email().equalsIgnoreCase(member.email()))
                .filter(member -> isSame(member, visitor)).orElseThrow(EMAIL_TAKEN::exception);
    }

    private static boolean isSame(PolarMember member, Visitor visitor) {
        Optional<String> user = Optional.ofNullable(member.externalId());
        return user.isPresent() && user.equals(visitor.user()) // who was added meanwhile
                || visitor.provenEmail().isPresent() && (user.isEmpty() || visitor.user().isEmpty());
    }

    /// The newest page is read last: of several such members, it is the newest one.
    private Optional<PolarMember> find(ForOrganization purpose, String customerId, Predicate<PolarMember> wanted)
            throws InterruptedException {
        Optional<PolarMember> found = Optional.empty();
        int last = 1;
        for (int page = 1; page <= last && page <= MOST_PAGES; page++) {
            Optional<Page<Answered<PolarMember>>> members = polar.of(purpose, customerId, page).map(Dated::answer);
            last = members.map(Page::last).orElse(0);
            found = Stream.concat(found.stream(), members.stream().flatMap(list -> list.items().stream())
                    .map(Answered::object).filter(wanted)).reduce((older, newer) -> newer);
        }
        return found;
    }
}
