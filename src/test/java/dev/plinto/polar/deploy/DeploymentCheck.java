package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// `deploy/check/check.mjs`: it renders `k8s/` into `target/k8s`, and holds the objects and `deploy/compose.yaml`
/// against the schemas of those who read them.
final class DeploymentCheck {

    private static final String NOT_TESTED = "k8s/ and deploy/compose.yaml are not checked by their schemas";
    private static final Tool NPM = new Tool("npm", "npm");
    private static final Path DIRECTORY = Path.of("deploy", "check");
    private static final Path LOCK = DIRECTORY.resolve("package-lock.json");
    /// A copy of the lock file that npm leaves where it has installed it.
    private static final Path INSTALLED = DIRECTORY.resolve("node_modules/.installed-lock.json");
    private static final int NO_KUSTOMIZE = 3;
    private static Tool.Ended everything;

    /// Once for all tests; a machine without the tools skips what asks for it.
    static synchronized Tool.Ended ofEverything() {
        if (everything == null) {
            install();
            everything = Tool.NODE.run(DIRECTORY.resolve("check.mjs").toString());
        }
        if (everything.exitCode() == NO_KUSTOMIZE) {
            String why = "SKIPPED: " + NOT_TESTED + ", since neither kustomize nor kubectl is on this machine's path.";
            System.out.println(why);
            Assumptions.abort(why);
        }
        return everything;
    }

    static Tool.Ended of(Path file) {
        install();
        return Tool.NODE.run(DIRECTORY.resolve("check.mjs").toString(), file.toString());
    }

    private static synchronized void install() {
        Tool.NODE.require(NOT_TESTED);
        NPM.require(NOT_TESTED);
        try {
            if (!Files.exists(INSTALLED) || Files.mismatch(LOCK, INSTALLED) >= 0) {
                Tool.Ended install = NPM.run("ci", "--prefix", DIRECTORY.toString(), "--no-audit", "--no-fund",
                        "--loglevel=error");
                assertThat(install.exitCode()).as("npm ci in deploy/check failed:%n%s", install.output()).isZero();
                Files.copy(LOCK, INSTALLED);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private DeploymentCheck() {}
}
