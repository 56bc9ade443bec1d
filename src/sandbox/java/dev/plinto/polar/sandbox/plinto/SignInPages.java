package dev.plinto.polar.sandbox.plinto;

import dev.plinto.polar.sandbox.HostedPage;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The provider's pages; their templates are in `src/sandbox/resources/templates/sandbox/plinto`.
@Singleton
class SignInPages {

    private static final String ACTION = OpenIdProvider.PATH + OpenIdProvider.SIGN_IN;
    private static final String FIRST_ORGANIZATION = "org-1";
    static final String CHOICE = "chosen_organization";
    static final String CANCEL = "cancel";

    /// Fields that the page asks for; all others are sent again with its form.
    private static final Set<String> ASKED = Set.of("person", "organization_id", "org_roles");

    Response askWhoSignsIn(Parameters sent, AuthorizationRequest request) {
        return HostedPage.answer(200, Templates.people(
                request.clientId(), request.redirectUri().toString(), ACTION, fields(sent, ASKED),
                sent.one("organization_id").orElse(FIRST_ORGANIZATION),
                sent.one("org_roles").orElse(Memberships.USUAL),
                Arrays.stream(Person.values()).map(Shown::of).toList(),
                request.clientId().equals(Clients.CONSOLE)
                        ? SwitchConsoleSignIn.PATH + SwitchConsoleSignIn.AUTOMATIC
                        : null));
    }

    Response askForWhichOrganization(Parameters sent, SignedIn person) {
        return HostedPage.answer(200, Templates.organizations(
                person.person().givenName(), ACTION, fields(sent, Set.of(CHOICE)),
                List.copyOf(person.memberships().roles().entrySet())));
    }

    Response refused(OAuthFailure failure) {
        return HostedPage.answer(400, Templates.message(
                "The application's request is refused", failure.description()));
    }

    Response signedOut() {
        return HostedPage.answer(200, Templates.message(
                "You are signed out of the sandbox",
                "Applications may still be signed in until their tokens expire."));
    }

    private static List<Field> fields(Parameters sent, Set<String> asked) {
        return sent.sent().entrySet().stream().filter(entry -> !asked.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream().map(value -> new Field(entry.getKey(), value)))
                .toList();
    }

    @CheckedTemplate(basePath = "sandbox/plinto")
    static final class Templates {

        /// `automatic` is null if there is nothing to go back to.
        static native TemplateInstance people(String client, String redirectUri, String action, List<Field> fields,
                String organization, String orgRoles, List<Shown> people, String automatic);

        static native TemplateInstance organizations(String name, String action, List<Field> fields,
                List<Map.Entry<String, String>> organizations);

        static native TemplateInstance message(String title, String message);

        private Templates() {}
    }

    record Field(String name, String value) {}

    record Shown(String id, String name, String does) {

        static Shown of(Person person) {
            return new Shown(person.id(), person.givenName() + ", " + person.id(), person.does());
        }
    }
}
