package dev.plinto.polar.sandbox;

import dev.plinto.polar.sandbox.conekta.ConektaScenarios;
import dev.plinto.polar.sandbox.conekta.live.SandboxConekta;
import dev.plinto.polar.sandbox.conekta.live.SandboxConektaKey;
import dev.plinto.polar.sandbox.conekta.rest.ConektaApi;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.plinto.OpenIdProvider;
import dev.plinto.polar.sandbox.polar.SoldProducts;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/// The addresses of a running sandbox: as settings for the service, as a file for tools, as text for a person.
record Endpoints(Path directory, int httpPort, String kafka, String reactiveUrl, String jdbcUrl) {

    static final String WEBHOOK_SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";
    private static final String HOST = "127.0.0.1";

    String baseUrl() {
        return "http://" + HOST + ":" + httpPort;
    }

    /// By the names that Quarkus and this service know.
    Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("kafka.bootstrap.servers", kafka);
        settings.put("quarkus.datasource.reactive.url", reactiveUrl);
        settings.put("quarkus.datasource.username", EmbeddedPostgres.USER);
        settings.put("quarkus.datasource.password", EmbeddedPostgres.PASSWORD);
        settings.put("quarkus.http.host", HOST);
        settings.put("quarkus.http.port", Integer.toString(httpPort));
        settings.put("polar.webhook.secret", WEBHOOK_SECRET);
        settings.put("polar.access-token", "polar_oat_sandbox");
        settings.put("polar.sandbox", "true");
        settings.put("polar.api.url", baseUrl() + "/sandbox/polar/v1");
        settings.put("conekta.private-key", ConektaApi.PRIVATE_KEY);
        settings.put("conekta.webhook-keys", SandboxConektaKey.in(directory).publicPem());
        settings.put("conekta.plans", ConektaScenarios.PLAN + "=" + SoldProducts.PRO);
        settings.put("conekta.products", SoldProducts.ONBOARDING + "=" + ConektaScenarios.ONCE);
        settings.put("conekta.sandbox", "true");
        settings.put("conekta.api.url", baseUrl() + SandboxConekta.ROOT + "/api");
        settings.put("polar.app-url", baseUrl());
        settings.put("polar.return-hosts", "127.0.0.1,localhost"); // applications in development, at any port
        settings.put("polar.usage.client-events", "api_call,export");
        settings.put("sandbox.directory", directory.toString());
        settings.put("polar.topic.partitions", "6");
        settings.put("polar.topic.replication", "1");
        settings.put("plinto.jwt.issuer", issuer());
        settings.put("plinto.jwt.audience", "plinto.dev");
        settings.put("plinto.jwt.roles-of-organization", "true");
        settings.put("plinto.service-clients", "*");
        settings.put("plinto.jwks.url", issuer() + "/jwks.json");
        settings.putAll(OpenIdProvider.settingsOfConsole(issuer()));
        return settings;
    }

    /// Of the sandbox's tokens; an OpenID provider.
    String issuer() {
        return baseUrl() + OpenIdProvider.PATH;
    }

    /// Writes `endpoints.json`. Nothing in it is secret: the sandbox's keys are published with its source.
    void write() {
        Path file = directory.resolve("endpoints.json");
        Path partial = directory.resolve("endpoints.json.partial");
        try {
            Files.writeString(partial, json());
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new SandboxFailure(file + " could not be written: " + failure.getMessage(), failure);
        }
    }

    private String json() {
        return """
                {
                  "http": "%1$s",
                  "openid_issuer": "%9$s",
                  "kafka": "%2$s",
                  "postgres": {
                    "jdbc_url": "%3$s",
                    "reactive_url": "%4$s",
                    "user": "%5$s",
                    "password": "%6$s"
                  },
                  "webhook_secret": "%7$s",
                  "pid": %8$d,
                  "try": {
                    "buy": "curl -X POST '%1$s/sandbox/polar/trigger/purchase?organization_id=org-1'",
                    "watch": "curl -N '%1$s/sandbox/topics/polar.entitlement.changed?from=beginning'",
                    "token": "curl -X POST '%1$s/sandbox/plinto/token' -H 'content-type: application/json' \
                -d '{\\"organization_id\\":\\"org-1\\",\\"roles\\":[\\"owner\\"]}'",
                    "read": "curl -H \\"authorization: Bearer $TOKEN\\" \
                '%1$s/api/v1/polar/entitlements?organization_id=org-1'"
                  }
                }
                """.formatted(baseUrl(), kafka, jdbcUrl, reactiveUrl, EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD,
                WEBHOOK_SECRET, ProcessHandle.current().pid(), issuer());
    }

    String welcome() {
        return """

                The sandbox is up.
                  service     %1$s
                  Kafka       %2$s
                  PostgreSQL  %3$s  user %4$s, password %5$s
                  data        %6$s (delete it to start with an empty sandbox)
                  logs        in logs/ below it; endpoints.json has all of this for programs

                Try first:
                  1. watch   curl -N '%1$s/sandbox/topics/polar.entitlement.changed?from=beginning'
                  2. buy     curl -X POST '%1$s/sandbox/polar/trigger/purchase?organization_id=org-1'
                  3. sign in TOKEN=$(curl -s '%1$s/sandbox/plinto/token' -H 'content-type: application/json' \\
                               -d '{"organization_id":"org-1","roles":["owner"]}' | sed 's/.*token" *: *"//; s/".*//')
                  4. read    curl '%1$s/api/v1/polar/entitlements?organization_id=org-1' \\
                               -H "authorization: Bearer $TOKEN"
                Or buy in a browser, at %1$s/sandbox/polar
                """.formatted(baseUrl(), kafka, jdbcUrl, EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD, directory);
    }
}
