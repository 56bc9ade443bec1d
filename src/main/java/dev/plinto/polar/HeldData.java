package dev.plinto.polar;

import java.util.List;

/// What a room holds on organizations. Each room that stores something says it once, here: the export, the erasure and
/// the test that reads the schema go by it, so that no store is forgotten.
public interface HeldData {

    /// As the export and the erasure's steps name it.
    String room();

    /// All tables of the room, with every column.
    List<HeldTable> tables();

    /// All topics of the room.
    default List<HeldTopic> topics() {
        return List.of();
    }

    /// What is to be done before the providers are asked to erase anything, in order.
    default List<ErasureStep> stepsBefore() {
        return List.of();
    }

    /// What is to be done, or waited for, after the providers were asked and before the rows of any room are erased, in
    /// order.
    default List<ErasureStep> stepsBetween() {
        return List.of();
    }

    /// What is to be done after the rows of all rooms are erased, in order.
    default List<ErasureStep> stepsAfter() {
        return List.of();
    }
}
