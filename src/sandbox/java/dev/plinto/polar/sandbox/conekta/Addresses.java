package dev.plinto.polar.sandbox.conekta;

/// Where buyers find Conekta's pages and merchants its API: at Conekta, or at a sandbox that serves them itself.
final class Addresses {

    private String pages = "https://pay.conekta.com";
    private String api = "https://api.conekta.io";

    void servePagesAt(String base) {
        pages = base;
    }

    void serveApiAt(String base) {
        api = base;
    }

    String checkout(String slug) {
        return pages + "/checkout/" + slug;
    }

    String portal(String slug) {
        return pages + "/portal/" + slug;
    }

    String api(String path) {
        return api + path;
    }
}
