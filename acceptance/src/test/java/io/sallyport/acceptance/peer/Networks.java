package io.sallyport.acceptance.peer;

import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Two networks that only the gateway's host is in: one with a host inside, one with this host,
 * which is the partner's. The first two are network namespaces; nobody forwards packets, and
 * neither end has a route to the other.
 */
public final class Networks implements AutoCloseable {
    public static final String GATEWAY_INSIDE = "198.18.1.1";
    public static final String GATEWAY_OUTSIDE = "198.18.2.1";
    public static final InetAddress PARTNER = InetAddress.ofLiteral("198.18.2.2");

    private static final String INSIDE = "198.18.1.2";
    private static final String INSIDE_NETWORK = "198.18.1.0/24";
    private static final Path ANYWHERE = Path.of("/");

    private final String inside = "sallyport-inside";
    private final String gateway = "sallyport-dmz";

    /** Makes them; where that is not allowed, the test that asks is skipped and says so. */
    public Networks() {
        // What a run before this one that was killed has left.
        close();
        CommandResult made = ip("netns", "add", inside);
        Assumptions.assumeTrue(
                made.exitCode() == 0,
                "network namespaces can't be made here, which needs root: " + made.text().strip());
        try {
            mustIp("netns", "add", gateway);
            connect(inside, INSIDE, "sally-in", gateway, GATEWAY_INSIDE, "sally-gw-in");
            connect(
                    "",
                    PARTNER.getHostAddress(),
                    "sally-out",
                    gateway,
                    GATEWAY_OUTSIDE,
                    "sally-gw-out");
            mustIp("route", "add", "unreachable", INSIDE_NETWORK);
        } catch (AssertionError incomplete) {
            close();
            Assumptions.abort("network namespaces can't be used here: " + incomplete.getMessage());
        }
    }

    private void connect(
            String one, String address, String link, String other, String far, String farLink) {
        mustIp("link", "add", link, "type", "veth", "peer", "name", farLink, "netns", other);
        if (!one.isEmpty()) {
            mustIp("link", "set", link, "netns", one);
        }
        up(one, link, address);
        up(other, farLink, far);
    }

    private void up(String namespace, String link, String address) {
        List<String> where = namespace.isEmpty() ? List.of() : List.of("-n", namespace);
        mustIp(where, "address", "add", address + "/24", "dev", link);
        mustIp(where, "link", "set", link, "up");
        mustIp(where, "link", "set", "lo", "up");
    }

    /** What runs a command on the host inside. */
    public List<String> inside() {
        return List.of(Programs.path("ip"), "netns", "exec", inside);
    }

    /** What runs a command on the gateway's host. */
    public List<String> gateway() {
        return List.of(Programs.path("ip"), "netns", "exec", gateway);
    }

    /** What the host inside says of its way to the partner. */
    public CommandResult routeFromInside() {
        return ip("-n", inside, "route", "get", PARTNER.getHostAddress());
    }

    /** What the partner's host says of its way inside. */
    public CommandResult routeFromPartner() {
        return ip("route", "get", INSIDE);
    }

    @Override
    public void close() {
        ip("route", "del", "unreachable", INSIDE_NETWORK);
        ip("netns", "del", inside);
        ip("netns", "del", gateway);
        ip("link", "del", "sally-out");
    }

    private static void mustIp(String... words) {
        mustIp(List.of(), words);
    }

    private static void mustIp(List<String> where, String... words) {
        List<String> command = new ArrayList<>(List.of(Programs.path("ip")));
        command.addAll(where);
        command.addAll(List.of(words));
        Commands.mustRun(ANYWHERE, command.toArray(String[]::new));
    }

    private static CommandResult ip(String... words) {
        List<String> command = new ArrayList<>(List.of(Programs.path("ip")));
        command.addAll(List.of(words));
        return Commands.run(ANYWHERE, command);
    }
}
