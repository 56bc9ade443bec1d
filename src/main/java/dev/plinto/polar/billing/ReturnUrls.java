package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The URLs to which a provider sends a buyer back: only what can be told to lead to an application of ours is let
/// through, and exactly as it was sent. What is unusual is refused, since a browser might read it in another way.
@ApplicationScoped
@Startup // dev mode too refuses settings that are wrong
public class ReturnUrls {

    private static final int LONGEST = 2_000;
    /// Polar puts the checkout's id in its place.
    private static final String CHECKOUT_ID = "{CHECKOUT_ID}";

    /// Not a control character.
    private static final String ENCODED = "%(?!7[Ff])[2-9A-Fa-f][0-9A-Fa-f]";
    private static final String PLAIN = "\\w.~!$&'()*+,;=:@\\-";
    /// Of what RFC 3986 allows, only what everybody reads in the same way: no empty segment, none of dots alone, no
    /// encoded dot, slash or back-slash.
    private static final String PATH = "(?:/(?!/|\\.{1,2}(?:[/?#]|$))(?:[" + PLAIN + "]++|(?!%(?:2[EeFf]|5[Cc]))"
            + ENCODED + ")*+)*+";
    private static final String QUERY = "(?:[" + PLAIN + "/?]++|" + ENCODED + ")*+";
    private static final String PATH_AND_QUERY = PATH + "(?:\\?" + QUERY + ")?(?:#" + QUERY + ")?";
    private static final Pattern RELATIVE = Pattern.compile("(?=/)" + PATH_AND_QUERY);
    private static final String ORIGIN = "(?<scheme>https?)://(?<host>" + AllowedOrigins.HOST + ")(?::(?<port>"
            + AllowedOrigins.PORT + "))?";
    private static final Pattern ABSOLUTE = Pattern.compile(ORIGIN + PATH_AND_QUERY);
    private static final Pattern ORIGIN_ALONE = Pattern.compile(ORIGIN);

    private final AllowedOrigins allowed;

    @Inject
    ReturnUrls(BillingConfig config) {
        this(new AllowedOrigins(config.appUrl(), config.returnHosts().orElse(List.of())));
    }

    ReturnUrls(AllowedOrigins allowed) {
        this.allowed = allowed;
    }

    /// The absolute URL. Throws 422 `url-not-allowed`, which names the field.
    ///
    /// @param field of the request's body or query
    /// @param url   as sent: relative, from its first slash on, or absolute
    public String absolute(String field, String url) {
        String plain = url.replace(CHECKOUT_ID, "CHECKOUT_ID");
        if (url.length() > LONGEST) {
            throw refused(field, "It has more than " + LONGEST + " characters.");
        }
        if (RELATIVE.matcher(plain).matches()) {
            return allowed.app().map(app -> app + url).orElseThrow(() -> refused(field,
                    "It is relative, and this service does not know the application's address (POLAR_APP_URL): send "
                            + "it with https:// and the host."));
        }
        if (!isAllowed(ABSOLUTE.matcher(plain))) {
            throw refused(field, "Send a path that begins with one slash, or a URL that begins with https:// and an "
                    + "allowed host, in lower case, with all unusual characters percent-encoded. An operator allows "
                    + "hosts by POLAR_RETURN_HOSTS.");
        }
        return url;
    }

    /// The origin of a page that embeds a checkout. Throws 422 `url-not-allowed`, which names the field.
    public String origin(String field, String origin) {
        if (origin.length() > LONGEST || !isAllowed(ORIGIN_ALONE.matcher(origin))) {
            throw refused(field, "Send https:// and an allowed host, in lower case and with nothing after it. An "
                    + "operator allows hosts by POLAR_RETURN_HOSTS.");
        }
        return origin;
    }

    private boolean isAllowed(Matcher url) {
        return url.matches() && allowed.allows(url.group("scheme"), url.group("host"),
                Optional.ofNullable(url.group("port")).orElse(""));
    }

    private static WebApplicationException refused(String field, String why) {
        return new Problem("url-not-allowed", 422, "The URL in " + field + " is not allowed",
                "Nothing was done. " + why)
                .exception();
    }
}
