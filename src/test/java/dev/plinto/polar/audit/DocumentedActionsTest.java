package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.ApiDocument;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentedActionsTest {

    @Test
    void everyAction_isInTheDocument_andNoOther() {
        Stream<String> documented = ApiDocument.openapi()
                .at("/components/schemas/AuditLog/properties/items/items/properties/action/enum").valueStream()
                .map(action -> action.textValue());

        assertThat(documented).containsExactlyElementsOf(Stream.of(Action.values()).map(Action::wireName).toList());
    }
}
