package dev.plinto.polar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.StampedValue;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The simulated Polar's objects at the end of a life, field by field: the truth of what we keep to be read.
public final class HeldByPolar {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedPolar polar;
    /// Objects of which Polar told several things at their newest moment, so that none of these is the newest.
    private final Set<String> ambiguous;

    private HeldByPolar(SimulatedPolar polar, Set<String> ambiguous) {
        this.polar = polar;
        this.ambiguous = ambiguous;
    }

    /// @param events all of the life, in the order of their moments
    static HeldByPolar afterwards(SimulatedPolar polar, List<WebhookEvent> events) {
        Map<String, WebhookEvent> newest = new HashMap<>();
        Set<String> ambiguous = new TreeSet<>();
        for (WebhookEvent event : events) {
            JsonNode data = AlteredEvents.json(event).get("data");
            String id = data.path("id").asText();
            WebhookEvent before = newest.put(id, event);
            if (before == null || before.timestamp().isBefore(event.timestamp())) {
                ambiguous.remove(id);
            } else if (!AlteredEvents.json(before).get("data").equals(data)) {
                ambiguous.add(id);
            }
        }
        return new HeldByPolar(polar, ambiguous);
    }

    /// In what `ours` differs from Polar's objects. A field that no statement carried differs from none, except in
    /// objects that events always tell as a whole.
    public List<String> differences(Collection<TrackedObject> ours) {
        Map<Class<?>, Map<String, JsonNode>> held = Map.of(
                Order.class, byId(polar.records().orders()), Product.class, byId(polar.records().products()),
                Benefit.class, byId(polar.records().benefits()), Checkout.class, byId(polar.records().checkouts()),
                Seat.class, byId(polar.records().seats()), CustomerMeter.class, byId(polar.records().customerMeters()),
                Customer.class, byId(polar.records().customers()));
        return Stream.concat(
                Stream.of(Order.class, Seat.class).flatMap(kind -> missing(kind, held.get(kind).keySet(), ours)),
                ours.stream().filter(object -> !ambiguous.contains(object.id().value()))
                        .filter(object -> !isDeletedCustomer(object, held.get(Customer.class)))
                        .flatMap(object -> object instanceof Member member
                                ? ofMember(member)
                                : Stream.ofNullable(held.get(object.getClass()))
                                        .flatMap(objects -> ofFields(object, objects.get(object.id().value())))))
                .toList();
    }

    /// Whom Polar does not list any more.
    private static boolean isDeletedCustomer(TrackedObject object, Map<String, JsonNode> listed) {
        return object instanceof Customer && !listed.containsKey(object.id().value());
    }

    private static Stream<String> missing(Class<?> kind, Set<String> ids, Collection<TrackedObject> ours) {
        Set<String> missing = new TreeSet<>(ids);
        ours.stream().filter(kind::isInstance).forEach(object -> missing.remove(object.id().value()));
        return missing.stream().map(id -> kind.getSimpleName() + " " + id + " is unknown");
    }

    private Stream<String> ofMember(Member member) {
        JsonNode held = polar.customerMembers().json(UUID.fromString(member.id().value()));
        boolean isDeleted = polar.customerRecords().members(UUID.fromString(held.get("customer_id").textValue()))
                .noneMatch(listed -> listed.id().toString().equals(member.id().value()));
        return Stream.concat(ofFields(member, held), isDeleted == (member.facts().get(Member.DELETED_AT) != null)
                ? Stream.empty()
                : Stream.of(member.id() + " is deleted: " + isDeleted));
    }

    private static Stream<String> ofFields(TrackedObject ours, JsonNode held) {
        boolean isToldAsAWhole = !(ours instanceof Product || ours instanceof Benefit);
        return ours.fields().stream().filter(field -> !isAsOfTheEvent(ours, field)).flatMap(field -> {
            JsonNode value = valueOf(field, held);
            StampedValue<?> known = ours.facts().stamped(field);
            boolean isCompared = known != null || isToldAsAWhole;
            return value.isMissingNode() || !isCompared || known != null && areEqual(field, known.value(), value)
                    ? Stream.empty()
                    : Stream.of(ours.id() + "." + field.name() + " is " + known + ", at Polar " + value);
        });
    }

    /// Polar reckons the amount of a checkout, and tells the product of an order, anew each time it is asked. What the
    /// bank decides on a confirmed checkout may come after the last event of the life. Of a customer, that there is no
    /// link is no statement.
    private static boolean isAsOfTheEvent(TrackedObject object, Field<?> field) {
        return object instanceof Customer && field.equals(Customer.EXTERNAL_ID)
                || object instanceof Checkout && field.equals(Checkout.TOTAL_AMOUNT)
                || object instanceof Checkout && "confirmed".equals(object.facts().get(Checkout.STATUS))
                        && (field.equals(Checkout.STATUS) || field.equals(Checkout.CUSTOMER_ID))
                || object instanceof Order && field.equals(Order.PRODUCT_NAME);
    }

    private static JsonNode valueOf(Field<?> field, JsonNode held) {
        if (field.equals(Product.BENEFIT_IDS)) {
            return held.path("benefits");
        }
        if (field.equals(Order.ORGANIZATION_ID)) {
            JsonNode organization = held.path("metadata").path("organization_id");
            return organization.isMissingNode() ? JSON.nullNode() : organization;
        }
        if (field.equals(Customer.COUNTRY)) {
            JsonNode country = held.path("billing_address").path("country");
            return country.isMissingNode() ? JSON.nullNode() : country;
        }
        if (field.equals(Checkout.CUSTOMER_ID) && held.path("status").asText().equals("confirmed")) {
            return MissingNode.getInstance(); // Polar makes the customer after it has told the confirmation
        }
        return held.path(field.name());
    }

    private static boolean areEqual(Field<?> field, Object ours, JsonNode held) {
        if (ours == null || held.isNull()) {
            return ours == null && held.isNull();
        }
        return switch (field.type()) {
            case TEXT -> ours.equals(held.textValue());
            case JSON -> parsed((String) ours).equals(parsed(held.toString()));
            case INTEGER -> Objects.equals(ours, held.longValue());
            case DECIMAL -> ((BigDecimal) ours).compareTo(held.decimalValue()) == 0;
            case BOOLEAN -> ours.equals(held.booleanValue());
            case TIME -> ours.equals(Instant.parse(held.textValue()));
            case TEXTS -> ours.equals(StreamSupport.stream(held.spliterator(), false)
                    .map(object -> object.get("id").textValue()).sorted().toList());
        };
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Map<String, JsonNode> byId(Stream<ListedObject> objects) {
        return objects.collect(Collectors.toMap(object -> object.id().toString(), object -> object.json().get(),
                (first, second) -> first, HashMap::new));
    }
}
