package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.EntitlementBook;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.postgres.StoredJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The messages that events lead to, one event after the other, by the rules alone.
final class ToldChanges {

    private final EventReader reader = new EventReader(Optional.empty());
    private final Ledger ledger = new Ledger();
    private final EntitlementBook book = new EntitlementBook();
    private int version;

    /// @return the messages of this event
    List<JsonNode> deliver(String webhookId, String type, String timestamp, String data) {
        Reading reading = reader.read(webhookId, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
                .formatted(type, timestamp, data).getBytes(StandardCharsets.UTF_8));
        assertThat(reading).isInstanceOf(Reading.Understood.class);
        Event event = ((Reading.Understood) reading).event();
        Ledger.Applied applied = ledger.apply(event);
        List<ChangeMessage> messages = new ArrayList<>();
        applied.subscriptions().forEach(change -> messages.add(ChangeMessage.of(change.after(),
                change.before() == null ? null : change.before().status(), ++version, event.cause())));
        book.apply(applied.grants());
        book.takeChanges().forEach(change -> messages.add(ChangeMessage.of(change, ++version, event.cause())));
        return messages.stream().map(ChangeMessage::json).map(StoredJson::read).toList();
    }

    /// The ids of the live grants of an account.
    Set<String> grantsOf(String account) {
        return book.grantIds(new Account(account));
    }

    /// All accounts that may use something.
    List<String> accounts() {
        return book.all().keySet().stream().map(Account::value).toList();
    }
}
