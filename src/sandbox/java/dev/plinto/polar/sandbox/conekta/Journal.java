package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The simulated Conekta's time, in whole seconds, and the events that its changes cause.
final class Journal {

    private final InstantSource clock;
    private final Ids ids;
    private Instant newest = Instant.EPOCH;
    private Instant pinned;
    private Consumer<StoredEvent> listener = event -> {};

    Journal(InstantSource clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    void onEmit(Consumer<StoredEvent> newListener) {
        listener = newListener;
    }

    /// Never earlier than the newest event.
    Instant now() {
        Instant time = pinned == null ? clock.instant().truncatedTo(ChronoUnit.SECONDS) : pinned;
        return time.isAfter(newest) ? time : newest;
    }

    /// What falls due at a moment happens at it, also if somebody looks only later.
    void at(Instant moment, Runnable action) {
        pinned = moment;
        try {
            action.run();
        } finally {
            pinned = null;
        }
    }

    /// To be called before an object changes. `object` writes it as Conekta does.
    Change change(Supplier<ObjectNode> object) {
        return new Change(object, object.get());
    }

    /// Tells of an object that is new.
    void emitNew(String type, ObjectNode object) {
        emit(type, object, JsonNodeFactory.instance.objectNode());
    }

    private void emit(String type, ObjectNode object, ObjectNode previous) {
        newest = now();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("object", object);
        data.set("previous_attributes", previous);
        listener.accept(new StoredEvent(ids.hex(), type, newest, data));
    }

    /// An object, and how it was before its change.
    final class Change {

        private final Supplier<ObjectNode> object;
        private final ObjectNode before;

        private Change(Supplier<ObjectNode> object, ObjectNode before) {
            this.object = object;
            this.before = before;
        }

        /// Tells of the object as it is now, and of its changed fields as they were; null if they were not there.
        void emit(String type) {
            ObjectNode after = object.get();
            Journal.this.emit(type, after, previous(after));
        }

        private ObjectNode previous(ObjectNode after) {
            ObjectNode previous = JsonNodeFactory.instance.objectNode();
            for (Iterator<String> names = after.fieldNames(); names.hasNext();) {
                String name = names.next();
                JsonNode was = before.has(name) ? before.get(name) : NullNode.getInstance();
                if (!was.equals(after.get(name))) {
                    previous.set(name, was);
                }
            }
            for (Iterator<String> names = before.fieldNames(); names.hasNext();) {
                String name = names.next();
                if (!after.has(name)) {
                    previous.set(name, before.get(name));
                }
            }
            return previous;
        }
    }
}
