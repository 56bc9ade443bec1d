package dev.plinto.polar.billing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The origins to which a buyer may be sent: from `POLAR_APP_URL` and `POLAR_RETURN_HOSTS`. All are `https`, but on
/// this machine `http` is allowed too: nobody else receives what is sent there. A host of this machine without a port
/// is allowed at every port, since applications in development change theirs.
public final class AllowedOrigins {

    /// In lower case and ASCII: an international name is written as `xn--…`.
    static final String HOST = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\\[::1]";
    static final String PORT = "[1-9][0-9]{0,4}";

    private static final int LONGEST_HOST = 253;
    private static final int MOST_PORTS = 65_535;
    private static final Pattern APP_URL = Pattern.compile(
            "(?<scheme>https?)://(?<host>" + HOST + ")(?::(?<port>" + PORT + "))?/?");
    private static final Pattern RETURN_HOST = Pattern.compile("(?<host>" + HOST + ")(?::(?<port>" + PORT + "))?");
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final Optional<String> app;
    private final Set<String> origins = new LinkedHashSet<>();
    private final Set<String> hostsAtEveryPort = new LinkedHashSet<>();

    /// @throws IllegalArgumentException if [#problems] has any
    AllowedOrigins(Optional<String> appUrl, List<String> returnHosts) {
        List<String> problems = problems(appUrl, returnHosts);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        app = appUrl.map(String::strip).map(url -> url.replaceFirst("/$", ""));
        app.ifPresent(origin -> origins.add(withoutUsualPort(origin)));
        returnHosts.stream().map(String::strip).filter(host -> !host.isEmpty()).forEach(host -> {
            if (!isOnThisMachine(host)) {
                origins.add(withoutUsualPort("https://" + host));
            } else if (RETURN_HOST.matcher(host).results().allMatch(found -> found.group("port") == null)) {
                hostsAtEveryPort.add(host);
            } else {
                origins.add(withoutUsualPort("https://" + host));
                origins.add(withoutUsualPort("http://" + host));
            }
        });
    }

    /// Why the service must not start with these settings: one line for each reason, with the setting's name.
    public static List<String> problems(Optional<String> appUrl, List<String> returnHosts) {
        List<String> problems = new ArrayList<>();
        appUrl.map(String::strip).filter(url -> !isAppUrl(url)).ifPresent(url -> problems.add(
                "POLAR_APP_URL must be https:// and a host in lower case, with a port if it needs one and nothing "
                        + "after it, such as https://app.example.com (with http:// only for this machine)"));
        if (!returnHosts.stream().map(String::strip).filter(host -> !host.isEmpty())
                .allMatch(host -> isPlace(RETURN_HOST.matcher(host)))) {
            problems.add("POLAR_RETURN_HOSTS must be hosts in lower case, separated by commas, each with its port if it"
                    + " needs one, such as www.example.com,shop.example.com:8443");
        }
        return problems;
    }

    private static boolean isAppUrl(String url) {
        Matcher parts = APP_URL.matcher(url);
        return isPlace(parts) && (parts.group("scheme").equals("https") || isOnThisMachine(parts.group("host")));
    }

    private static boolean isPlace(Matcher parts) {
        return parts.matches() && parts.group("host").length() <= LONGEST_HOST
                && (parts.group("port") == null || Integer.parseInt(parts.group("port")) <= MOST_PORTS);
    }

    private static boolean isOnThisMachine(String hostAndPort) {
        return THIS_MACHINE.matcher(hostAndPort.replaceFirst(":\\d+$", "")).matches();
    }

    private static String withoutUsualPort(String origin) {
        return origin.replaceFirst(origin.startsWith("https:") ? ":443$" : ":80$", "");
    }

    /// Against which relative URLs are resolved, without a final slash.
    Optional<String> app() {
        return app;
    }

    boolean allows(String scheme, String host, String port) {
        String origin = scheme + "://" + host + (port.isEmpty() ? "" : ":" + port);
        return origins.contains(withoutUsualPort(origin)) || hostsAtEveryPort.contains(host);
    }
}
