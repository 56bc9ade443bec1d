package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.PolarScopes;
import dev.plinto.polar.polar.api.WriteScope;
import dev.plinto.polar.start.NameMissingScopes.Question;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whoever made the token reads at the start what it lacks.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class NameMissingScopesTest {

    private static final List<WriteScope> ALL = List.of(WriteScope.values());

    @Inject
    PolarScopes scopes;

    @Test
    void missingScopes_areNamedOnce_withWhatNeedsThem() throws Exception {
        Set<WriteScope> missing = EnumSet.of(WriteScope.MEMBERS, WriteScope.EVENTS);

        assertThat(logged(missing::contains, ALL)).singleElement().asString().startsWith("WARN ").contains(
                "lacks the scopes members:write (the customer portal), events:write (metered events).");
    }

    @Test
    void tokenWithAllScopes_isNotWorthALine() throws Exception {
        assertThat(logged(scope -> false, ALL)).isEmpty();
    }

    /// Nothing listens at the API's address.
    @Test
    void whatPolarDoesNotSay_isNotTakenForMissing_andWhatItSaidIsNamed() throws Exception {
        Question question = scope -> scope == WriteScope.CHECKOUTS || scopes.isMissing(scope);

        assertThat(logged(question, ALL)).satisfiesExactly(
                unknown -> assertThat(unknown).startsWith("INFO ").contains("could be checked", "cannot be reached"),
                known -> assertThat(known).startsWith("WARN ")
                        .contains("lacks the scopes checkouts:write (checkouts)."));
    }

    @Test
    void replica_asksForWhatItsRolesWrite() {
        assertThat(needed(false, Role.INGRESS, Role.PROJECTION, Role.RELAY, Role.RECONCILE)).isEmpty();
        assertThat(needed(true, Role.INGRESS, Role.USAGE)).containsExactly(WriteScope.EVENTS);
        assertThat(needed(true, Role.RECONCILE)).containsExactly(WriteScope.WEBHOOKS);
        assertThat(needed(true, Role.API)).hasSize(6).doesNotContain(WriteScope.EVENTS, WriteScope.WEBHOOKS);
        assertThat(needed(true, Role.values())).isEqualTo(ALL);
    }

    private static List<WriteScope> needed(boolean enablesEndpoint, Role... roles) {
        Roles these = () -> Set.of(roles);
        return NameMissingScopes.needed(these, enablesEndpoint);
    }

    private static List<String> logged(Question question, List<WriteScope> needed) throws InterruptedException {
        try (LogLines log = LogLines.of(NameMissingScopes.class)) {
            new NameMissingScopes(question, needed).name();
            return log.lines();
        }
    }
}
