package dev.plinto.polar.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rounds of every comparison, and as a table the one of each that has the median ratio: ours, theirs and the ratio
/// of one line are of one round. A comparison whose oracle found something wrong has no figure.
final class Report {

    private record Name(String part, String comparison) {}

    /// @param theirs NaN where a figure is compared with nothing but what is wanted
    private record Round(double ours, double theirs) {

        double ratio() {
            return ours / theirs;
        }

        double order() {
            return Double.isNaN(theirs) ? ours : ratio();
        }
    }

    private record Line(String wanted, String unit, List<Round> rounds) {

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
        line(part, name, unit, wanted).rounds.add(new Round(ours, theirs));
        System.out.printf(Locale.ROOT, "  %s: %.4g / %.4g %s = %.3f%n", name, ours, theirs, unit, ours / theirs);
    }

    /// One round of a figure that is compared with nothing but what is wanted.
    void figure(String part, String name, String unit, double ours, String wanted) {
        line(part, name, unit, wanted).rounds.add(new Round(ours, Double.NaN));
        System.out.printf(Locale.ROOT, "  %s: %.4g %s%n", name, ours, unit);
    }

    /// What the oracle found; the part prints no figures, of no round.
    void wrong(String part, String what) {
        System.out.println("  WRONG: " + what);
        wrong.putIfAbsent(part, what);
        line(part, "(oracle)", "", "");
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
                wrong.containsKey(name.part) ? " | | | no figure: " + wrong.get(name.part) : line.figures(),
                line.wanted)));
        return table.toString();
    }

    private Line line(String part, String name, String unit, String wanted) {
        return lines.computeIfAbsent(new Name(part, name), key -> new Line(wanted, unit, new ArrayList<>()));
    }

    private static String text(double figure) {
        return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, figure >= 100 ? "%,.0f" : "%.3g", figure);
    }
}
