package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedOrganizationsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "none", textBlock = """
            {"type":"order.paid","data":{"customer":{"external_id":"org-1"}}}                                | org-1
            {"type":"order.paid","data":{"customer":{"external_id":"org-1","x                                | org-1
            {"data":{"metadata":{"organization_id":"org-2"},"customer":{"external_id":"org-1"}}}             | org-2
            {"data":{"subscription":{"metadata":{"organization_id":"org-2"}}}}                               | org-2
            {"type":"customer.updated","data":{"external_id":"org-1"}}                                       | org-1
            {"data":{"external_id":"org-1"},"type":"customer.updated"}                                       | org-1
            {"type":"member.created","data":{"external_id":"usr-1"}}                                         | none
            {"data":{"customer":{"owner":{"external_id":"usr-1"}}}}                                          | none
            {"data":{"organization_id":"the-merchant"}}                                                      | none
            {"data":{"customer":{"external_id":" "},"metadata":{"organization_id":"customer:c-1"}}}          | none
            {"data":{"customer":{"external_id":null},"metadata":{"organization_id":7}}}                      | none
            no JSON                                                                                          | none
            """)
    void organization_isNamedByMetadata_elseByTheCustomer(String body, String organization) {
        assertThat(NamedOrganizations.in(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(organization == null ? Set.of() : Set.of(organization));
    }
}
