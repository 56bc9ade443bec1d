package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.entitlement.Account;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// The organizations that a body names as those it is about, also if it could not be understood: of a body that breaks
/// off, those before the break. As for an event that is applied, what metadata names comes before the customer.
public final class NamedOrganizations {

    private final Set<String> inMetadata = new LinkedHashSet<>();
    private final Set<String> ofCustomers = new LinkedHashSet<>();
    private final Set<String> ofData = new LinkedHashSet<>();
    private boolean isDataACustomer;

    /// Those of `metadata.organization_id`, else those of a customer's `external_id`, wherever in the body.
    public static Set<String> in(byte[] body) {
        NamedOrganizations named = new NamedOrganizations();
        try (JsonParser json = ExactJson.FACTORY.createParser(body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    named.read(json);
                }
            }
        } catch (IOException notJson) {
            // what was read before it counts
        }
        if (named.isDataACustomer) {
            named.ofCustomers.addAll(named.ofData);
        }
        return named.inMetadata.isEmpty() ? named.ofCustomers : named.inMetadata;
    }

    private void read(JsonParser json) throws IOException {
        JsonStreamContext object = json.getParsingContext();
        String key = String.valueOf(object.getCurrentName());
        String place = object.getParent() == null || object.getParent().inRoot()
                ? ""
                : String.valueOf(object.getParent().getCurrentName());
        if (key.equals("type") && place.isEmpty()) {
            isDataACustomer = json.getText().startsWith("customer.");
        } else if (key.equals("organization_id") && place.equals("metadata")) {
            add(json.getText(), inMetadata);
        } else if (key.equals("external_id") && place.equals("customer")) {
            add(json.getText(), ofCustomers);
        } else if (key.equals("external_id") && place.equals("data")) {
            add(json.getText(), ofData);
        }
    }

    private static void add(String id, Set<String> to) {
        if (!id.isBlank() && new Account(id).isLinked()) {
            to.add(id);
        }
    }

    private NamedOrganizations() {}
}
