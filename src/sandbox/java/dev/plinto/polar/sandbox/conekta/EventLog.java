package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// All events, and the attempts to deliver them to the webhooks that were there when they happened.
public final class EventLog {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private final MerchantPayloads payloads;
    private final List<StoredEvent> untaken = new ArrayList<>();
    private Consumer<Due> dueListener = due -> {};

    EventLog(ConektaState state, Ids ids, Journal journal, MerchantPayloads payloads) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
        this.payloads = payloads;
    }

    /// Sets the listener for each event that is due for delivery. It is called while the simulation is locked, and must
    /// only enqueue the event.
    public void onDue(Consumer<Due> newListener) {
        dueListener = newListener;
    }

    /// What still waits for its first attempt.
    public List<Due> pending() {
        return state.events.values().stream()
                .flatMap(event -> event.logs.entrySet().stream()
                        .filter(log -> log.getValue().attempts == 0)
                        .map(log -> new Due(event.id, log.getKey())))
                .toList();
    }

    /// Sends an event to one webhook only, to show that it works: `webhook_ping`.
    ///
    /// @throws Refusal (404)
    public void ping(String webhookId) {
        Webhook webhook = ConektaState.find(state.webhooks, webhookId);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.putObject("object");
        data.putObject("previous_attributes");
        store(new StoredEvent(ids.hex(), "webhook_ping", journal.now(), data), List.of(webhook));
    }

    /// Delivers once more, with retries if that fails.
    ///
    /// @throws Refusal (404) if there is no such event or webhook
    public void resend(String eventId, String webhookId) {
        StoredEvent event = ConektaState.find(state.events, eventId);
        Webhook webhook = ConektaState.find(state.webhooks, webhookId);
        event.logs.put(webhookId, new WebhookLog(ids.next("webhl"), webhook.url));
        dueListener.accept(new Due(eventId, webhookId));
    }

    /// The data of the next attempt. The body tells of the attempts before, so it is another one each time.
    public NextAttempt nextAttempt(Due due) {
        StoredEvent event = ConektaState.find(state.events, due.eventId());
        Webhook webhook = state.webhooks.get(due.webhookId());
        WebhookLog log = event.logs.get(due.webhookId());
        String url = webhook == null || !webhook.active ? null : webhook.url;
        return new NextAttempt(event.type, url, body(event), log.attempts, log.delivered);
    }

    /// @param status null if no answer came
    public void recordAttempt(Due due, Integer status) {
        WebhookLog log = ConektaState.find(state.events, due.eventId()).logs.get(due.webhookId());
        Instant now = journal.now();
        log.attempts++;
        log.lastAttemptedAt = now;
        log.lastHttpResponseStatus = status;
        log.delivered = status != null && status / 100 == 2;
        log.failedAttempts += log.delivered ? 0 : 1;
    }

    void store(StoredEvent event) {
        store(event, state.webhooks.values().stream().filter(webhook -> webhook.accepts(event.type)).toList());
    }

    List<ConektaEvent> take() {
        List<ConektaEvent> taken = untaken.stream()
                .map(event -> new ConektaEvent(event.id, event.type, event.createdAt, body(event)))
                .toList();
        untaken.clear();
        return taken;
    }

    private void store(StoredEvent event, List<Webhook> webhooks) {
        webhooks.forEach(webhook -> event.logs.put(
                webhook.id, new WebhookLog(ids.next("webhl"), webhook.url)));
        state.events.put(event.id, event);
        untaken.add(event);
        webhooks.forEach(webhook -> dueListener.accept(new Due(event.id, webhook.id)));
    }

    private byte[] body(StoredEvent event) {
        return payloads.event(event).toString().getBytes(StandardCharsets.UTF_8);
    }

    /// An event to deliver to a webhook.
    public record Due(String eventId, String webhookId) {}

    /// An attempt to be made. `url` is null if the webhook was switched off or deleted.
    public record NextAttempt(String type, String url, byte[] body, int attempts, boolean delivered) {}
}
