package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Polar tells no scopes: they are found by requests that it refuses in any case.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarScopesTest extends SellingClient {

    private final PolarScopes scopes = new PolarScopes(calls);

    @ParameterizedTest
    @EnumSource(WriteScope.class)
    void scope_isFound_byOneRequestThatChangesNothing(WriteScope scope) throws Exception {
        polar.exclusively(polar::takeEvents);

        assertThat(scopes.isMissing(scope)).isFalse();

        assertThat(server.requests()).hasSize(1);
        assertThat(polar.exclusively(polar::takeEvents)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(WriteScope.class)
    void scopeThatTheTokenLacks_isMissing_andAllOthersAreNot(WriteScope scope) throws Exception {
        server.withhold(scope.wireName());

        for (WriteScope each : WriteScope.values()) {
            assertThat(scopes.isMissing(each)).as("%s", each).isEqualTo(each == scope);
        }
    }

    @Test
    void answerThatSaysNothingOfTheScope_isAFailure() {
        try (ScriptedPolar broken = new ScriptedPolar()) {
            broken.answers(502, Map.of(), "");
            broken.answers(401, Map.of(), "");
            PolarScopes unknown = new PolarScopes(broken.calls("", "false"));

            assertThatThrownBy(() -> unknown.isMissing(WriteScope.CHECKOUTS)).isInstanceOf(PolarFailure.class);
            assertThatThrownBy(() -> unknown.isMissing(WriteScope.CHECKOUTS)).isInstanceOf(PolarFailure.class);
        }
    }

    @Test
    void allScopesThatTheOperationsWriteWith_areAskedFor() {
        Set<String> written = Arrays.stream(Operation.values()).map(Operation::scope)
                .filter(scope -> scope.endsWith(":write")).collect(Collectors.toSet());

        assertThat(Arrays.stream(WriteScope.values()).map(WriteScope::wireName)).containsExactlyInAnyOrderElementsOf(
                written);
    }
}
