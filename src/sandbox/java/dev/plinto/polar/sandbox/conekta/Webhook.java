package dev.plinto.polar.sandbox.conekta;

import java.util.List;

/// Where Conekta sends events: those of the subscribed types, or all if there are none.
final class Webhook {

    final String id;
    String url;
    List<String> subscribedEvents;
    boolean active = true;

    Webhook(String id, String url, List<String> subscribedEvents) {
        this.id = id;
        this.url = url;
        this.subscribedEvents = List.copyOf(subscribedEvents);
    }

    boolean accepts(String type) {
        return active && (subscribedEvents.isEmpty() || subscribedEvents.contains(type));
    }
}
