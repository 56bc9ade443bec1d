package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// The JSON of a request: a record, its names in snake case as Polar's are, without what is null, which Polar would
/// take for a value.
final class RequestBody {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .build();

    static String of(Record request) {
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException wrongRecord) {
            throw new IllegalArgumentException("a request is not a record of plain values", wrongRecord);
        }
    }

    private RequestBody() {}
}
