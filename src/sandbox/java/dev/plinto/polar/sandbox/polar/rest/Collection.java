package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.Records;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One of Polar's lists: its objects, filters, sort keys and pages.
///
/// `sorts` are the keys that the parameter `sorting` may name; the first of them, descending, is the default. `singles`
/// states whether one of its objects can be read by its id. A parameter that it does not have is refused, never
/// ignored: it would answer objects that the caller did not ask for.
record Collection(
        String path, Function<Records, Stream<ListedObject>> rows, List<Filter> filters, boolean byMetadata,
        List<String> sorts, boolean singles) {

    private static final int MAX_LIMIT = 100;
    private static final Set<String> OF_EACH_LIST = Set.of("page", "limit", "sorting");
    private static final Pattern METADATA = Pattern.compile("metadata\\[[^\\[\\]]+]");

    static final List<Collection> ALL = List.of(
            new Collection("/subscriptions/", Records::subscriptions, ListFilters.SUBSCRIPTIONS, true,
                    List.of("started_at", "status", "current_period_end", "ended_at", "ends_at", "amount", "customer",
                            "product", "discount"),
                    true),
            new Collection("/benefit-grants/", Records::grants, ListFilters.GRANTS, false,
                    List.of("created_at", "granted_at", "revoked_at"), false),
            new Collection("/customers/", Records::customers, ListFilters.CUSTOMERS, true,
                    List.of("created_at", "email", "name"), true),
            new Collection("/checkouts/", Records::checkouts, ListFilters.CHECKOUTS, false,
                    List.of("created_at", "expires_at", "status"), true),
            new Collection("/webhooks/endpoints", Records::endpoints, ListFilters.ENDPOINTS, false,
                    List.of("created_at"), true),
            new Collection("/webhooks/deliveries", Records::deliveries, ListFilters.DELIVERIES, false,
                    List.of("created_at"), false));

    /// The list, and its single objects if they can be read.
    Stream<Operation> operations(Records records) {
        Operation list = Operation.of("GET", path, request -> Answer.ok(page(records, request.call())));
        String single = (path.endsWith("/") ? path : path + "/") + "{id}";
        return singles
                ? Stream.of(list, Operation.of("GET", single, request -> single(records, request.onlyWith().id("id"))))
                : Stream.of(list);
    }

    private Answer single(Records records, UUID id) {
        return rows.apply(records).filter(listed -> listed.id().equals(id)).findFirst()
                .map(listed -> Answer.ok(listed.json().get()))
                .orElseThrow(PolarAnswers::unknownResource);
    }

    /// A page has at most [#MAX_LIMIT] objects, whatever the limit; pages after the last are empty. Of objects with
    /// equal sort keys, the newest comes first.
    ObjectNode page(Records records, Call call) {
        int page = positive(call, "page", 1);
        int limit = Math.min(positive(call, "limit", 10), MAX_LIMIT);
        List<ListedObject> newestFirst = wanted(records, call).toList().reversed();
        List<ListedObject> found = newestFirst.stream().sorted(order(call)).toList();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode items = body.putArray("items");
        found.stream().skip((page - 1L) * limit).limit(limit).forEach(listed -> items.add(listed.json().get()));
        body.putObject("pagination")
                .put("total_count", found.size())
                .put("max_page", (found.size() + limit - 1) / limit);
        return body;
    }

    /// The objects that the filters of a call let through, oldest first.
    Stream<ListedObject> wanted(Records records, Call call) {
        return rows.apply(records).filter(wanted(call));
    }

    /// Values of one parameter are alternatives; different parameters must all match.
    private Predicate<ListedObject> wanted(Call call) {
        return call.query().keySet().stream()
                .filter(parameter -> !OF_EACH_LIST.contains(parameter))
                .map(parameter -> wanted(filter(parameter, call), call))
                .reduce(listed -> true, Predicate::and);
    }

    private static Predicate<ListedObject> wanted(Filter filter, Call call) {
        return call.all(filter.parameter()).stream()
                .map(filter.rule()::of)
                .reduce(listed -> false, Predicate::or);
    }

    private Filter filter(String parameter, Call call) {
        if (byMetadata && METADATA.matcher(parameter).matches()) {
            return Filter.text(parameter);
        }
        return filters.stream()
                .filter(filter -> filter.parameter().equals(parameter))
                .findFirst()
                .orElseThrow(() -> InvalidRequest.unknownParameter(parameter, call));
    }

    private Comparator<ListedObject> order(Call call) {
        List<String> criteria = call.all("sorting").isEmpty() ? List.of("-" + sorts.getFirst()) : call.all("sorting");
        return criteria.stream().map(this::order).reduce(Comparator::thenComparing).get();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the values of one key are of one type
    private Comparator<ListedObject> order(String criterion) {
        String key = criterion.startsWith("-") ? criterion.substring(1) : criterion;
        if (!sorts.contains(key)) {
            throw InvalidRequest.query("sorting", "enum", criterion, "Input should be one of " + sorts);
        }
        Comparator<Comparable> ascending = Comparator.naturalOrder();
        Comparator<Comparable> wanted = criterion.startsWith("-") ? ascending.reversed() : ascending;
        return Comparator.comparing(listed -> (Comparable) listed.keys().get(key), Comparator.nullsLast(wanted));
    }

    private static int positive(Call call, String parameter, int otherwise) {
        Optional<String> value = call.one(parameter);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (!value.get().matches("-?[0-9]{1,9}")) {
            throw InvalidRequest.query(
                    parameter, "int_parsing", value.get(), "Input should be a valid integer, unable to parse string");
        }
        int number = Integer.parseInt(value.get());
        if (number < 1) {
            throw InvalidRequest.query(parameter, "greater_than", value.get(), "Input should be greater than 0");
        }
        return number;
    }
}
