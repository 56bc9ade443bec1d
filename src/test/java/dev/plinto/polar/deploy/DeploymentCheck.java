package dev.plinto.polar.deploy;

import dev.plinto.polar.testing.Npm;
import dev.plinto.polar.testing.OneProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// `deploy/check/check.mjs`: it renders `k8s/` into `target/k8s`, and checks the objects and `deploy/compose.yaml`
/// against their schemas.
final class DeploymentCheck {

    private static final String NOT_TESTED = "k8s/ and deploy/compose.yaml are not checked against their schemas";
    private static final Path DIRECTORY = Path.of("deploy", "check");
    private static final int NO_KUSTOMIZE = 3;
    private static Tool.Ended everything;

    /// Runs once for all tests; a machine without the tools skips them.
    static synchronized Tool.Ended ofEverything() {
        if (everything == null) {
            everything = run(DIRECTORY.resolve("check.mjs").toString());
        }
        if (everything.exitCode() == NO_KUSTOMIZE) {
            String why = "SKIPPED: " + NOT_TESTED + ": neither kustomize nor kubectl is on the path.";
            System.out.println(why);
            Assumptions.abort(why);
        }
        return everything;
    }

    static Tool.Ended of(Path file) {
        return run(DIRECTORY.resolve("check.mjs").toString(), file.toString());
    }

    /// In one process at a time: what it renders is in `target/k8s`.
    private static Tool.Ended run(String... arguments) {
        try {
            install();
            return OneProcess.at("k8s", () -> Tool.NODE.run(arguments));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void install() throws IOException, InterruptedException {
        Tool.NODE.require(NOT_TESTED);
        Npm.install(DIRECTORY, NOT_TESTED);
    }

    private DeploymentCheck() {}
}
