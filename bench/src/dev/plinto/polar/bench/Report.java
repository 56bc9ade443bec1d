package dev.plinto.polar.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/// The rounds of every comparison. The table shows the round with the median ratio: ours, theirs and the ratio of one
/// line are from the same round. A comparison whose oracle found an error has no figure.
final class Report {

    /// Limit for assertion messages, which may list hundreds of messages.
    private static final int MOST_OF_A_MESSAGE = 400;

    private record Name(String part, String comparison) {}

    /// @param theirs NaN if a figure is only compared with a wanted value
    private record Round(double ours, double theirs) {

        double ratio() {
            return ours / theirs;
        }

        double order() {
            return Double.isNaN(theirs) ? ours : ratio();
        }
    }

    /// @param oracle the part whose oracle checks it
    private record Line(String oracle, String wanted, String unit, List<Round> rounds) {

        String figures() {
            Round median = rounds.stream().sorted(Comparator.comparingDouble(Round::order)).toList()
                    .get((rounds.size() - 1) / 2);
            return "%s | %s | %s | %s".formatted(
                    text(median.ours), text(median.theirs), unit, text(median.ratio()));
        }
    }

    private final Map<Name, Line> lines = new LinkedHashMap<>();
    private final Map<String, String> wrong = new LinkedHashMap<>();

    /// One round of a comparison; the ratio is ours / theirs.
    void compare(String part, String name, String unit, double ours, double theirs, String wanted) {
        line(part, part, name, unit, wanted).rounds.add(new Round(ours, theirs));
        System.out.printf(Locale.ROOT, "  %s: %.4g / %.4g %s = %.3f%n", name, ours, theirs, unit, ours / theirs);
    }

    /// One round of a figure that is only compared with a wanted value.
    void figure(String part, String name, String unit, double ours, String wanted) {
        figure(part, part, name, unit, ours, wanted);
    }

    /// A figure of the footprint, checked by the oracle of the part that loaded the service.
    void resident(String loadedBy, String name, double megabytes, String wanted) {
        figure(Footprint.PART, loadedBy, "resident " + name, "MB", megabytes, wanted);
    }

    /// Runs the oracle of a part; if it finds an error, the part prints no figures of any round.
    void check(String part, Runnable oracle) {
        try {
            oracle.run();
        } catch (AssertionError | ConditionTimeoutException found) {
            String first = found.getMessage().lines().filter(line -> !line.isBlank()).map(String::strip).limit(3)
                    .collect(Collectors.joining(" "));
            String what = first.substring(0, Math.min(first.length(), MOST_OF_A_MESSAGE));
            System.out.println("  WRONG: " + what);
            wrong.putIfAbsent(part, what);
            line(part, part, "(oracle)", "", "");
        }
    }

    boolean isRight() {
        return wrong.isEmpty();
    }

    String table() {
        var table = new StringBuilder("""
                | part | comparison | ours | theirs | unit | ratio | wanted |
                |---|---|---|---|---|---|---|
                """);
        lines.forEach((name, line) -> table.append("| %s | %s | %s | %s |%n".formatted(name.part, name.comparison,
                wrong.containsKey(line.oracle) ? " | | | no figure: " + wrong.get(line.oracle) : line.figures(),
                line.wanted)));
        return table.toString();
    }

    private void figure(String part, String oracle, String name, String unit, double ours, String wanted) {
        line(part, oracle, name, unit, wanted).rounds.add(new Round(ours, Double.NaN));
        System.out.printf(Locale.ROOT, "  %s: %.4g %s%n", name, ours, unit);
    }

    private Line line(String part, String oracle, String name, String unit, String wanted) {
        return lines.computeIfAbsent(new Name(part, name), key -> new Line(oracle, wanted, unit, new ArrayList<>()));
    }

    private static String text(double figure) {
        return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, figure >= 100 ? "%,.0f" : "%.3g", figure);
    }
}
