package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ServiceStartsTest {

    @TestHTTPResource("/")
    URI service;

    @Test
    void service_isReadyOnTheSandbox() {
        assertThat(Health.of(service, "ready").isUp()).isTrue();
    }
}
