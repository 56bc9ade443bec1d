package dev.plinto.polar.sandbox.polar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What is to go wrong, and how often. Whoever does something asks [#next(String)] before, and acts accordingly.
///
/// What was asked for first happens first. Safe for use by several threads.
public final class Faults<F> {

    /// For as long as nobody clears it.
    public static final int ALWAYS = Integer.MAX_VALUE;

    private final RandomGenerator random;
    private final List<Rule<F>> rules = new ArrayList<>();

    /// `random` decides where a fault happens only now and then.
    public Faults(RandomGenerator random) {
        this.random = random;
    }

    /// @param on the beginning of what it happens to: a path below `/v1`, or a type of event; empty for everything
    public void next(String on, int times, F fault) {
        add(new Rule<>(on, times, 1, fault));
    }

    /// @param chance between 0 (never) and 1 (each time)
    public void sometimes(String on, double chance, F fault) {
        add(new Rule<>(on, ALWAYS, chance, fault));
    }

    public synchronized void clear() {
        rules.clear();
    }

    /// What is still to go wrong.
    public synchronized List<Rule<F>> rules() {
        return List.copyOf(rules);
    }

    /// What goes wrong with this, and is then used up once.
    public synchronized Optional<F> next(String subject) {
        for (int i = 0; i < rules.size(); i++) {
            Rule<F> rule = rules.get(i);
            if (!subject.startsWith(rule.on()) || rule.chance() < 1 && random.nextDouble() >= rule.chance()) {
                continue;
            }
            if (rule.times() == 1) {
                rules.remove(i);
            } else if (rule.times() != ALWAYS) {
                rules.set(i, new Rule<>(rule.on(), rule.times() - 1, rule.chance(), rule.fault()));
            }
            return Optional.of(rule.fault());
        }
        return Optional.empty();
    }

    private synchronized void add(Rule<F> rule) {
        rules.add(rule);
    }

    /// `times` is how often it is still to happen.
    public record Rule<F>(String on, int times, double chance, F fault) {

        public Rule {
            if (times < 1 || !(chance >= 0 && chance <= 1)) {
                throw new IllegalArgumentException("a fault happens at least once, and with a chance between 0 and 1");
            }
        }
    }
}
