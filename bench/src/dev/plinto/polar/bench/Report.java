package dev.plinto.polar.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rounds of every comparison, and their medians as a table. A comparison whose oracle found something wrong has
/// no figure.
final class Report {

    private record Name(String part, String comparison) {}

    private final Map<Name, Line> lines = new LinkedHashMap<>();
    private final Map<String, String> wrong = new LinkedHashMap<>();

    private static final class Line {
        private final String wanted;
        private final String unit;
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> theirs = new ArrayList<>();
        private final List<Double> ratios = new ArrayList<>();

        Line(String wanted, String unit) {
            this.wanted = wanted;
            this.unit = unit;
        }
    }

    /// One round of a comparison; the ratio is ours / theirs.
    void compare(String part, String name, String unit, double ours, double theirs, String wanted) {
        Line line = line(part, name, unit, wanted);
        line.ours.add(ours);
        line.theirs.add(theirs);
        line.ratios.add(ours / theirs);
        System.out.printf(Locale.ROOT, "  %s: %.4g / %.4g %s = %.3f%n", name, ours, theirs, unit, ours / theirs);
    }

    /// One round of a figure that is compared with nothing but what is wanted.
    void figure(String part, String name, String unit, double ours, String wanted) {
        line(part, name, unit, wanted).ours.add(ours);
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
        var table = new StringBuilder("| part | comparison | ours | theirs | unit | ratio | wanted |\n|---|---|---|---|---|---|---|\n");
        lines.forEach((name, line) -> table.append(wrong.containsKey(name.part)
                ? "| %s | %s | | | | no figure: %s | %s |%n".formatted(name.part, name.comparison, wrong.get(name.part),
                        line.wanted)
                : "| %s | %s | %s | %s | %s | %s | %s |%n".formatted(name.part, name.comparison, median(line.ours),
                        median(line.theirs), line.unit, median(line.ratios), line.wanted)));
        return table.toString();
    }

    private Line line(String part, String name, String unit, String wanted) {
        return lines.computeIfAbsent(new Name(part, name), key -> new Line(wanted, unit));
    }

    private static String median(List<Double> rounds) {
        if (rounds.isEmpty()) {
            return "";
        }
        double median = rounds.stream().sorted().toList().get((rounds.size() - 1) / 2);
        return String.format(Locale.ROOT, median >= 100 ? "%,.0f" : "%.3g", median);
    }
}
