package dev.plinto.polar.audit;

import java.time.Instant;

/// What the database knows of the chain of seals beside the seals themselves.
///
/// @param made  how many seals were ever made
/// @param hours how many there must be: from the first one to the newest that there is
record SealChain(Instant firstHour, byte[] firstSha256, long made, long hours) {}
