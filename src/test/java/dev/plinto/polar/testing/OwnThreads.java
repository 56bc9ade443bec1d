package dev.plinto.polar.testing;

import java.net.http.HttpClient;
import java.util.concurrent.Executors;

/// HTTP clients with threads of their own. The JDK's default completes asynchronous answers in the common pool, which
/// has one thread on two cores: a test that blocks it blocks all answers.
public final class OwnThreads {

    public static HttpClient httpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private OwnThreads() {}
}
