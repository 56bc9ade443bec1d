package dev.plinto.polar.caller;

import static dev.plinto.polar.testing.ProblemDocument.PRIVATE;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.NoTokenNeeded;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Calls that name the organization in the body or behind an id, and calls that forget their check.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class CheckCallsTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/test/checked-calls/")
    URI calls;

    private PlintoTokens tokens;
    private String owner;
    private String viewer;
    private String operator;

    @Path("/test/checked-calls")
    @Authenticated
    @BearerTokenAuthentication
    @Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
    public static class Calls {

        static final List<String> LOOKED_UP = new CopyOnWriteArrayList<>();

        private final CallCheck check;

        Calls(CallCheck check) {
            this.check = check;
        }

        @POST
        @Path("body")
        public String ofBody(String organizationId) {
            return "for " + check.require(organizationId).subject();
        }

        @GET
        @Path("things/{organization}")
        @Needs(value = Permission.ROUTING, organization = OrganizationIn.METHOD)
        public Uni<String> ofThing(@PathParam("organization") String organizationId) {
            LOOKED_UP.add(organizationId);
            check.require(organizationId, new Problem("invalid-request", 404, "There is no such thing", "Look again."));
            return Uni.createFrom().item("found");
        }

        @GET
        @Path("forgotten")
        public String forgotten() {
            return PRIVATE;
        }
    }

    @Path("/test/open-calls")
    public static class OpenCalls {

        @GET
        @Path("undecided")
        public String undecided() {
            return PRIVATE;
        }

        @GET
        @Path("public")
        @NoTokenNeeded
        public String forAnybody() {
            return "public";
        }
    }

    @BeforeEach
    void issueTokens() {
        tokens = new PlintoTokens(calls);
        owner = tokens.of("org_id", "org-1", "org_role", "owner");
        viewer = tokens.of("org_id", "org-1", "org_role", "viewer");
        operator = tokens.of("roles", List.of("ops"));
    }

    @Test
    void organizationInTheBody_isCheckedByTheMethod() {
        assertThat(post("body", owner, "org-1").body()).isEqualTo("for usr_1");
        assertProblem(post("body", viewer, "org-1"), 403, "role-not-allowed");
        assertProblem(post("body", owner, "org-2"), 403, "organization-not-allowed");
        assertProblem(post("body", "x", "org-1"), 401, "token-not-accepted");
    }

    /// Its issuer gives tokens for whomever one names.
    @Test
    void sandbox_trustsEveryService_andTheListOfRoles() {
        assertThat(post("body", tokens.service("billing:write"), "org-2").body()).isEqualTo("for svc_1");
        assertThat(post("body", tokens.of("org_id", "org-1", "roles", List.of("admin")), "org-1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void thingOfAnotherOrganization_isUnknown() {
        assertThat(get("things/org-1", owner).body()).isEqualTo("found");
        assertThat(get("things/org-2", operator).body()).isEqualTo("found");
        assertProblem(get("things/org-1", viewer), 403, "role-not-allowed");
        assertProblem(get("things/org-2", owner), 404, "invalid-request");
    }

    /// Whose the thing is would be asked of the database, or of a provider.
    @Test
    void methodDoesNotRun_forWhoMayNowhere() {
        Calls.LOOKED_UP.clear();
        assertProblem(get("things/org-1", viewer), 403, "role-not-allowed");
        assertProblem(get("things/org-1", tokens.service("billing:write", "org_id", "org-1")), 403, "role-not-allowed");
        assertProblem(get("things/org-1", tokens.of("org_id", "org-1", "roles", "owner")), 403, "role-not-allowed");
        assertThat(Calls.LOOKED_UP).isEmpty();

        assertThat(get("things/org-1", tokens.service("billing:read")).body()).isEqualTo("found");
        assertProblem(get("things/org-2", owner), 404, "invalid-request");
        assertThat(Calls.LOOKED_UP).containsExactly("org-1", "org-2");
    }

    @Test
    void methodThatForgetsTheCheck_answersNobody() {
        assertProblem(get("forgotten", owner), 500, "internal-error");
        assertProblem(get("forgotten", tokens.of("org_id", "org-2", "org_role", "admin")), 500, "internal-error");
    }

    @Test
    void callThatSaysNothing_answersNobody() {
        assertProblem(get("/test/open-calls/undecided", owner), 500, "internal-error");
        assertThat(get("/test/open-calls/public", null).body()).isEqualTo("public");
    }

    private HttpResponse<String> get(String call, String token) {
        return send(request(call, token).build());
    }

    private HttpResponse<String> post(String call, String token, String body) {
        return send(request(call, token).POST(BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String call, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(calls.resolve(call)).header("content-type", "text/plain");
        return token == null ? request : request.header("authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
    }
}
