package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A document of the contract, and its JSON Schemas. Positions in it are JSON pointers.
public final class ApiDocument {

    public static final Path DIRECTORY = Path.of("api");

    private static final SchemaValidatorsConfig FORMATS_COUNT = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true).build();

    private final JsonNode document;
    private final JsonSchemaFactory factory;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    private ApiDocument(String name, VersionFlag dialect, JsonMetaSchema rules) {
        try {
            this.document = new YAMLMapper().readTree(DIRECTORY.resolve(name).toFile());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        JsonMetaSchema tolerant = JsonMetaSchema.builder(rules.getIri(), rules)
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword)) // all else in it
                .build();
        this.factory = JsonSchemaFactory.getInstance(dialect, builder -> builder.metaSchema(tolerant));
    }

    /// Its schemas use the dialect that OpenAPI 3.1 names.
    public static ApiDocument openapi() {
        return new ApiDocument("openapi.yaml", VersionFlag.V202012, JsonMetaSchema.getV202012());
    }

    /// Its schemas use the dialect of which AsyncAPI's is a superset.
    public static ApiDocument asyncapi() {
        return new ApiDocument("asyncapi.yaml", VersionFlag.V7, JsonMetaSchema.getV7());
    }

    /// The node at this pointer, or the one that it references.
    public JsonNode at(String pointer) {
        return document.at(resolved(pointer));
    }

    /// The pointer itself, or the one that its node references.
    public String resolved(String pointer) {
        JsonNode reference = document.at(pointer).path("$ref");
        return reference.isTextual() ? resolved(reference.textValue().substring(1)) : pointer;
    }

    /// The violations of the schema at this pointer; empty if the JSON is valid.
    public List<String> faults(String pointer, JsonNode json) {
        if (document.at(pointer).isMissingNode()) {
            throw new IllegalArgumentException("no node at " + pointer);
        }
        return schemas.computeIfAbsent(pointer, this::schema).validate(json).stream()
                .map(ValidationMessage::getMessage).toList();
    }

    /// One step of a JSON pointer.
    public static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /// A schema of the whole document, so that references resolve, of which only this pointer is applied.
    private JsonSchema schema(String pointer) {
        ObjectNode schema = document.deepCopy();
        schema.putArray("allOf").addObject().put("$ref", "#" + pointer);
        return factory.getSchema(schema, FORMATS_COUNT);
    }
}
