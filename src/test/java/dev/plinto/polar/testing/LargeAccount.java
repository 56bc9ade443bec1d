package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The events of an organization with very many grants, such as a team with a thousand seats: all of its benefits are
/// granted, revoked and granted again. One event of the simulated Polar is their pattern.
public final class LargeAccount {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGAN = Instant.parse("2026-10-01T08:00:00Z");

    private final String organization;
    private final int grants;
    private final int benefits;
    private final WebhookEvent customer;
    private final ObjectNode pattern;

    /// @param benefits of which the grants are, by turns
    public LargeAccount(String organization, int grants, int benefits) {
        this.organization = organization;
        this.grants = grants;
        this.benefits = benefits;
        SimulatedPolar polar = new SimulatedPolar(() -> BEGAN, new Random(organization.hashCode()));
        polar.grants().give(polar.customers().create(organization),
                polar.catalogue().benefitsOf(polar.catalogue().pro()).getFirst());
        List<WebhookEvent> events = polar.takeEvents();
        customer = first(events, "customer.created");
        pattern = json(first(events, "benefit_grant.created"));
    }

    private static WebhookEvent first(List<WebhookEvent> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).findFirst().orElseThrow();
    }

    public String organization() {
        return organization;
    }

    /// The ids of its grants, which are all live at the end of its life.
    public Set<String> grants() {
        return IntStream.range(0, grants).mapToObj(grant -> id("grant", grant).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// In the order in which Polar emits them.
    public List<WebhookEvent> granted() {
        List<WebhookEvent> events = new ArrayList<>(List.of(customer));
        events.addAll(events(grant -> event(grant, 1, true)));
        return events;
    }

    public List<WebhookEvent> revoked() {
        return events(grant -> event(grant, 2, false));
    }

    public List<WebhookEvent> grantedAgain() {
        return events(grant -> event(grant, 3, true));
    }

    /// All of its events, in the order in which Polar emits them.
    public List<WebhookEvent> life() {
        List<WebhookEvent> events = new ArrayList<>(granted());
        events.addAll(revoked());
        events.addAll(grantedAgain());
        return events;
    }

    /// One event that moves all grants to another organization.
    public WebhookEvent linkedTo(String other) {
        return ofCustomer("customer.updated", 4, data -> data.put("external_id", other));
    }

    /// One event that ends all grants.
    public WebhookEvent deleted() {
        return ofCustomer("customer.deleted", 5, data -> {});
    }

    private WebhookEvent ofCustomer(String type, int time, Consumer<ObjectNode> change) {
        Instant emitted = BEGAN.plusSeconds(3600L * time);
        ObjectNode event = json(customer);
        event.put("type", type).put("timestamp", emitted.toString());
        ObjectNode data = (ObjectNode) event.get("data");
        change.accept(data.put("modified_at", emitted.toString()));
        return new WebhookEvent(id("event-" + time, 0).toString(), type, emitted,
                event.toString().getBytes(StandardCharsets.UTF_8));
    }

    private List<WebhookEvent> events(IntFunction<WebhookEvent> event) {
        return IntStream.range(0, grants).mapToObj(event).toList();
    }

    private WebhookEvent event(int grant, int time, boolean isGranted) {
        Instant emitted = BEGAN.plusSeconds(3600L * time).plusMillis(grant);
        String type = isGranted ? "benefit_grant.created" : "benefit_grant.revoked";
        UUID benefit = id("benefit", grant % benefits);
        ObjectNode event = pattern.deepCopy();
        event.put("type", type).put("timestamp", emitted.toString());
        ObjectNode data = (ObjectNode) event.get("data");
        data.put("id", id("grant", grant).toString()).put("benefit_id", benefit.toString())
                .put("is_granted", isGranted).put("is_revoked", !isGranted).put("modified_at", emitted.toString());
        ((ObjectNode) data.get("benefit")).put("id", benefit.toString()).put("description",
                "Benefit " + grant % benefits);
        return new WebhookEvent(id("event-" + time, grant).toString(), type, emitted,
                event.toString().getBytes(StandardCharsets.UTF_8));
    }

    private UUID id(String kind, int number) {
        return UUID.nameUUIDFromBytes((organization + kind + number).getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode json(WebhookEvent event) {
        try {
            return (ObjectNode) JSON.readTree(event.body());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
