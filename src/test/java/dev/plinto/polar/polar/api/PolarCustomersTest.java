package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.polar.api.PolarMembers.NewMember;
import dev.plinto.polar.polar.api.PolarPortal.Visit;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Customers, their members and their visits of the portal.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarCustomersTest extends SellingClient {

    private final PolarCustomers customers = new PolarCustomers(calls);
    private final PolarMembers members = new PolarMembers(calls);
    private final PolarPortal portal = new PolarPortal(calls);
    private final String id = "org/1 ü-" + organization;

    @Test
    void team_isCreatedWithItsOwner_andFoundByItsExternalId() throws Exception {
        assertThat(customers.withExternalId(caller, id)).isEmpty();

        Answered<PolarCustomer> created = customers.create(caller, team(id)).answer();

        assertThat(created.object()).isEqualTo(new PolarCustomer(created.object().id(), id, null, "team",
                created.object().createdAt()));
        assertWhole(created, "metadata", "organization_id");
        assertThat(customers.withExternalId(caller, id).orElseThrow().answer().object()).isEqualTo(created.object());
        assertThat(members.withExternalId(caller, id, "user/1").orElseThrow().answer().object())
                .satisfies(owner -> assertThat(owner.role()).isEqualTo("owner"))
                .satisfies(owner -> assertThat(owner.email()).isEqualTo("jo@example.com"));
        assertThat(refusal(() -> customers.create(caller, team(id)))).isEqualTo(Refusal.EXTERNAL_ID_CONFLICT);
    }

    @Test
    void individual_isFoundByExactlyItsEmail_andLinkedOnce() throws Exception {
        Answered<PolarCustomer> created = customers.create(caller, individual(id, "jo@example.com")).answer();

        assertThat(customers.withEmail(caller, "jo@example.com").orElseThrow().answer().object())
                .isEqualTo(created.object());
        assertThat(customers.withEmail(caller, "o@example.com")).isEmpty();
        assertThat(refusal(() -> customers.create(caller, individual("org-2", "jo@example.com"))))
                .isEqualTo(Refusal.EMAIL_CONFLICT);
        assertThat(created.json().at("/billing_address/country").asText()).isEqualTo("ES");

        String unlinked = polar.customers().create(null).toString();
        assertThat(refusal(() -> customers.link(caller, unlinked, id))).isEqualTo(Refusal.EXTERNAL_ID_CONFLICT);
        Answered<PolarCustomer> linked = customers.link(caller, unlinked, "org-3").answer();
        assertThat(linked.object().externalId()).isEqualTo("org-3");
        assertWhole(linked, "email");
        assertThat(refusal(() -> customers.link(caller, unlinked, "org-4"))).isEqualTo(Refusal.EXTERNAL_ID_CONFLICT);
        assertThat(refusal(() -> customers.link(caller, UUID.randomUUID().toString(), "org-4")))
                .isEqualTo(Refusal.NOT_FOUND);
    }

    @Test
    void members_areAdded_andListed() throws Exception {
        String team = customers.create(caller, team(id)).answer().object().id();
        assertThat(members.withExternalId(caller, id, "user-2")).isEmpty();
        assertThat(members.withExternalId(caller, "no-organization", "user-2")).isEmpty();

        Answered<PolarMember> added = members.add(caller, team,
                NewMember.billingManager("lu@example.com", "Lu", "user-2")).answer();

        assertThat(added.object()).isEqualTo(
                new PolarMember(added.object().id(), "user-2", "lu@example.com", "billing_manager"));
        assertThat(members.withExternalId(caller, id, "user-2").orElseThrow().answer().object())
                .isEqualTo(added.object());
        assertThat(members.of(caller, team, 1).orElseThrow().answer().items())
                .extracting(member -> member.object().role()).containsExactly("owner", "billing_manager");
        assertThat(members.of(caller, UUID.randomUUID().toString(), 1)).isEmpty();
        assertThat(refusal(() -> members.add(caller, team, NewMember.billingManager("lu@example.com", null, "user-3"))))
                .isEqualTo(Refusal.EMAIL_CONFLICT);
        String plain = polar.customerMembers().create(UUID.fromString(team), JsonNodeFactory.instance.objectNode()
                .put("email", "mo@example.com")).toString();
        assertThat(members.makeBillingManager(caller, team, plain).answer().object().role())
                .isEqualTo("billing_manager");
        assertThat(refusal(() -> members.makeBillingManager(caller, team, UUID.randomUUID().toString())))
                .isEqualTo(Refusal.NOT_FOUND);
        String individual = polar.customers().create("individual").toString();
        assertThat(refusal(() -> members.add(caller, individual,
                NewMember.billingManager("lu@example.com", null, "user-3")))).isEqualTo(Refusal.NOT_PERMITTED);
    }

    @Test
    void portal_isOpenedForAMember() throws Exception {
        String team = customers.create(caller, team(id)).answer().object().id();
        String owner = members.withExternalId(caller, id, "user/1").orElseThrow().answer().object().id();

        PolarPortal.Session session = portal.open(caller,
                new Visit(team, null, owner, "https://app.example/billing"));

        assertThat(session.customerId()).isEqualTo(team);
        assertThat(session.url().toString()).contains("polar_mst_");
        assertThat(session.expiresAt()).isAfter(Instant.now());
        assertThat(session.toString()).doesNotContain("polar_mst_");
        assertThat(portal.open(caller, new Visit(null, id, owner, null)).customerId()).isEqualTo(team);
        assertThat(refusal(() -> portal.open(caller, new Visit(null, "nobody", null, null))))
                .isEqualTo(Refusal.UNKNOWN_CUSTOMER);
    }

    private static NewCustomer team(String externalId) {
        return NewCustomer.team(externalId, "Acme", new Owner("jo@example.com", "Jo", "user/1"));
    }

    private static NewCustomer individual(String externalId, String email) {
        return NewCustomer.individual(externalId, email, "Jo", "ES", "es");
    }
}
