package io.sallyport.agent.config;

import io.sallyport.agent.config.ForwardConfig.Bind;
import io.sallyport.agent.config.ForwardConfig.Entry;
import io.sallyport.agent.config.ForwardConfig.Kind;
import io.sallyport.ftp.Settings.ServerMode;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.HostPort;
import io.sallyport.process.Ports;
import io.sallyport.process.destination.Destinations;
import io.sallyport.process.password.PasswordHash;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.Values;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code forward} of agent.yaml. */
final class ForwardReader {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration CONNECT_LONGEST = Duration.ofMinutes(5);
    private static final Duration SILENCE_LONGEST = Duration.ofDays(30);
    private static final int SESSIONS_MAX = 1000;

    /** The most that fits a byte of SOCKS (RFC 1929). */
    private static final int USER_BYTES_MAX = 255;

    private ForwardReader() {}

    static ForwardConfig read(Section forward, NamedFiles files) {
        List<Entry> entries = new ArrayList<>();
        if (forward.has("socks")) {
            entries.add(entry(new Kind.Socks(), "forward.socks", forward.section("socks")));
        }
        if (forward.has("http")) {
            entries.add(entry(new Kind.Http(), "forward.http", forward.section("http")));
        }
        Bind bind = forward.has("bind") ? bind(forward.section("bind")) : null;
        if (forward.isSection("ftp")) {
            entries.add(ftp("forward.ftp", forward.section("ftp"), bind, files));
        } else {
            List<Section> ftp = forward.sections("ftp");
            for (int i = 0; i < ftp.size(); i++) {
                entries.add(ftp("forward.ftp[" + i + "]", ftp.get(i), bind, files));
            }
        }
        List<Section> tunnels = forward.sections("tunnels");
        for (int i = 0; i < tunnels.size(); i++) {
            Section tunnel = tunnels.get(i);
            HostPort destination = tunnel.value("destination", Values.HOST_AND_PORT);
            entries.add(entry(new Kind.Tunnel(destination), "forward.tunnels[" + i + "]", tunnel));
        }
        var allow = new Destinations(forward.list("allow", Values.DESTINATION_RULE));
        boolean asks = entries.stream().anyMatch(entry -> !(entry.kind() instanceof Kind.Tunnel));
        if (asks && allow.rules().isEmpty()) {
            forward.warn("allow", "is empty: every destination is refused");
        }
        ForwardConfig usual = ForwardConfig.NONE;
        var config =
                new ForwardConfig(
                        entries,
                        allow,
                        bind,
                        forward.value(
                                "handshake-timeout",
                                Values.duration(SHORTEST, CONNECT_LONGEST),
                                usual.handshakeTimeout()),
                        forward.value(
                                "connect-timeout",
                                Values.duration(SHORTEST, CONNECT_LONGEST),
                                usual.connectTimeout()),
                        forward.value(
                                "idle-timeout",
                                Values.duration(SHORTEST, SILENCE_LONGEST),
                                usual.idleTimeout()),
                        forward.value(
                                "half-close-timeout",
                                Values.duration(SHORTEST, SILENCE_LONGEST),
                                usual.halfCloseTimeout()));
        forward.end();
        return config;
    }

    private static Entry ftp(String name, Section section, @Nullable Bind bind, NamedFiles files) {
        ServerMode mode =
                section.value("towards-partner", Values.word(ServerMode.class), ServerMode.PASSIVE);
        ServerTls tls = section.value("partner-tls", Values.word(ServerTls.class), ServerTls.NONE);
        @Nullable Path authority =
                section.has("partner-ca") ? section.value("partner-ca", Values.FILE) : null;
        if (mode != ServerMode.PASSIVE && bind == null) {
            section.fault(
                    "towards-partner",
                    "partners that connect back need ports of the gateway: add forward.bind.ports");
        }
        if (authority != null) {
            files.authorities(authority, "partner-ca", section);
            if (tls == ServerTls.NONE
                    && (!section.has("partner-tls") || section.isSound("partner-tls"))) {
                section.fault(
                        "partner-ca",
                        "is for partner-tls: explicit or implicit: add that, or leave this out");
            }
        }
        return entry(new Kind.Ftp(mode, tls, authority), name, section);
    }

    private static Entry entry(Kind kind, String name, Section section) {
        Endpoint listen = section.value("listen", Values.ENDPOINT);
        List<Network> allow = section.list("allow", Values.NETWORK);
        Map<String, PasswordHash> users =
                kind instanceof Kind.Tunnel ? Map.of() : users(section.optionalSection("users"));
        int maxSessions = section.value("max-sessions", Values.number(1, 1_000_000), SESSIONS_MAX);
        section.end();
        warnIfOpen(kind, section, listen, users, allow);
        return new Entry(name, kind, listen, users, allow, maxSessions);
    }

    private static void warnIfOpen(
            Kind kind,
            Section section,
            Endpoint listen,
            Map<String, PasswordHash> users,
            List<Network> allow) {
        if (section.isSound("listen")
                && !listen.address().isLoopbackAddress()
                && users.isEmpty()
                && allow.isEmpty()) {
            section.warn(
                    "listen",
                    "everybody who reaches %s may use it: name networks under allow%s"
                            .formatted(listen, kind instanceof Kind.Tunnel ? "" : ", or users"));
        }
    }

    private static Map<String, PasswordHash> users(Section section) {
        Map<String, PasswordHash> users = new LinkedHashMap<>();
        for (String user : section.keys()) {
            if (user.isEmpty() || user.length() > USER_BYTES_MAX || user.indexOf(':') >= 0) {
                section.fault(user, "a user's name has 1 to 255 characters and no colon");
            }
            users.put(user, section.value(user, Values.PASSWORD_HASH));
        }
        return users;
    }

    private static Bind bind(Section section) {
        Ports ports = section.value("ports", Values.PORT_RANGE);
        @Nullable Inet4Address address =
                section.has("address") ? section.value("address", Values.IPV4_ADDRESS) : null;
        section.end();
        return new Bind(ports, address);
    }
}
