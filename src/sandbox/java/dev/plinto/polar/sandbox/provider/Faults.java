package dev.plinto.polar.sandbox.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The faults to inject, and how often. Code that can fail calls [#take(String)] first and acts on the fault.
///
/// Faults are taken in the order in which they were added. Thread-safe.
public final class Faults<F> {

    /// Until it is cleared.
    public static final int ALWAYS = Integer.MAX_VALUE;

    private final RandomGenerator random;
    private final List<Rule<F>> rules = new ArrayList<>();

    /// `random` decides on faults that happen with a chance.
    public Faults(RandomGenerator random) {
        this.random = random;
    }

    /// @param on prefix of the affected subjects: a path of the API, or a type of event; empty for all
    public void next(String on, int times, F fault) {
        add(new Rule<>(on, times, 1, fault));
    }

    /// @param chance from 0 (never) to 1 (each time)
    public void sometimes(String on, double chance, F fault) {
        add(new Rule<>(on, ALWAYS, chance, fault));
    }

    public synchronized void clear() {
        rules.clear();
    }

    /// The faults that are still to happen.
    public synchronized List<Rule<F>> rules() {
        return List.copyOf(rules);
    }

    /// The fault for this subject, which counts as used once.
    public synchronized Optional<F> take(String subject) {
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

    /// `times` is how often it still happens.
    public record Rule<F>(String on, int times, double chance, F fault) {

        public Rule {
            if (times < 1 || !(chance >= 0 && chance <= 1)) {
                throw new IllegalArgumentException("times must be at least 1, and chance from 0 to 1");
            }
        }
    }
}
