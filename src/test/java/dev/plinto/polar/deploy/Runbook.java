package dev.plinto.polar.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The code blocks of `docs/runbook.md`.
final class Runbook {

    /// The code blocks in this language.
    static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^ *```" + language + "\n(.*?)^ *```").matcher(
                Files.readString(Path.of("docs/runbook.md"))).results().map(block -> block.group(1)).toList();
    }

    private Runbook() {}
}
