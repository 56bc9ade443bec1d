package dev.plinto.polar.ops.console;

import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.ops.AccountQueries;
import dev.plinto.polar.ops.FoundEvent;
import dev.plinto.polar.ops.ParkedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the page about an account says first: whether it has access, and what makes this answer doubtful.
///
/// @param isPast   whether it is about a moment that is over, and told in the past tense
/// @param parked   events that may change the answer once they are applied
/// @param searchedParked whether all parked events were searched for them
/// @param discarded events that never change the answer, since an operator has decided so
/// @param searchedDiscarded whether all discarded events were searched for them
/// @param linkedTo the organization that an unlinked account's customer belongs to now; null if there is none
record AccountVerdict(Answer answer, boolean isPast, List<ParkedEvent> parked, boolean searchedParked,
        List<FoundEvent> discarded, boolean searchedDiscarded, @Nullable String linkedTo) {

    private static final int MOST_LISTED = 5;

    AccountVerdict {
        Objects.requireNonNull(answer, "answer");
        parked = List.copyOf(parked);
        discarded = List.copyOf(discarded);
    }

    enum Answer {
        ACCESS("It has access", "It had access"),
        NO_ACCESS("It has no access", "It had no access"),
        /// Only organizations may use anything.
        UNLINKED("Granted, but linked to no organization: nobody may use it",
                "Granted, but linked to no organization: nobody could use it"),
        /// What the customer had under this id is the organization's.
        LINKED("It has no access; its customer belongs to an organization",
                "It had no access; its customer belongs to an organization now"),
        /// The id of a benefit, say, which many accounts have.
        OTHER_ID("This is not the id of an account", "This is not the id of an account"),
        NOTHING("Nothing is known about this id", "Nothing was known about it");

        private final String now;
        private final String then;

        Answer(String now, String then) {
            this.now = now;
            this.then = then;
        }
    }

    /// @param isPast whether the explanation is of a moment that is over
    static AccountVerdict of(AccountQueries.Details account, Explanation explanation, boolean isPast) {
        Instant moment = Instant.parse(explanation.at());
        Predicate<String> hadCome = receivedAt -> !isPast || !Instant.parse(receivedAt).isAfter(moment);
        return new AccountVerdict(answer(account, explanation, isPast), isPast,
                account.parked().stream().filter(event -> hadCome.test(event.receivedAt())).toList(),
                account.searchedParked(),
                account.discarded().stream().filter(event -> hadCome.test(event.receivedAt())).toList(),
                account.searchedDiscarded(), account.linkedTo());
    }

    private static Answer answer(AccountQueries.Details account, Explanation explanation, boolean isPast) {
        boolean isLinked = explanation.organizationId() != null;
        if (explanation.hasAccess()) {
            return isLinked ? Answer.ACCESS : Answer.UNLINKED;
        }
        if (!account.isKnown() && account.idOf() != null) {
            return Answer.OTHER_ID;
        }
        if (account.linkedTo() != null) {
            return Answer.LINKED;
        }
        boolean isDecided = explanation.decision() != null || !explanation.subscriptions().isEmpty();
        return isDecided || account.isKnown() && !isPast ? Answer.NO_ACCESS : Answer.NOTHING;
    }

    public String heading() {
        return isPast ? answer.then : answer.now;
    }

    /// A class of the style sheet; the heading says the same in words.
    public String style() {
        boolean isComplete = parked.isEmpty() && searchedParked;
        return switch (answer) {
            case ACCESS -> isComplete ? "well" : "notable";
            case NO_ACCESS -> "wrong";
            case UNLINKED -> "notable";
            case LINKED, OTHER_ID, NOTHING -> isComplete ? "unknown" : "notable";
        };
    }

    public List<ParkedEvent> listed() {
        return parked.stream().limit(MOST_LISTED).toList();
    }

    public boolean isListComplete() {
        return parked.size() <= MOST_LISTED;
    }

    /// The newest ones.
    public List<FoundEvent> listedDiscarded() {
        return discarded.reversed().stream().limit(MOST_LISTED).toList();
    }

    public boolean isDiscardedListComplete() {
        return discarded.size() <= MOST_LISTED;
    }
}
