package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.EventType;
import dev.plinto.polar.testing.ApiDocument;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The event types in `polar` are those in `api/asyncapi.yaml`.
class DocumentedTypesTest {

    @Test
    void everyKnownType_isInTheDocument_andNoOther() {
        Stream<String> documented = ApiDocument.asyncapi()
                .at("/components/messages/delivery/headers/properties/ce_type/anyOf/0/enum").valueStream()
                .map(type -> type.textValue());

        assertThat(documented).containsExactlyElementsOf(
                Stream.of(EventType.values()).map(type -> "sh.polar." + type.wireName()).toList());
    }
}
