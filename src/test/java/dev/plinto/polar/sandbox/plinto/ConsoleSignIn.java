package dev.plinto.polar.sandbox.plinto;

import dev.plinto.polar.testing.ConsoleClient;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Signs people in to the console by the provider's page.
record ConsoleSignIn(ConsoleClient browser) {

    private static final Pattern HIDDEN = Pattern.compile("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");

    HttpResponse<String> signIn(String person) {
        return signIn(person, browser.follow("/sandbox/plinto/console"));
    }

    /// Sends the form of the provider's page, as a browser does. Returns the console's page.
    HttpResponse<String> signIn(String person, HttpResponse<String> question) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("person", person, "organization_id", "org-1"));
        for (MatchResult field : HIDDEN.matcher(question.body()).results().toList()) {
            fields.put(field.group(1), field.group(2).replace("&amp;", "&"));
        }
        HttpResponse<String> redirect = browser.post("/sandbox/plinto/oauth/sign-in", fields);
        return browser.follow(redirect.headers().firstValue("location").orElseThrow());
    }
}
