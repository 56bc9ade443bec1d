package dev.plinto.polar;

import static io.restassured.RestAssured.given;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ServiceStartsTest {

    @Test
    void service_isReadyOnTheSandbox() {
        given().get("/q/health/ready").then().statusCode(200);
    }
}
