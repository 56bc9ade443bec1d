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

/// A document of the contract, and what the JSON Schemas in it say. Places in it are JSON pointers.
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
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword)) // the rest of the document
                .build();
        this.factory = JsonSchemaFactory.getInstance(dialect, builder -> builder.metaSchema(tolerant));
    }

    /// Its schemas are of the dialect that OpenAPI 3.1 names.
    public static ApiDocument openapi() {
        return new ApiDocument("openapi.yaml", VersionFlag.V202012, JsonMetaSchema.getV202012());
    }

    /// Its schemas are of the dialect that AsyncAPI's own are a superset of.
    public static ApiDocument asyncapi() {
        return new ApiDocument("asyncapi.yaml", VersionFlag.V7, JsonMetaSchema.getV7());
    }

    /// What stands there, or what it refers to.
    public JsonNode at(String pointer) {
        return document.at(resolved(pointer));
    }

    /// The place itself, or the one that it refers to.
    public String resolved(String pointer) {
        JsonNode reference = document.at(pointer).path("$ref");
        return reference.isTextual() ? resolved(reference.textValue().substring(1)) : pointer;
    }

    /// What is wrong with the JSON by the schema that stands there; nothing where it is right.
    public List<String> faults(String pointer, JsonNode json) {
        if (document.at(pointer).isMissingNode()) {
            throw new IllegalArgumentException("nothing stands at " + pointer);
        }
        return schemas.computeIfAbsent(pointer, this::schema).validate(json).stream()
                .map(ValidationMessage::getMessage).toList();
    }

    /// A step of a pointer.
    public static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /// The whole document, so that references lead somewhere, of which only this place counts.
    private JsonSchema schema(String pointer) {
        ObjectNode schema = document.deepCopy();
        schema.putArray("allOf").addObject().put("$ref", "#" + pointer);
        return factory.getSchema(schema, FORMATS_COUNT);
    }
}
