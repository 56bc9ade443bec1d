package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a test needs of Python's package index: installed once, and again when the list of packages has changed.
public final class Pip {

    /// Below the directory of the list; for the environment's `PYTHONPATH`.
    public static final String PACKAGES = "packages";

    private static final String RIGHT_VERSION = "import sys, pip; sys.exit(sys.version_info < (3, 11))";

    /// Skips the test, and says so, if there is no Python 3.11 with pip on this machine, or if it is not connected.
    ///
    /// @param directory with a `requirements.txt` that names each package with its version
    /// @param unchecked what is not checked without it, for the message
    public static void install(Path directory, String unchecked) throws IOException, InterruptedException {
        OneProcess.at("pip", () -> {
            Path list = directory.resolve("requirements.txt");
            Path installed = directory.resolve(PACKAGES).resolve("installed-requirements.txt"); // a copy of the list
            if (!Files.exists(installed) || Files.mismatch(list, installed) >= 0) {
                Registry.Ended python = Registry.run(directory, "python3", "-c", RIGHT_VERSION);
                if (python.exitCode() != 0) {
                    Registry.skip(unchecked, "python3 with pip is not on this machine's path. "
                            + "Install Python 3.11 or newer (on Debian python3-pip)");
                }
                Registry.Ended pip = Registry.run(directory, "python3", "-m", "pip", "install", "--quiet", "--no-deps",
                        "--only-binary", ":all:", "--upgrade", "--target", PACKAGES, "-r", "requirements.txt");
                if (pip.saysOneOf(List.of("Failed to establish a new connection", "ConnectTimeoutError",
                        "NameResolutionError", "ProxyError", "ReadTimeoutError",
                        "(from versions: none)"))) {
                    Registry.skip(unchecked, "pip cannot reach its package index");
                }
                assertThat(pip.exitCode()).as("pip install in %s: %s", directory, pip.output()).isZero();
                Files.copy(list, installed);
            }
            return null;
        });
    }

    private Pip() {}
}
