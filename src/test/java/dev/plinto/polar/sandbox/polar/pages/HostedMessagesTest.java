package dev.plinto.polar.sandbox.polar.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages on which nothing can be done lead back to the shop.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class HostedMessagesTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();

    @TestHTTPResource("/sandbox/polar/")
    URI polar;

    @ParameterizedTest
    @CsvSource(textBlock = """
            checkout/none, 404
            checkout/none/confirmation, 404
            portal?customer_session_token=none, 401
            seats/claim?invitation_token=none, 404
            invoices/none, 404
            """)
    void leadsToTheShop(String path, int status) {
        HttpResponse<String> page = HTTP.sendAsync(
                HttpRequest.newBuilder(polar.resolve(path)).build(), BodyHandlers.ofString()).join();

        assertThat(page.statusCode()).isEqualTo(status);
        assertThat(page.body()).contains("href=\"/sandbox/polar\"").doesNotContain("It is paid");
    }

    @Test
    void checkoutThatDoesNotExist_isNotPaid() {
        HttpResponse<String> shop = HTTP.sendAsync(
                HttpRequest.newBuilder(polar.resolve("/sandbox/polar?checkout_id=none")).build(),
                BodyHandlers.ofString()).join();

        assertThat(shop.statusCode()).isEqualTo(200);
        assertThat(shop.body()).doesNotContain("is paid");
    }
}
