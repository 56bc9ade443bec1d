package dev.plinto.polar.sandbox.conekta;

/// What can be subscribed to. A subscription keeps its plan as it was when it began, also if that is deleted.
public final class Plans {

    private final ConektaState state;
    private final Ids ids;
    private final Journal journal;

    Plans(ConektaState state, Ids ids, Journal journal) {
        this.state = state;
        this.ids = ids;
        this.journal = journal;
    }

    /// A plan of so many cents (MXN) each month.
    public String createMonthly(String name, long amount) {
        return create(new PlanTerms(null, name, amount, "MXN", "month", 1, null, null, null, null));
    }

    /// @throws Refusal (422) if a field breaks Conekta's rules, or the id is taken
    public String create(PlanTerms terms) {
        String id = terms.id() == null ? ids.next("plan") : terms.id();
        if (state.plans.containsKey(id)) {
            throw Refusal.invalid("id", "id is taken");
        }
        put(id, terms);
        return id;
    }

    /// @throws Refusal (404, 422)
    public void change(String id, PlanTerms terms) {
        ConektaState.find(state.plans, id);
        put(id, terms);
    }

    /// @throws Refusal (404)
    public void delete(String id) {
        ConektaState.find(state.plans, id);
        state.plans.remove(id);
    }

    /// @throws Refusal (404)
    public PlanTerms terms(String id) {
        Plan plan = ConektaState.find(state.plans, id);
        return new PlanTerms(plan.id(), plan.name(), plan.amount(), plan.currency(), plan.interval(), plan.frequency(),
                plan.trialPeriodDays(), plan.expiryCount(), plan.maxRetries(), plan.retryDelayHours());
    }

    private void put(String id, PlanTerms terms) {
        Plan before = state.plans.get(id);
        state.plans.put(id, new Plan(
                id, before == null ? journal.now() : before.createdAt(), terms.name(), terms.amount(),
                terms.currency(), terms.interval(), terms.frequency(), terms.trialPeriodDays(), terms.expiryCount(),
                terms.maxRetries(), terms.retryDelayHours()));
    }

    /// As [Plan]; `id` is null where Conekta is to make one.
    public record PlanTerms(
            String id, String name, long amount, String currency, String interval, int frequency,
            Integer trialPeriodDays, Integer expiryCount, Integer maxRetries, Integer retryDelayHours) {

        public PlanTerms withTrial(int days) {
            return new PlanTerms(id, name, amount, currency, interval, frequency, days, expiryCount, maxRetries,
                    retryDelayHours);
        }
    }
}
