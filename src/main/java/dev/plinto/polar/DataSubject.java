package dev.plinto.polar;

import java.util.List;
import java.util.Objects;

/// The organization whose data is exported or erased, with its customers at Polar.
///
/// @param customers       that no other organization uses
/// @param sharedCustomers that buy for other organizations too: what is theirs alone stays
public record DataSubject(String organization, List<String> customers, List<String> sharedCustomers) {

    public DataSubject {
        Objects.requireNonNull(organization, "organization");
        customers = List.copyOf(customers);
        sharedCustomers = List.copyOf(sharedCustomers);
    }

    /// Without ids, since it may be logged.
    @Override
    public String toString() {
        return "DataSubject[" + customers.size() + " customers, " + sharedCustomers.size() + " shared]";
    }
}
