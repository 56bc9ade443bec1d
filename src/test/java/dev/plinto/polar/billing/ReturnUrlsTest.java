package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnUrlsTest {

    private static final ReturnUrls URLS = urls("https://app.example",
            "ok.example", "shop.example:8443", "localhost", "127.0.0.1:3000", "xn--mnchen-3ya.example");
    /// What attackers put together.
    private static final List<String> PIECES = List.of("https://", "http://", "HTTPS://", "javascript:", "data:", "//",
            "/", "\\", "@", ":", "#", "?", "%2f", "%5c", "%00", "%0a", "%2e%2e", "..", ".", "\t", "\n", "\u0000", " ",
            "app.example", "ok.example", "evil.example", "localhost", "127.0.0.1", "[::1]", "443", "80", ":3000",
            "user:pass", "{CHECKOUT_ID}", "{", "é", "\u2028", "\u3002", "\uFF0F", "x", ";", "&next=//evil.example");

    private static ReturnUrls urls(String app, String... hosts) {
        return new ReturnUrls(new AllowedOrigins(Optional.ofNullable(app), List.of(hosts)));
    }

    @ParameterizedTest
    @CsvSource({
            "/, https://app.example/",
            "/done, https://app.example/done",
            "/done?id={CHECKOUT_ID}&a=%C3%A9%2F#top, https://app.example/done?id={CHECKOUT_ID}&a=%C3%A9%2F#top",
            "https://app.example, https://app.example",
            "https://app.example:443/x, https://app.example:443/x",
            "https://ok.example/{CHECKOUT_ID}/x?next=/y, https://ok.example/{CHECKOUT_ID}/x?next=/y",
            "https://shop.example:8443/x, https://shop.example:8443/x",
            "http://localhost:5173/x, http://localhost:5173/x",
            "http://127.0.0.1:3000/x, http://127.0.0.1:3000/x",
            "https://xn--mnchen-3ya.example/, https://xn--mnchen-3ya.example/",
    })
    void urlToAnAllowedPlace_staysAsItIs(String sent, String absolute) {
        assertThat(URLS.absolute("success_url", sent)).isEqualTo(absolute);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", " ", "done", "?x", "#x", "//evil", "///evil", "/\\evil", "\\\\evil", "\\/evil", "/\tevil", "/x\n",
            " /x",
            "https://evil.example", "https://ok.example@evil", "https://ok.example.evil", "https://evil.ok.example",
            "https://okxexample/", "https://ok.example.", "https://ok.example:8443/", "https://shop.example/",
            "https://shop.example:443/", "https://ok.example:0443/", "https://ok.example:/",
            "https://ok.example:99999/",
            "https://user@ok.example/", "https://user:pass@ok.example/", "https://ok.example\\@evil/",
            "https://ok.example#@evil\\", "https:ok.example", "https:/ok.example", "https:///ok.example",
            "http://ok.example/", "http://app.example/", "HTTPS://ok.example/", "https://OK.example/",
            "javascript:alert(1)", "javascript://ok.example/%0aalert(1)", "java\nscript:x", "data:text/html,x",
            "ftp://ok.example/", "https://ok%2eexample/", "https://ok.example%2f@evil/", "https://ok.example/%00",
            "https://ok.example/%0d%0aSet-Cookie:x", "https://ok.example/%7f", "https://ok.example/%", "/%zz",
            "/%5cevil",
            "/%2fevil", "/x//evil", "/./x", "/..//evil", "/x/../y", "/%2e%2e/x", "/.", "/x?a=%0a",
            "https://\u043Ek.example/", "https://m\u00FCnchen.example/", "https://ok\u3002example/",
            "https://ok.example\uFF0Fx", "/é", "/x\u0000", "/x\u2028", "/{x}", "/{CHECKOUT_ID", "/{checkout_id}",
            "https://{CHECKOUT_ID}.example/", "https://127.0.0.1:3001/", "http://127.0.0.1/", "http://127.1:3000/",
            "http://2130706433:3000/", "http://localhost.evil:3000/", "http://[::1]/", "http://localhost:3000@evil/",
    })
    void everythingElse_isRefused_andNamesTheField(String sent) {
        assertThatThrownBy(() -> URLS.absolute("success_url", sent)).isInstanceOfSatisfying(
                WebApplicationException.class, refused -> {
                    Problem.Document problem = (Problem.Document) refused.getResponse().getEntity();
                    assertThat(problem.type()).endsWith(":url-not-allowed");
                    assertThat(problem.status()).isEqualTo(422);
                    assertThat(problem.title()).contains("success_url");
                    assertThat(problem.title() + problem.detail()).doesNotContain("evil");
                });
    }

    @Test
    void longUrl_isRefused() {
        assertThat(URLS.absolute("return_url", "/" + "x".repeat(1_999))).hasSize(19 + 2_000);
        assertThatThrownBy(() -> URLS.absolute("return_url", "/" + "x".repeat(2_000)))
                .hasMessageContaining("return_url");
        assertThatThrownBy(() -> URLS.absolute("return_url", "/" + "%41/".repeat(1_000_000)))
                .hasMessageContaining("return_url");
    }

    @Test
    void relativeUrl_withoutAnApplicationsAddress_isRefused() {
        assertThatThrownBy(() -> urls(null).absolute("return_url", "/done"))
                .isInstanceOfSatisfying(WebApplicationException.class, refused -> assertThat(
                        ((Problem.Document) refused.getResponse().getEntity()).detail()).contains("POLAR_APP_URL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example", "https://shop.example:8443", "http://localhost:5173"})
    void originOfAnAllowedHost_mayEmbed(String origin) {
        assertThat(URLS.origin("embed_origin", origin)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "null", "/", "https://app.example/", "https://app.example/x",
            "https://evil.example",
            "https://app.example https://evil.example", "https://user@app.example", "http://app.example",
            "https://*.example", "https://app.example\n"})
    void everyOtherOrigin_isRefused(String origin) {
        assertThatThrownBy(() -> URLS.origin("embed_origin", origin)).hasMessageContaining("embed_origin");
    }

    /// Whatever is let through, Java's own parser finds one of the allowed hosts in it, and nothing that could be read
    /// in another way.
    @Property(tries = 20_000, seed = "71")
    void whatIsLetThrough_leadsToAnAllowedPlace(@ForAll("attacks") String sent) {
        String absolute;
        try {
            absolute = URLS.absolute("success_url", sent);
        } catch (WebApplicationException refused) {
            return;
        }
        URI url = URI.create(absolute.replace("{CHECKOUT_ID}", "id"));
        assertThat(absolute).endsWith(sent).matches("[!-~]*").doesNotContain("\\");
        assertThat(url.getRawUserInfo()).isNull();
        assertThat(url.getPath()).doesNotContain("//", "\\", "\n", "\0");
        assertThat(url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()))
                .matches("https://(app|ok)\\.example(:443)?|https?://localhost(:\\d+)?|https?://127.0.0.1:3000");
    }

    @Provide
    Arbitrary<String> attacks() {
        return Arbitraries.of(PIECES).list().ofMinSize(1).ofMaxSize(7).map(pieces -> String.join("", pieces));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example", "http://app.example", "https://app.example/path", "https://user@app.example",
            "https://app.example?x", "https://APP.example", "https://app.example:99999", "javascript:x", "https://",
            "https://app.example,https://b.example"})
    void addressOfTheApplication_thatIsNone_isASettingThatIsRefused(String url) {
        assertThat(AllowedOrigins.problems(Optional.of(url), List.of())).singleElement().asString()
                .startsWith("POLAR_APP_URL must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://ok.example", "*.example", "OK.example", "ok.example/", "ok.example:0", "a b", "*"})
    void hostThatIsNone_isASettingThatIsRefused(String host) {
        assertThat(AllowedOrigins.problems(Optional.empty(), List.of("ok.example", host))).singleElement().asString()
                .startsWith("POLAR_RETURN_HOSTS must be");
    }
}
