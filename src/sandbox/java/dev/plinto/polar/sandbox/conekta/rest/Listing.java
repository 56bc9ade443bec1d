package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Records.Row;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A page of a list, newest first. `next` and `previous` name the object after or before which it begins or ends;
/// `search` leaves those in which the text is found.
final class Listing {

    private static final Set<String> KNOWN = Set.of("limit", "next", "previous", "search");
    private static final int USUAL = 20;
    private static final int MOST = 250;

    private Listing() {}

    /// @throws Refusal (422) for a parameter that would be ignored
    static ObjectNode of(SimulatedConekta conekta, Request request, Stream<Row> oldestFirst) {
        request.call().query().keySet().stream().filter(name -> !KNOWN.contains(name)).findFirst().ifPresent(name -> {
            throw Refusal.notSimulated(name);
        });
        List<Row> all = oldestFirst.filter(row -> request.call().one("search")
                .map(text -> row.json().toString().contains(text)).orElse(true)).toList().reversed();
        int limit = limit(request);
        int from = request.call().one("previous")
                .map(id -> Math.max(0, position(all, id) - limit))
                .or(() -> request.call().one("next").map(id -> position(all, id) + 1))
                .orElse(0);
        int to = request.call().one("previous").map(id -> position(all, id)).orElse(Math.min(from + limit, all.size()));
        List<Row> page = all.subList(from, to);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list").put("has_more", to < all.size());
        if (to < all.size() && !page.isEmpty()) {
            json.put("next_page_url", url(conekta, request, limit, "next", page.getLast()));
        }
        if (from > 0 && !page.isEmpty()) {
            json.put("previous_page_url", url(conekta, request, limit, "previous", page.getFirst()));
        }
        ArrayNode data = json.putArray("data");
        page.forEach(row -> data.add(row.json()));
        return json;
    }

    private static int limit(Request request) {
        String limit = request.call().one("limit").orElse(Integer.toString(USUAL));
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > MOST) {
            throw Refusal.invalid("limit", "limit is 1 to " + MOST);
        }
        return Integer.parseInt(limit);
    }

    private static int position(List<Row> all, String id) {
        return IntStream.range(0, all.size()).filter(at -> all.get(at).id().equals(id)).findFirst()
                .orElseThrow(() -> Refusal.unknown(id));
    }

    private static String url(SimulatedConekta conekta, Request request, int limit, String cursor, Row at) {
        String search = request.call().one("search")
                .map(text -> "&search=" + URLEncoder.encode(text, StandardCharsets.UTF_8)).orElse("");
        return conekta.apiAddress(request.call().path() + "?limit=" + limit + "&" + cursor + "="
                + URLEncoder.encode(at.id(), StandardCharsets.UTF_8) + search);
    }
}
