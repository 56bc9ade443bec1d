package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The state of the whole service, as far as this replica knows it.
///
/// @param findings conditions that need an operator; empty if all is well
/// @param unknown  what this replica cannot measure, and why, for people
/// @param refused  null if this replica does not have the role `ingress`
/// @param parked   number of parked events by reason
/// @param unmappedPlans of other providers than Polar, with the provider's prefix
/// @param doubleSubscriptions live ones beside another of the same group
/// @param parkedUsage events of usage, counted up to 100,000
/// @param stuckErasures of customer data
/// @param replicas null if the broker did not describe the consumer group
@JsonNaming(SnakeCaseStrategy.class)
public record Overview(String at, List<Finding> findings, List<String> unknown, Lateness lateness,
        @Nullable Refused refused, Map<String, Long> parked, long unlinkedAccounts,
        List<String> unmappedPlans, long doubleSubscriptions, long parkedUsage, long stuckErasures, Relay relay,
        ReconciliationQueries.Status reconciliation, List<Partition> partitions, @Nullable List<Replica> replicas) {

    public Overview {
        findings = List.copyOf(findings);
        unknown = List.copyOf(unknown);
        unmappedPlans = List.copyOf(unmappedPlans);
        partitions = List.copyOf(partitions);
        replicas = replicas == null ? null : List.copyOf(replicas);
    }

    @JsonProperty("well")
    public boolean isWell() {
        return findings.isEmpty();
    }

    /// The most severe one of the findings, if there is any.
    @JsonIgnore
    public Finding.@Nullable Severity worst() {
        return findings.stream().map(Finding::severity).min(Comparator.naturalOrder()).orElse(null);
    }

    long parkedTotal() {
        return parked.values().stream().mapToLong(Long::longValue).sum();
    }

    /// @param what a sentence for people
    /// @param page address of the console's page with details; null if there is none
    record Finding(Severity severity, String what, @Nullable String page) {

        /// Text of the link to the page.
        public String linkText() {
            return page != null && page.startsWith("#") ? "See below" : "Show details";
        }

        /// The most severe one first.
        enum Severity {
            @JsonProperty("wrong")
            WRONG("Wrong"), @JsonProperty("notable")
            NOTABLE("Check"),
            /// Nothing is wrong that is known, but too little is known to say that all is well.
            @JsonProperty("unknown")
            UNKNOWN("Not yet");

            private final String label;

            Severity(String label) {
                this.label = label;
            }

            /// As words, since colours alone are not accessible.
            public String label() {
                return label;
            }

            public String style() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /// In seconds; null if this replica cannot measure it, or nothing happened recently.
    ///
    /// @param oldestUnprojected age since receipt of the oldest event that is not projected; 0 if none waits
    /// @param oldestUnpublished age since receipt of the oldest event with a message in the outbox; 0 if none waits
    /// @param medianToProjected of the webhooks of the last hour, at most the newest 1,000
    /// @param outboxPending     messages, counted up to 100,000
    /// @param spoolPending      deliveries, counted up to 100,000
    /// @param oldestUnsentUsage for how long the oldest pending event of usage could have been sent; 0 if none waits
    @JsonNaming(SnakeCaseStrategy.class)
    record Lateness(@Nullable Double oldestUnprojected, Double oldestUnpublished,
            @Nullable Double medianToProjected, @Nullable Double p99ToProjected, @Nullable String newestEventAt,
            long outboxPending, long spoolPending, Double oldestUnsentUsage) {}

    /// Deliveries to this replica in the last ten minutes.
    ///
    /// @param badSignatures refused, since no accepted secret matches or the timestamp is too far off
    /// @param unavailable   answered 503
    @JsonNaming(SnakeCaseStrategy.class)
    record Refused(long badSignatures, long unavailable) {}

    /// @param holder replica with the relay's lease; null if none has it
    /// @param until  when the lease expires
    record Relay(@Nullable String holder, @Nullable String until) {}

    /// @param nextOffset of the next event to project; null before the first
    /// @param lagSeconds age of the oldest event that is not projected; null if this replica cannot measure it
    /// @param replica    that projects the partition; null if none does, or the broker did not describe the group
    @JsonNaming(SnakeCaseStrategy.class)
    record Partition(int partition, @Nullable Long nextOffset, @Nullable Double lagSeconds, @Nullable String replica) {}

    /// A member of the projection's consumer group.
    @JsonNaming(SnakeCaseStrategy.class)
    record Replica(String name, String host, List<Integer> partitions) {}
}
