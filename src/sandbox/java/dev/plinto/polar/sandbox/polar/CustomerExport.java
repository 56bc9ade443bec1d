package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinto.polar.Rfc3339;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The merchant's customers as CSV (RFC 4180).
final class CustomerExport {

    private static final String HEAD = "ID,External ID,Created At,Email,Name,Tax ID,Billing Address Line 1,"
            + "Billing Address Line 2,Billing Address City,Billing Address State,Billing Address Zip,"
            + "Billing Address Country,Metadata";
    private static final Customer.Address NONE = new Customer.Address(null, null, null, null, null, null);

    private CustomerExport() {}

    static String of(List<Customer> customers) {
        return Stream.concat(Stream.of(HEAD), customers.stream().map(CustomerExport::line))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static String line(Customer customer) {
        Customer.Address address = customer.billingAddress == null ? NONE : customer.billingAddress;
        return Stream.of(
                customer.id, customer.externalId, Rfc3339.format(customer.createdAt), customer.email, customer.name,
                customer.taxId == null ? null : customer.taxId[0], address.line1(), address.line2(), address.city(),
                address.state(), address.postalCode(), address.country(), json(customer.metadata))
                .map(value -> value == null ? "" : quoted(value.toString()))
                .collect(Collectors.joining(","));
    }

    private static String quoted(String value) {
        return value.matches("(?s).*[\",\r\n].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private static String json(Object metadata) {
        try {
            return SimulatedJson.MAPPER.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
