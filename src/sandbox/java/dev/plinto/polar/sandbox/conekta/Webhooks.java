package dev.plinto.polar.sandbox.conekta;

import java.util.List;
import java.util.Optional;

/// Where events are sent, and the keys that sign them. Unlike Conekta, the simulation sends to this machine, too.
public final class Webhooks {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;
    private int keysMade;

    Webhooks(ConektaState state, Ids ids, Journal journal) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
    }

    /// @param types of the events to send; empty for all
    public String create(String url, List<String> types) {
        Webhook webhook = new Webhook(ids.hex(), url, types);
        state.webhooks.put(webhook.id, webhook);
        return webhook.id;
    }

    /// A null leaves what was.
    ///
    /// @throws Refusal (404)
    public void change(String id, String url, List<String> types, Boolean active) {
        Webhook webhook = ConektaState.find(state.webhooks, id);
        webhook.url = url == null ? webhook.url : url;
        webhook.subscribedEvents = types == null ? webhook.subscribedEvents : List.copyOf(types);
        webhook.active = active == null ? webhook.active : active;
    }

    /// @throws Refusal (404)
    public void delete(String id) {
        ConektaState.find(state.webhooks, id);
        state.webhooks.remove(id);
    }

    /// Makes a key. The newest active one signs.
    ///
    /// @return its id
    public String createKey(boolean active) {
        return addKey(SigningKey.numbered(keysMade++), active);
    }

    /// As [#createKey(boolean)], with a key from elsewhere.
    public String addKey(SigningKey pair, boolean active) {
        WebhookKey key = new WebhookKey(ids.hex(), pair, journal.now(), active);
        state.keys.put(key.id, key);
        return key.id;
    }

    /// @throws Refusal (404)
    public void setKeyActive(String id, boolean active) {
        WebhookKey key = ConektaState.find(state.keys, id);
        key.active = active;
        key.deactivatedAt = active ? null : journal.now();
    }

    /// @throws Refusal (404)
    public void deleteKey(String id) {
        ConektaState.find(state.keys, id);
        state.keys.remove(id);
    }

    /// @return in PEM
    /// @throws Refusal (404)
    public String publicKey(String id) {
        return ConektaState.find(state.keys, id).key.publicPem();
    }

    /// The header `DIGEST` of a body; empty if no key is active.
    public Optional<String> digest(byte[] body) {
        return state.keys.values().stream().filter(key -> key.active).reduce((older, newer) -> newer)
                .map(key -> key.key.digest(body));
    }

    /// A header `DIGEST` by a key that was never published.
    public String digestOfUnknownKey(byte[] body) {
        return SigningKey.numbered(keysMade).digest(body);
    }
}
