package dev.plinto.polar.testing;

import java.net.http.HttpClient;
import java.util.concurrent.Executors;

/// HTTP clients with threads of their own. The JDK's default ends asynchronous answers in the common pool, which has one
/// thread on two cores: whoever keeps that busy keeps all answers from everybody.
public final class OwnThreads {

    public static HttpClient httpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private OwnThreads() {}
}
