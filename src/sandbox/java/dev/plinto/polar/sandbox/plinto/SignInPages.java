package dev.plinto.polar.sandbox.plinto;

import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import io.quarkus.qute.Variant;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The provider's pages. Their templates stand here, since those of the resources belong to the production artefact.
@Singleton
class SignInPages {

    private static final String FIRST_ORGANIZATION = "org-1";
    static final String CHOICE = "chosen_organization";
    static final String CANCEL = "cancel";

    /// Fields that the page asks for; all others are sent again with its form.
    private static final Set<String> ASKED = Set.of("person", "organization_id", "org_roles");

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title} · Plinto sandbox</title>
            <link rel="icon" type="image/svg+xml" href="/console/console.svg">
            <link rel="stylesheet" href="/console/console.css">
            </head>
            <body>
            <header><p class="brand">Plinto sandbox</p></header>
            <main>
            <h1>{title}</h1>
            %s
            </main>
            </body>
            </html>
            """;

    private static final String PEOPLE = """
            <p><strong>{client}</strong> asks you to sign in, and gets the answer at
            <span class="id">{redirectUri}</span>. Pick a person of the sandbox; there are no passwords.</p>
            <form method="post" action="{action}">
            {#for field in fields}
            <input type="hidden" name="{field.name}" value="{field.value}">
            {/for}
            <p><label for="organization">Organization</label>
            <input id="organization" name="organization_id" value="{organization}" required maxlength="128"
              autocomplete="off" spellcheck="false"></p>
            <p><label for="roles">Carla's organizations</label>
            <input id="roles" name="org_roles" value="{orgRoles}" autocomplete="off" spellcheck="false"
              size="36" pattern="\\s*([^\\s=]+=(owner|admin|member|viewer)(\\s+|$))+"
              title="Organizations with roles, such as org-1=owner org-2=viewer"></p>
            {#for person in people}
            <p class="act">
            <button name="person" value="{person.id}" aria-describedby="{person.id}">{person.name}</button>
            <span id="{person.id}">{person.does}</span></p>
            {/for}
            <p class="act"><button name="cancel" value="cancel" formnovalidate>Cancel</button>
            <span>nobody signs in</span></p>
            </form>
            {#if automatic}
            <p><a href="{automatic}">Go back to the console's automatic sign-in</a></p>
            {/if}
            """;

    private static final String ORGANIZATIONS = """
            <p>{name} belongs to several organizations. Pick the one that the tokens are about.</p>
            <form method="post" action="{action}">
            {#for field in fields}
            <input type="hidden" name="{field.name}" value="{field.value}">
            {/for}
            {#for organization in organizations}
            <p class="act"><button name="chosen_organization" value="{organization.key}"
              aria-describedby="{organization.value}-{organization_count}">{organization.key}</button>
            <span id="{organization.value}-{organization_count}">as {organization.value}</span></p>
            {/for}
            <p class="act"><button name="cancel" value="cancel">Cancel</button>
            <span>nobody signs in</span></p>
            </form>
            """;

    private static final String MESSAGE = "<p>{message}</p>";

    private final Template people;
    private final Template organizations;
    private final Template message;

    SignInPages(Engine engine) {
        Variant html = Variant.forContentType(MediaType.TEXT_HTML);
        people = engine.parse(PAGE.formatted(PEOPLE), html);
        organizations = engine.parse(PAGE.formatted(ORGANIZATIONS), html);
        message = engine.parse(PAGE.formatted(MESSAGE), html);
    }

    Response askWhoSignsIn(Parameters sent, AuthorizationRequest request) {
        return page(200, people.data("title", "Who signs in?")
                .data("client", request.clientId())
                .data("redirectUri", request.redirectUri().toString())
                .data("action", OpenIdProvider.PATH + OpenIdProvider.SIGN_IN)
                .data("fields", fields(sent, ASKED))
                .data("organization", sent.one("organization_id").orElse(FIRST_ORGANIZATION))
                .data("orgRoles", sent.one("org_roles").orElse(Memberships.USUAL))
                .data("people", Arrays.stream(Person.values()).map(SignInPages::shown).toList())
                .data("automatic", request.clientId().equals(Clients.CONSOLE)
                        ? SwitchConsoleSignIn.PATH + SwitchConsoleSignIn.AUTOMATIC
                        : null)
                .render());
    }

    Response askForWhichOrganization(Parameters sent, SignedIn person) {
        return page(200, organizations.data("title", "For which organization?")
                .data("name", person.person().givenName())
                .data("action", OpenIdProvider.PATH + OpenIdProvider.SIGN_IN)
                .data("fields", fields(sent, Set.of(CHOICE)))
                .data("organizations", person.memberships().roles().entrySet())
                .render());
    }

    Response refused(OAuthFailure failure) {
        return page(400, message.data("title", "The application's request is refused")
                .data("message", failure.description()).render());
    }

    Response signedOut() {
        return page(200, message.data("title", "You are signed out of the sandbox")
                .data("message", "Applications may still be signed in until their tokens expire.").render());
    }

    private static List<Map<String, String>> fields(Parameters sent, Set<String> asked) {
        return sent.sent().entrySet().stream().filter(entry -> !asked.contains(entry.getKey()))
                .flatMap(
                        entry -> entry.getValue().stream().map(value -> Map.of("name", entry.getKey(), "value", value)))
                .toList();
    }

    private static Map<String, String> shown(Person person) {
        return Map.of("id", person.id(), "does", person.does(), "name",
                person.givenName() + ", " + person.id());
    }

    /// The policy names no `form-action`: browsers would apply it to the redirect to the application, too.
    private static Response page(int status, String html) {
        return Response.status(status).entity(html).type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header("Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
                .header("Cache-Control", "no-store").header("Referrer-Policy", "no-referrer").build();
    }
}
