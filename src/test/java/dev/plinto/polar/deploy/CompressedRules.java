package dev.plinto.polar.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// The rules of `deploy/prometheus` with every window, offset and `for` divided and unchanged thresholds, so that hours
/// pass in seconds.
final class CompressedRules {

    private static final int FACTOR = 360;
    private static final long SHORTEST_WINDOW = 5; // seconds; it must contain some of the scrapes of each second
    private static final long SHORTEST_FOR = 1;
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);
    private static final Pattern WINDOW = Pattern.compile("\\[(\\d+)([smhd])]");
    private static final Pattern OFFSET = Pattern.compile(" offset (\\d+)([smhd])\\b");
    private static final Pattern FOR = Pattern.compile("(?m)^( +for: )(\\d+)([smhd])$");

    private CompressedRules() {}

    /// @return the directory that contains them
    static Path write() {
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "compressed-rules-");
            for (Path file : Alerts.files(Alerts.RULES)) {
                Files.writeString(directory.resolve(file.getFileName()), compressed(Files.readString(file)));
            }
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String compressed(String rules) {
        String windows = WINDOW.matcher(rules)
                .replaceAll(found -> "[" + seconds(found.group(1), found.group(2), SHORTEST_WINDOW) + "s]");
        String offsets = OFFSET.matcher(windows)
                .replaceAll(found -> " offset " + seconds(found.group(1), found.group(2), SHORTEST_WINDOW) + "s");
        return FOR.matcher(offsets)
                .replaceAll(found -> found.group(1) + seconds(found.group(2), found.group(3), SHORTEST_FOR) + "s");
    }

    private static long seconds(String number, String unit, long shortest) {
        return Math.max(shortest, Long.parseLong(number) * SECONDS.get(unit) / FACTOR);
    }
}
