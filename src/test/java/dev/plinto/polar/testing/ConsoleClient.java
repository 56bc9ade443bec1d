package dev.plinto.polar.testing;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A client of the console that keeps cookies and follows no redirect.
public final class ConsoleClient {

    private final URI service;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor()).cookieHandler(cookies).build();

    public ConsoleClient(URI service) {
        this.service = service;
    }

    public HttpResponse<String> get(String page, String... headers) {
        return send(HttpRequest.newBuilder(service.resolve(page)), headers);
    }

    /// The page at the end of all redirects.
    public HttpResponse<String> follow(String page) {
        HttpResponse<String> answer = get(page);
        for (int i = 0; i < 10 && answer.statusCode() / 100 == 3; i++) {
            answer = send(HttpRequest.newBuilder(answer.uri().resolve(
                    answer.headers().firstValue("location").orElseThrow())));
        }
        return answer;
    }

    public HttpResponse<String> post(String action, Map<String, String> fields, String... headers) {
        String form = fields.entrySet().stream()
                .map(field -> Operator.encoded(field.getKey()) + "=" + Operator.encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(service.resolve(action))
                .header("content-type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)),
                headers);
    }

    /// All cookies of this client, as a header of requests to paths for which they are not meant.
    public String cookies() {
        return cookies.getCookieStore().getCookies().stream().map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /// The form token of this client's session.
    public String formToken() {
        return get("/ops/reconciliation/run").body().replaceFirst("(?s).*name=\"form\" value=\"([^\"]*)\".*", "$1");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
