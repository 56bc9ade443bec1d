package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// Creates the topics and users of `k8s/` on a broker, as Strimzi's operators do.
///
/// @param secrets by `<name>/<key>`; passwords of users that have none are added
record KafkaResources(Rendered resources, Map<String, String> secrets) {

    void make(String bootstrapServers) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(resources.kind("KafkaTopic").map(KafkaResources::topic).toList()).all().get();
            admin.alterUserScramCredentials(resources.kind("KafkaUser").map(this::login).toList()).all().get();
            admin.createAcls(resources.kind("KafkaUser").flatMap(user -> rights(user).stream()).toList()).all().get();
        }
    }

    /// Adapted to a single broker.
    private static NewTopic topic(JsonNode topic) {
        Map<String, String> config = Rendered.texts(topic.at("/spec/config"));
        config.put("min.insync.replicas", "1");
        return new NewTopic(Rendered.named(topic), topic.at("/spec/partitions").intValue(), (short) 1).configs(config);
    }

    private UserScramCredentialAlteration login(JsonNode user) {
        JsonNode given = user.at("/spec/authentication/password/valueFrom/secretKeyRef");
        String secret = given.isMissingNode()
                ? secrets.computeIfAbsent(Rendered.named(user) + "/password", made -> UUID.randomUUID().toString())
                : secrets.get(given.get("name").textValue() + "/" + given.get("key").textValue());
        return new UserScramCredentialUpsertion(Rendered.named(user),
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                secret);
    }

    static List<AclBinding> rights(JsonNode user) {
        List<AclBinding> rights = new ArrayList<>();
        for (JsonNode right : user.at("/spec/authorization/acls")) {
            JsonNode of = right.get("resource");
            var resource = new ResourcePattern(
                    ResourceType.fromString(constant(of.get("type"))), of.get("name").textValue(),
                    of.get("patternType").textValue().equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL);
            right.get("operations").forEach(operation -> rights.add(new AclBinding(resource, new AccessControlEntry(
                    "User:" + Rendered.named(user), "*", AclOperation.fromString(constant(operation)),
                    AclPermissionType.ALLOW))));
        }
        return rights;
    }

    /// `transactionalId` is `TRANSACTIONAL_ID`.
    private static String constant(JsonNode word) {
        return word.textValue().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }
}
