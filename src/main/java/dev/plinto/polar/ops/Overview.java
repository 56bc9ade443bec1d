package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/// How the whole service stands, as this replica can tell.
///
/// @param findings what somebody should do something about; empty where all is well
/// @param unknown  what this replica cannot tell, and why, in words; empty where it can tell all
/// @param refused  null where this replica takes no deliveries
/// @param parked   how many events, by reason
@JsonNaming(SnakeCaseStrategy.class)
public record Overview(String at, List<Finding> findings, List<String> unknown, Lateness lateness, Refused refused,
        Map<String, Long> parked, long unlinkedAccounts, Relay relay, ReconciliationQueries.Status reconciliation,
        List<Partition> partitions, List<Replica> replicas) {

    public Overview {
        findings = List.copyOf(findings);
        unknown = List.copyOf(unknown);
        partitions = List.copyOf(partitions);
        replicas = replicas == null ? null : List.copyOf(replicas);
    }

    @JsonProperty("well")
    public boolean isWell() {
        return findings.isEmpty();
    }

    @JsonIgnore
    public boolean isWrong() {
        return findings.stream().anyMatch(finding -> finding.severity == Finding.Severity.WRONG);
    }

    long parkedInAll() {
        return parked.values().stream().mapToLong(Long::longValue).sum();
    }

    /// @param what in words, for people
    /// @param page of the console that tells more
    record Finding(Severity severity, String what, String page) {

        /// Of the link to it.
        public String pageName() {
            return page.startsWith("#") ? "See below" : "Show them";
        }

        enum Severity {
            @JsonProperty("wrong")
            WRONG, @JsonProperty("notable")
            NOTABLE;

            /// In words, so that no colour is needed to tell.
            public String label() {
                return this == WRONG ? "Wrong" : "Look at";
            }

            public String style() {
                return this == WRONG ? "wrong" : "notable";
            }
        }
    }

    /// In seconds; null where this replica cannot tell, or nothing happened lately.
    ///
    /// @param oldestUnprojected age since receipt of the oldest event that is not projected; 0 where none waits
    /// @param oldestUnpublished the same of those of which a message waits in the outbox
    /// @param medianToProjected of the webhooks of the last hour, at most the newest 1,000
    /// @param outboxPending     messages, counted up to 100,000
    /// @param spoolPending      deliveries, counted up to 100,000
    @JsonNaming(SnakeCaseStrategy.class)
    record Lateness(Double oldestUnprojected, Double oldestUnpublished, Double medianToProjected,
            Double p99ToProjected, String newestEventAt, long outboxPending, long spoolPending) {}

    /// Deliveries to this replica in the last ten minutes.
    ///
    /// @param badSignatures that no accepted secret explains, or that are of another time
    /// @param unavailable   that were answered 503
    @JsonNaming(SnakeCaseStrategy.class)
    record Refused(long badSignatures, long unavailable) {}

    /// @param holder of the lease to publish; null where nobody has it
    record Relay(String holder, String until) {}

    /// @param nextOffset that is to be projected
    /// @param lagSeconds age of the oldest event that is not projected; null where this replica cannot tell
    /// @param replica    that projects it; null where none does, or the broker does not say
    @JsonNaming(SnakeCaseStrategy.class)
    record Partition(int partition, Long nextOffset, Double lagSeconds, String replica) {}

    /// That projects.
    @JsonNaming(SnakeCaseStrategy.class)
    record Replica(String name, String host, List<Integer> partitions) {}
}
