package dev.plinto.polar.projection;

import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import dev.plinto.polar.Topics;
import dev.plinto.polar.conekta.ConektaConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;

/// What is held of Polar's objects and events. Of an erased organization its purchases, amounts and access stay,
/// without anything that names a person.
@ApplicationScoped
class ProjectedData implements HeldData {

    private static final String[] STAMPS = {"said_at", "said_by", "older"};

    /// What the events of an organization are about. Some come before its customer is known.
    private static final String SUBJECTS = """
            SELECT unnest(subject.customers)
            UNION SELECT id FROM checkouts WHERE organization_id = subject.organization
            UNION SELECT id FROM subscriptions WHERE account = subject.organization
            UNION SELECT id FROM orders WHERE organization_id = subject.organization
            UNION SELECT id FROM members WHERE customer_id = ANY (subject.customers)""";
    /// Who else buys by a shared customer.
    private static final String OTHERS = """
            SELECT account AS id FROM subscriptions WHERE customer_id = ANY (subject.shared_customers)
            UNION SELECT external_id FROM customers WHERE id = ANY (subject.shared_customers)
            UNION SELECT organization_id FROM orders WHERE customer_id = ANY (subject.shared_customers)""";
    /// A body of a shared customer is the organization's if it names that, and nobody else who buys by the customer.
    private static final String NAMES_IT_ALONE = """
            %s AND NOT EXISTS (
              SELECT FROM (%s) AS other WHERE id <> subject.organization AND NOT starts_with(id, 'customer:')
                AND %s)""".formatted(HeldTable.bodyNamesOrganization("subject.organization"), OTHERS,
            HeldTable.bodyNamesOrganization("id"));

    /// By an array, so that they are found by the primary key in every partition.
    private static final String ITS_EVENTS = """
            held.webhook_id = ANY (ARRAY(SELECT webhook_id FROM inbox
                                         WHERE inbox.subject IN (%s UNION SELECT unnest(subject.shared_customers))))
            AND (NOT EXISTS (SELECT FROM inbox WHERE inbox.webhook_id = held.webhook_id
                             AND inbox.subject = ANY (subject.shared_customers))
                 OR %s)""".formatted(SUBJECTS, NAMES_IT_ALONE);

    private final Transactions transactions;
    private final ConektaConfig conekta;
    private final InstantSource clock;

    ProjectedData(Transactions transactions, ConektaConfig conekta, InstantSource clock) {
        this.transactions = transactions;
        this.conekta = conekta;
        this.clock = clock;
    }

    @Override
    public String room() {
        return "projection";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(customers(), subscriptions(), orders(), grants(), accounts(), checkouts(), members(), seats(),
                customerMeters(), inbox(), payloads(), parked(), conflicts(), history(), benefitChanges(),
                HeldTable.impersonal("products", "id", "name", "description", "is_archived", "metadata", "created_at",
                        "visibility", "recurring_interval", "recurring_interval_count", "trial_interval",
                        "trial_interval_count", "prices", "benefit_ids", "added_stamps").leaves(STAMPS),
                HeldTable.impersonal("benefits", "id", "type", "description", "metadata").leaves(STAMPS),
                HeldTable.impersonal("meters", "id", "name", "archived_at").leaves(STAMPS),
                HeldTable.impersonal("outbox", "id", "topic", "key", "headers", "value", "received_at"),
                HeldTable.impersonal("positions", "topic_id", "partition", "next_offset"),
                HeldTable.impersonal("redefined_products", "id", "product_id", "added_at", "purchase", "cause_type",
                        "cause_webhook_id", "caused_at"),
                HeldTable.impersonal("activations", "checkout_id", "seconds", "measured_at"));
    }

    @Override
    public List<ErasureStep> stepsBefore() {
        return List.of(TellErasure.begun(transactions, clock));
    }

    @Override
    public List<ErasureStep> stepsBetween() {
        return List.of(new EndOfAccess(transactions, conekta.isOn()));
    }

    @Override
    public List<ErasureStep> stepsAfter() {
        return List.of(new EndMessages(transactions, clock), TellErasure.ended(transactions, clock));
    }

    @Override
    public List<HeldTopic> topics() {
        return List.of(
                new HeldTopic(Topics.SUBSCRIPTION_CHANGED, false, "a tombstone for each subscription"),
                new HeldTopic(Topics.ENTITLEMENT_CHANGED, false, "a tombstone, once nothing may be used any more"),
                new HeldTopic(Topics.ERASURES, false, "keyed hashes stay"));
    }

    private static HeldTable customers() {
        return HeldTable.named("customers").orderedBy("id")
                .rowsWhere("held.id = ANY (subject.customers || subject.shared_customers)")
                .erasesWhere("held.id = ANY (subject.customers)")
                .exports("id", "external_id", "deleted_at", "live_grants").exportsAndClears("country")
                .leaves(STAMPS).leaves("added_stamps");
    }

    private static HeldTable subscriptions() {
        return HeldTable.named("subscriptions").orderedBy("id").rowsWhere("held.account = subject.organization")
                .exports("id", "customer_id", "organization_id", "product_id", "product_name", "product_metadata",
                        "status", "cancel_at_period_end", "current_period_start", "current_period_end", "trial_end",
                        "ends_at", "ended_at", "seats", "amount", "currency", "recurring_interval", "account",
                        "version", "checkout_id")
                .leaves("published", "added_stamps").leaves(STAMPS);
    }

    private static HeldTable orders() {
        return HeldTable.named("orders").orderedBy("id")
                .rowsWhere("held.organization_id = subject.organization OR held.customer_id = ANY (subject.customers)")
                .exports("id", "customer_id", "organization_id", "subscription_id", "product_id", "status",
                        "billing_reason", "total_amount", "refunded_amount", "currency", "created_at", "checkout_id",
                        "product_name", "subtotal_amount", "discount_amount", "tax_amount", "invoice_number", "seats")
                .leaves("added_stamps").leaves(STAMPS);
    }

    private static HeldTable grants() {
        return HeldTable.named("grants").orderedBy("id")
                .rowsWhere("held.account = subject.organization OR held.customer_id = ANY (subject.customers)")
                .exports("id", "customer_id", "subscription_id", "order_id", "member_id", "benefit_id",
                        "benefit_type", "description", "feature", "is_granted", "granted_at", "account")
                .leaves(STAMPS);
    }

    private static HeldTable accounts() {
        return HeldTable.named("accounts").orderedBy("account").rowsWhere("held.account = subject.organization")
                .exports("account", "version", "published").leaves("history_set_at", "changed_characters");
    }

    private static HeldTable checkouts() {
        return HeldTable.named("checkouts").orderedBy("id")
                .rowsWhere("""
                        held.organization_id = subject.organization OR held.customer_id = ANY (subject.customers)""")
                .exports("id", "customer_id", "organization_id", "external_customer_id", "product_id", "status",
                        "total_amount", "currency", "seats", "created_at", "expires_at", "request_id")
                .leaves("added_stamps").leaves(STAMPS);
    }

    private static HeldTable members() {
        return HeldTable.named("members").orderedBy("id").rowsWhere("held.customer_id = ANY (subject.customers)")
                .exports("id", "customer_id", "role", "created_at", "deleted_at")
                .exportsAndClears("external_id", "email", "name").leaves(STAMPS);
    }

    private static HeldTable seats() {
        return HeldTable.named("seats").orderedBy("id")
                .rowsWhere("""
                        held.subscription_id = ANY (ARRAY(SELECT id FROM subscriptions
                                                          WHERE account = subject.organization))
                        OR held.order_id = ANY (ARRAY(SELECT id FROM orders
                                                      WHERE organization_id = subject.organization))
                        OR held.customer_id = ANY (subject.customers)""")
                .exports("id", "subscription_id", "order_id", "status", "customer_id", "member_id", "created_at",
                        "claimed_at", "revoked_at")
                .exportsAndClears("email").leaves(STAMPS);
    }

    private static HeldTable customerMeters() {
        return HeldTable.named("customer_meters").orderedBy("id")
                .rowsWhere("held.customer_id = ANY (subject.customers)")
                .exports("id", "customer_id", "meter_id", "consumed_units", "credited_units", "balance")
                .leaves(STAMPS);
    }

    private static HeldTable inbox() {
        return HeldTable.named("inbox").orderedBy("webhook_id").rowsWhere("held.subject IN (" + SUBJECTS + ")")
                .exports("webhook_id", "type", "outcome", "moment", "received_at", "projected_at", "origin", "subject")
                .leaves("own_type", "statements");
    }

    private static HeldTable payloads() {
        return HeldTable.named("payloads").orderedBy("webhook_id", "stored_at").rowsWhere(ITS_EVENTS)
                .exports("webhook_id", "received_at", "body").leaves("stored_at").deletesRows();
    }

    /// Events that name the organization or one of its customers, or are about them.
    private static HeldTable parked() {
        return HeldTable.named("parked").orderedBy("webhook_id")
                .rowsWhere("""
                        held.subject IN (%s) OR %s
                        OR EXISTS (SELECT FROM unnest(subject.customers) AS id WHERE %s)"""
                        .formatted(SUBJECTS, NAMES_IT_ALONE, HeldTable.bodyNames("id")))
                .erasesWhere("held.body_forgotten_at IS NULL")
                .exports("webhook_id", "type", "reason", "detail", "attempts", "first_failed_at", "last_failed_at",
                        "received_at", "origin", "subject")
                .exportsAndClearsTo("''::bytea", "body").clearsTo("clock_timestamp()", "body_forgotten_at")
                .leaves("own_type");
    }

    private static HeldTable conflicts() {
        return HeldTable.named("conflicts").orderedBy("webhook_id", "body_sha256").rowsWhere(ITS_EVENTS)
                .exports("webhook_id", "type", "received_at", "origin", "body").leaves("body_sha256", "stored_at")
                .deletesRows();
    }

    private static HeldTable history() {
        return HeldTable.named("history").orderedBy("decided_at", "topic", "key", "version")
                .rowsWhere("held.account = subject.organization")
                .exports("topic", "key", "version", "decided_at", "cause_type", "cause_webhook_id", "state")
                .leaves("account");
    }

    private static HeldTable benefitChanges() {
        return HeldTable.named("benefit_changes").orderedBy("decided_at", "id")
                .rowsWhere("held.account = subject.organization")
                .exports("benefit_id", "effect", "version", "decided_at", "cause_type", "cause_webhook_id",
                        "caused_at", "benefit")
                .leaves("id", "account");
    }
}
