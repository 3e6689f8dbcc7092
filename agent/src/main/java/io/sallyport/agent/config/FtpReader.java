package io.sallyport.agent.config;

import io.sallyport.agent.config.FtpConfig.Inside;
import io.sallyport.agent.config.FtpConfig.OriginTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls.Ended;
import io.sallyport.agent.config.FtpConfig.PartnerTls.PassThrough;
import io.sallyport.agent.config.FtpConfig.Passive;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.process.Ports;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.ValueReader;
import io.sallyport.process.yaml.Values;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a service that only FTP has. */
final class FtpReader {
    /** Fewer passive ports than this are too few for any number of sessions. */
    private static final int PORTS_LEAST = 10;

    /** A port that listens once is taken for a moment, so that many sessions can share it. */
    private static final int SESSIONS_PER_PORT = 10;

    private static final List<String> KEYS =
            List.of("passive", "tls", "origin-tls", "origin-ca", "origin-name");

    private final Section section;
    private final ServiceConfig service;
    private final NamedFiles files;
    private final PortClaims claims;

    private enum OriginTlsWord {
        NONE,
        EXPLICIT,
        IMPLICIT
    }

    /** What {@code tls} is if it is not a mapping. */
    private static final ValueReader<String> PASS_THROUGH =
            new ValueReader<>() {
                @Override
                public String wanted() {
                    return "pass-through, or {certificate: FILE, key: FILE} to end TLS at the"
                            + " agent";
                }

                @Override
                public String parse(String text, Path file) {
                    if (!text.equals(placeholder())) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                }

                @Override
                public String placeholder() {
                    return "pass-through";
                }
            };

    private FtpReader(Section section, ServiceConfig service, NamedFiles files, PortClaims claims) {
        this.section = section;
        this.service = service;
        this.files = files;
        this.claims = claims;
    }

    /**
     * Reads them all.
     *
     * @param service as far as it was read before
     * @return null if the protocol has no such keys; then each of them is a fault
     */
    static @Nullable FtpConfig read(
            Section section, ServiceConfig service, NamedFiles files, PortClaims claims) {
        boolean known = section.isSound("protocol");
        if (known && service.protocol().isFtp()) {
            return new FtpReader(section, service, files, claims).read();
        }
        for (String key : KEYS) {
            if (section.has(key) && known) {
                section.fault(
                        key,
                        "is for protocol ftp, ftps or ftps-implicit: change the protocol, or leave"
                                + " this out");
            }
        }
        return null;
    }

    private FtpConfig read() {
        Section passive = section.optionalSection("passive");
        Ports ports = ports(passive);
        PartnerTls tls = tls(passive, ports);
        var config =
                new FtpConfig(passive(passive, ports), tls, originTls(tls instanceof PassThrough));
        passive.end();
        if (passive.isSound("ports")) {
            claims.passivePorts(service, ports, passive);
            warnOfFewPorts(passive, ports, tls);
            warnOfHeaders(ports);
        }
        return config;
    }

    private Ports ports(Section passive) {
        if (section.has("passive")) {
            return passive.value("ports", Values.PORT_RANGE);
        }
        section.fault(
                "passive",
                "is missing: it must be {ports: FIRST-LAST}, ports of the gateway for data"
                        + " connections");
        return Values.PORT_RANGE.placeholder();
    }

    private Passive passive(Section passive, Ports ports) {
        var address = passive.has("address") ? passive.value("address", Values.IPV4_ADDRESS) : null;
        Inside inside = passive.has("inside") ? inside(passive.section("inside")) : null;
        return new Passive(
                ports, address, inside, passive.value("foreign-addresses", Values.BOOLEAN, false));
    }

    private static Inside inside(Section inside) {
        var read =
                new Inside(
                        inside.requiredList("networks", Values.NETWORK),
                        inside.value("address", Values.IPV4_ADDRESS));
        inside.end();
        return read;
    }

    private PartnerTls tls(Section passive, Ports ports) {
        boolean plain = service.protocol() == ServiceProtocol.FTP;
        if (section.isSection("tls") || (plain && !section.has("tls"))) {
            if (passive.has("origin-ports")) {
                passive.fault(
                        "origin-ports",
                        "is for tls: pass-through only, since otherwise the origin tells its"
                                + " ports: leave it out");
            }
            return section.isSection("tls") ? ended(section.section("tls")) : new PartnerTls.None();
        }
        section.value("tls", PASS_THROUGH);
        if (plain && section.isSound("tls")) {
            section.fault(
                    "tls",
                    "can't pass through where the agent reads the conversation: choose protocol"
                            + " ftps, or {certificate: FILE, key: FILE}");
        }
        if (section.isSound("tls")) {
            return passThrough(passive, ports);
        }
        // Nothing more can be said of what depends on it.
        passive.has("origin-ports");
        return new PartnerTls.None();
    }

    private Ended ended(Section tls) {
        Path certificate = tls.value("certificate", Values.FILE);
        Path key = tls.value("key", Values.FILE);
        Path clientAuthority = tls.has("client-ca") ? tls.value("client-ca", Values.FILE) : null;
        var ended =
                new Ended(
                        switch (service.protocol()) {
                            case FTPS -> Ended.Start.REQUIRED;
                            case FTPS_IMPLICIT -> Ended.Start.IMPLICIT;
                            case FTP, SFTP, HTTP, HTTPS, TCP -> Ended.Start.OFFERED;
                        },
                        certificate,
                        key,
                        clientAuthority,
                        tls.value("require-resumption", Values.BOOLEAN, true));
        tls.end();
        files.shownToPartners(certificate, key, tls);
        if (clientAuthority != null) {
            files.authorities(clientAuthority, "client-ca", tls);
        }
        return ended;
    }

    private PassThrough passThrough(Section passive, Ports ports) {
        Ports originPorts = passive.value("origin-ports", Values.PORT_RANGE, ports);
        if (!passive.isSound("ports")
                || (passive.has("origin-ports") && !passive.isSound("origin-ports"))) {
            return new PassThrough(ports);
        }
        String key = passive.has("origin-ports") ? "origin-ports" : "ports";
        if (originPorts.count() != ports.count()) {
            passive.fault(
                    key,
                    "%s are %d ports, but ports %s are %d: name as many of the origin's"
                            .formatted(originPorts, originPorts.count(), ports, ports.count()));
        } else if (section.isSound("origin")) {
            claims.originPorts(service, originPorts, passive, key);
        }
        for (String unused : List.of("address", "inside", "foreign-addresses")) {
            if (passive.has(unused)) {
                passive.warn(
                        unused,
                        "has no effect where TLS passes through, since nobody but the origin can"
                                + " write into the conversation: set it at the origin");
            }
        }
        return new PassThrough(originPorts);
    }

    private @Nullable OriginTls originTls(boolean passThrough) {
        if (passThrough) {
            refuse(
                    List.of("origin-tls", "origin-ca", "origin-name"),
                    "has no place where TLS passes through to the origin: leave it out");
            return null;
        }
        OriginTlsWord start =
                section.value("origin-tls", Values.word(OriginTlsWord.class), OriginTlsWord.NONE);
        return switch (start) {
            case NONE -> {
                if (!section.has("origin-tls") || section.isSound("origin-tls")) {
                    refuse(
                            List.of("origin-ca", "origin-name"),
                            "is for origin-tls: explicit or implicit: add that, or leave this out");
                }
                yield null;
            }
            case EXPLICIT -> originTls(OriginTls.Mode.EXPLICIT);
            case IMPLICIT -> originTls(OriginTls.Mode.IMPLICIT);
        };
    }

    private OriginTls originTls(OriginTls.Mode mode) {
        Path authority = section.value("origin-ca", Values.FILE);
        files.authorities(authority, "origin-ca", section);
        return new OriginTls(
                mode,
                authority,
                section.value("origin-name", Values.HOST, service.origin().host()));
    }

    private void refuse(List<String> keys, String why) {
        keys.stream().filter(section::has).forEach(key -> section.fault(key, why));
    }

    private void warnOfHeaders(Ports ports) {
        if (section.has("accept-proxy-protocol")) {
            section.warn(
                    "accept-proxy-protocol",
                    "is for control connections only, and a header on a data connection becomes"
                            + " part of the file: have the load balancer pass on ports "
                            + ports
                            + " without one");
        }
    }

    private void warnOfFewPorts(Section passive, Ports ports, PartnerTls tls) {
        int sessionsPerPort = tls instanceof PassThrough ? 1 : SESSIONS_PER_PORT;
        int sessions = section.has("max-sessions") ? service.maxSessions() : 0;
        int least = Math.max(PORTS_LEAST, Math.ceilDiv(sessions, sessionsPerPort));
        if (ports.count() < least) {
            passive.warn(
                    "ports",
                    "%s are %d ports, which may run out%s: give it at least %d"
                            .formatted(
                                    ports,
                                    ports.count(),
                                    sessions == 0 ? "" : " with max-sessions " + sessions,
                                    least));
        }
    }
}
