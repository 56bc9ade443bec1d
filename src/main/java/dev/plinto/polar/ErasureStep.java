package dev.plinto.polar;

import java.util.Optional;

/// Something that is to be done once in an erasure, and may be begun any number of times: a replica can be killed in
/// the middle of it.
public interface ErasureStep {

    /// In one or two words, as the steps are listed.
    String name();

    /// Whether the outcome says what this attempt did: an earlier one may have done a part of it, and been killed.
    default boolean countsWhatItDid() {
        return false;
    }

    /// Does all of it, or as much as is possible now. Only for threads that may block.
    ///
    /// @return what was done, in words without personal data; empty if it must be tried again later
    Optional<String> take(DataSubject subject) throws InterruptedException;
}
