package dev.plinto.polar.bench;

import java.util.Arrays;
import java.util.List;

/// Runs the named parts (`PARTS="a d"`), or all, for the given number of rounds (`ROUNDS`), and prints a table of
/// ratios.
public final class Bench {

    public static void main(String... arguments) throws Exception {
        int rounds = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "3"));
        List<String> parts = Arrays.stream(System.getenv().getOrDefault("PARTS", "a b c d e f g h i j").split(" "))
                .toList();
        Report report = new Report();
        if (parts.contains("a")) {
            new Ingress(report).run(rounds);
        }
        if (parts.contains("b")) {
            new Drain(report).run(rounds, parts.contains("c"));
        }
        if (parts.contains("d")) {
            new Freshness(report).run(rounds);
        }
        if (parts.contains("e")) {
            new Reads(report).run(rounds);
        }
        if (parts.contains("f")) {
            Footprint.run(report, rounds);
        }
        if (parts.contains("g")) {
            TrainedStart.run(report, rounds);
        }
        if (parts.contains("h")) {
            new LargeAccounts(report).run(rounds);
        }
        if (parts.contains("i")) {
            new Selling(report).run(rounds);
        }
        if (parts.contains("j")) {
            new Usage(report).run(rounds);
        }
        System.out.println(BenchService.description() + "\n\n" + report.table());
        System.exit(report.isRight() ? 0 : 1);
    }

    private Bench() {}
}
