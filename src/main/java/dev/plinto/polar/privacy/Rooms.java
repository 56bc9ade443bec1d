package dev.plinto.polar.privacy;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;

/// What all rooms hold, in the order of their names.
@ApplicationScoped
class Rooms {

    private final List<HeldData> rooms;

    Rooms(@All List<HeldData> rooms) {
        this.rooms = rooms.stream().sorted(Comparator.comparing(HeldData::room)).toList();
    }

    List<HeldData> all() {
        return rooms;
    }

    List<HeldTable> tables() {
        return rooms.stream().flatMap(room -> room.tables().stream()).toList();
    }

    List<HeldTopic> topics() {
        return rooms.stream().flatMap(room -> room.topics().stream()).toList();
    }
}
