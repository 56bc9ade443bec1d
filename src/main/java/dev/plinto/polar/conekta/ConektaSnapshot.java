package dev.plinto.polar.conekta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.ReadableText;
import dev.plinto.polar.entitlement.DueRead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// An object read from Conekta's API, as an event of our own: reconciliation makes it, [ConektaEvents] reads it. It has
/// the form of Conekta's events, and so the same key as those about the object.
///
/// It speaks as of [#MARGIN] before the answer it was read from, since Conekta's objects carry no time of change: what
/// changed while it was read has an event that wins. What Conekta answers to a change speaks as of the answer.
///
/// @param moment in whole seconds
/// @param id     made from the body: the same object, moment and content have the same id
public record ConektaSnapshot(Instant moment, String id, byte[] body) {

    /// For the time that a request takes, and the clocks of Conekta's machines.
    public static final Duration MARGIN = Duration.ofSeconds(60);

    /// Beside the kinds of objects that can be read.
    static final String DELETED_CUSTOMER = "deleted_customer";

    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    /// @param answeredAt the `Date` of the answer
    /// @param isSandbox  whether it was read in Conekta's test mode
    public static ConektaSnapshot of(DueRead.Kind kind, JsonNode object, Instant answeredAt, boolean isSandbox) {
        return asOf(kind, object, answeredAt.minus(MARGIN), isSandbox);
    }

    /// What Conekta answered to a change that was asked of it: it speaks as of the answer.
    ///
    /// @param answeredAt the `Date` of the answer
    public static ConektaSnapshot ofAnswer(DueRead.Kind kind, JsonNode object, Instant answeredAt,
            boolean isSandbox) {
        return asOf(kind, object, answeredAt, isSandbox);
    }

    /// That a customer was deleted at Conekta, which sends no event of it.
    ///
    /// @param customer   by Conekta's id
    /// @param answeredAt the `Date` of the answer
    public static ConektaSnapshot ofDeletedCustomer(String customer, Instant answeredAt, boolean isSandbox) {
        return asOf(DELETED_CUSTOMER, JsonNodeFactory.instance.objectNode().put("id", customer), answeredAt, isSandbox);
    }

    private static ConektaSnapshot asOf(DueRead.Kind kind, JsonNode object, Instant moment, boolean isSandbox) {
        return asOf(kind.wireName(), object, moment, isSandbox);
    }

    private static ConektaSnapshot asOf(String kind, JsonNode object, Instant moment, boolean isSandbox) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("type", OwnEvent.SNAPSHOT)
                .put("created_at", moment.getEpochSecond())
                .put("livemode", !isSandbox)
                .put("kind", kind);
        body.putObject("data").set("object", object);
        byte[] bytes = ReadableText.escaped(body.toString()).getBytes(StandardCharsets.UTF_8);
        return new ConektaSnapshot(moment, OwnEvent.idOf(bytes), bytes);
    }

    /// The type under which a snapshot is kept whose kind only a newer release knows; empty if it is not the name of a
    /// kind.
    static Optional<String> unknownType(String kind) {
        return Optional.of(kind).filter(name -> KIND.matcher(name).matches())
                .map(name -> OwnEvent.SNAPSHOT + ":" + name);
    }
}
