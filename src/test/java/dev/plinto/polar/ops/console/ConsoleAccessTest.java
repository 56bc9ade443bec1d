package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// To whom the console shows pages, and whose forms it takes.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ConsoleAccessTest extends AsOperator {

    @Test
    void sandbox_signsTheOperatorInAutomatically_andSaysSo() {
        assertThat(visitor.get("/ops").body()).contains("Signed in as <strong>usr_sandbox</strong>",
                "This is the sandbox: you are signed in automatically.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ops", "/ops/events", "/ops/accounts?account=org-1", "/ops/parked", "/ops/reconciliation",
            "/ops/contradictions", "/ops/unlinked", "/ops/double-subscriptions", "/ops/usage", "/ops/erasures",
            "/ops/audit"})
    void withoutTheRoleOps_nothingIsShown(String page) {
        PlintoTokens tokens = new PlintoTokens(service);

        HttpResponse<String> member = visitor.get(page, "authorization",
                "Bearer " + tokens.of("roles", List.of("owner")));
        assertThat(member.statusCode()).isEqualTo(403);
        assertThat(member.body()).contains("Send a token with the role ops.").doesNotContain("<nav");
        assertThat(visitor.get(page, "authorization", "Bearer x").statusCode()).isEqualTo(401);
        assertThat(visitor.get(page, "authorization", "Bearer " + tokens.of("roles", List.of("ops"))).statusCode())
                .isEqualTo(200);
    }

    /// The forms of all pages.
    static Stream<String> forms() {
        return Stream.of(ShowOverview.class, ShowEvents.class, ShowAccount.class, ShowParked.class,
                ShowReconciliation.class, ShowAuditLog.class, SignOut.class)
                .flatMap(pages -> Arrays.stream(pages.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(POST.class))
                        .map(method -> pages.getAnnotation(Path.class).value() + "/"
                                + method.getAnnotation(Path.class).value().replace("{webhook_id}", "none")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void formThatTheConsoleDidNotServe_doesNothing(String action) {
        long before = database.number("SELECT count(*) FROM audit_log");

        assertThat(visitor.post(action, Map.of("type", "a.b")).statusCode()).isEqualTo(400);
        assertThat(visitor.post(action, Map.of("type", "a.b", "form", "x")).statusCode()).isEqualTo(400);
        HttpResponse<String> fromElsewhere = visitor.post(action, Map.of("type", "a.b", "form", visitor.formToken()),
                "sec-fetch-site", "cross-site");
        assertThat(fromElsewhere.statusCode()).isEqualTo(400);
        assertThat(fromElsewhere.body()).contains("sent by another site");
        assertThat(database.number("SELECT count(*) FROM audit_log")).isEqualTo(before);
    }

    @Test
    void formOfAnotherOperator_doesNothing() {
        PlintoTokens tokens = new PlintoTokens(service);
        String first = "Bearer " + tokens.of("roles", List.of("ops"), "sub", "usr_first");
        String second = "Bearer " + tokens.of("roles", List.of("ops"), "sub", "usr_second");
        String form = visitor.get("/ops/reconciliation/run", "authorization", first).body()
                .replaceFirst("(?s).*name=\"form\" value=\"([^\"]*)\".*", "$1");

        assertThat(visitor.post("/ops/sign-out", Map.of("form", form), "authorization", second).statusCode())
                .isEqualTo(400);
        assertThat(visitor.post("/ops/sign-out", Map.of("form", form)).statusCode()).isEqualTo(400);
        assertThat(visitor.post("/ops/sign-out", Map.of("form", form), "authorization", first).statusCode())
                .isEqualTo(200);
    }
}
