package dev.plinto.polar.conekta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.BodyJson;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.conekta.ConektaType.Carries;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.EventReading;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.TrackedObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Reads an event of Conekta's as statements. Their moment is the event's `created_at`, in whole seconds.
public final class ConektaEvents implements EventReading {

    private final boolean isSandbox;
    private final ConektaStatements statements;

    /// @param isSandbox       whether events of Conekta's test mode are read, and no others
    /// @param productsOfPlans Polar's product of each plan
    public ConektaEvents(boolean isSandbox, Map<String, String> productsOfPlans) {
        this.isSandbox = isSandbox;
        this.statements = new ConektaStatements(productsOfPlans);
    }

    public static ConektaEvents of(ConektaConfig config) {
        return new ConektaEvents(config.sandbox(), ConektaSettings.productsOfPlans(config.plans()));
    }

    @Override
    public Reading read(String webhookId, byte[] body) {
        JsonNode root = BodyJson.read(body).orElse(MissingNode.getInstance());
        String type = root.path("type").textValue();
        if (!Envelope.isName(type)) {
            return new Reading.NotAnEvent();
        }
        return ConektaType.of(type)
                .map(known -> understand(known.wireName(), statements(known.carries()), webhookId, root))
                .orElseGet(() -> new Reading.UnknownType(type));
    }

    /// A [ConektaSnapshot] is read as statements of its moment.
    @Override
    public Reading readOwn(String ceType, String webhookId, byte[] body) {
        JsonNode root = BodyJson.read(body).orElse(MissingNode.getInstance());
        if (!ceType.equals(OwnEvent.SNAPSHOT) || !root.path("type").asText().equals(OwnEvent.SNAPSHOT)) {
            return new Reading.UnknownType(ceType);
        }
        String kind = root.path("kind").asText();
        if (kind.equals(ConektaSnapshot.DELETED_CUSTOMER)) {
            return understand(ceType, (event, stamp) -> statements.deletedCustomer(changed(event), stamp),
                    webhookId, root);
        }
        return DueRead.Kind.of(kind)
                .map(known -> understand(ceType, statements(switch (known) {
                    case ORDER -> Carries.AN_ORDER;
                    case SUBSCRIPTION -> Carries.A_SUBSCRIPTION;
                }), webhookId, root))
                .orElseGet(() -> ConektaSnapshot.unknownType(kind).<Reading>map(Reading.UnknownType::new)
                        .orElseGet(() -> new Reading.Malformed(ceType, "event.kind is not the name of a kind")));
    }

    private Reading understand(String type, Carried carried, String webhookId, JsonNode root) {
        ConektaObject event = new ConektaObject("event", root);
        try {
            boolean isLive = event.requiredBool("livemode");
            if (isLive == isSandbox) {
                return new Reading.OtherMerchant(type,
                        "its livemode is " + isLive + ", and CONEKTA_SANDBOX is " + isSandbox);
            }
            Instant moment = event.requiredTime("created_at");
            return new Reading.Understood(new Event(new Cause(type, webhookId, moment),
                    carried.statements(event, new Stamp(moment, webhookId))));
        } catch (ConektaObject.Unreadable unreadable) {
            return new Reading.Malformed(type, unreadable.detail());
        }
    }

    /// What an event carries, as statements.
    private interface Carried {
        List<TrackedObject> statements(ConektaObject event, Stamp stamp);
    }

    private Carried statements(Carries carries) {
        return switch (carries) {
            case AN_ORDER -> (event, stamp) -> statements.order(changed(event), stamp);
            case A_SUBSCRIPTION -> (event, stamp) -> statements.subscription(changed(event), stamp);
            case NOTHING_WE_KEEP -> (event, stamp) -> List.of();
        };
    }

    private static ConektaObject changed(ConektaObject event) {
        return event.requiredObject("data").requiredObject("object");
    }
}
