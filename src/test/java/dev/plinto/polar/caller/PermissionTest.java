package dev.plinto.polar.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything that a call can need, asked by everybody who can send a token.
class PermissionTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Map<String, String> PROBLEMS = Map.of("organization-not-allowed", "o", "role-not-allowed", "r",
            "fresh-sign-in-needed", "f");

    private final Authorization authorization = new Authorization(InstantSource.fixed(NOW));

    static Stream<Arguments> askedByAll() {
        return CallerTable.rows(NOW).flatMap(row -> Stream.of(Permission.values())
                .map(permission -> Arguments.of(permission, row)));
    }

    @ParameterizedTest
    @MethodSource("askedByAll")
    void permission_isGivenAsTheTableSays(Permission permission, CallerTable.Row row) {
        Caller caller = TokenReaderTest.read(row.claims(), false);

        assertThat(answer(permission, caller)).isEqualTo(row.answers().get(permission));
    }

    private String answer(Permission permission, Caller caller) {
        try {
            if (permission.isOfOrganization()) {
                authorization.require(permission, caller, CallerTable.ORGANIZATION);
            } else {
                authorization.require(permission, caller);
            }
            return "+";
        } catch (WebApplicationException refused) {
            assertThat(refused.getResponse().getStatus()).isEqualTo(403);
            Problem.Document problem = (Problem.Document) refused.getResponse().getEntity();
            assertThat(problem.detail()).contains("token");
            return PROBLEMS.get(problem.type().replace("urn:plinto:polar:", ""));
        }
    }
}
