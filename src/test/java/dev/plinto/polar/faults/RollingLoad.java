package dev.plinto.polar.faults;

import dev.plinto.polar.testing.LargeAccount;
import dev.plinto.polar.testing.MadeBacklog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What is delivered while replicas are replaced, in shares: each has a part of the lives of some hundred customers,
/// and of three organizations with hundreds of grants, one of which is told for the last time in the middle. So most
/// accounts are told by replicas of both releases.
final class RollingLoad {

    private static final int DELIVERIES = 160; // of customers, in a share

    private final List<MadeBacklog> backlogs;
    private final List<List<ProducerRecord<String, byte[]>>> shares = new ArrayList<>();

    private record Due(double part, ProducerRecord<String, byte[]> record) {}

    /// @param count of shares, an even number
    RollingLoad(int count) {
        // Of a statement that has lost a customer's link, the release before makes another state, as it always did.
        MadeBacklog customers = MadeBacklog.withLinks(DELIVERIES * count, "versions");
        MadeBacklog few = MadeBacklog.of(new LargeAccount("org-few-benefits", 300, 2));
        MadeBacklog more = MadeBacklog.of(new LargeAccount("org-more-benefits", 300, 5));
        MadeBacklog many = MadeBacklog.of(new LargeAccount("org-many-benefits", 120, 40));
        backlogs = List.of(customers, few, more, many);
        for (int i = 0; i < count; i++) {
            shares.add(Stream.of(due(customers, i, count), due(few, i, count), due(more, i, count),
                    i < count / 2 ? due(many, i, count / 2) : List.<Due>of())
                    .flatMap(List::stream).sorted(Comparator.comparingDouble(Due::part)).map(Due::record).toList());
        }
    }

    /// Everything that is delivered, and what must come of it.
    List<MadeBacklog> backlogs() {
        return backlogs;
    }

    List<ProducerRecord<String, byte[]>> share(int number) {
        return shares.get(number);
    }

    private static List<Due> due(MadeBacklog backlog, int number, int count) {
        int size = backlog.records().size();
        List<ProducerRecord<String, byte[]>> share = backlog.records().subList(size * number / count,
                size * (number + 1) / count);
        return IntStream.range(0, share.size()).mapToObj(i -> new Due((double) i / share.size(), share.get(i)))
                .toList();
    }
}
