package io.sallyport.agent.service;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.process.HostPort;
import io.sallyport.process.OperatorException;
import io.sallyport.process.TlsFiles;
import io.sallyport.protocol.Network;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServicesTest {
    private static final HostPort HERE = new HostPort("10.0.0.5", 22);
    private static final HostPort THERE = new HostPort("10.0.0.6", 22);

    @Test
    void gateways_are_not_told_of_origins() {
        var before = Services.of(config(files(HERE)));
        var after = before.replacedBy(config(files(THERE)));

        assertThat(after.publication()).isEqualTo(before.publication());
        assertThat(after.byName().get("files")).isEqualTo(files(THERE));
    }

    @Test
    void the_revision_grows_when_the_document_differs() {
        var before = Services.of(config(files(HERE)));

        assertThat(before.revision()).isEqualTo(1);
        assertThat(before.replacedBy(config()).revision()).isEqualTo(2);
    }

    @Test
    void what_does_not_fit_in_one_message_is_refused() {
        List<ServiceConfig> many =
                IntStream.range(0, 300).mapToObj(ServicesTest::withManyNetworks).toList();

        assertThatThrownBy(() -> Services.of(config(many.toArray(ServiceConfig[]::new))))
                .isInstanceOf(OperatorException.class)
                .hasMessageMatching(
                        "services: they can't be published: a control frame takes up to 262144"
                                + " bytes, but this Publish would take \\d+");
    }

    private static ServiceConfig withManyNetworks(int number) {
        var base = files(HERE);
        List<Network> networks =
                IntStream.range(0, 256)
                        .mapToObj(i -> new Network(InetAddress.ofLiteral("10.0." + i + ".0"), 24))
                        .toList();
        return new ServiceConfig(
                "files-" + number,
                base.protocol(),
                base.listen(),
                base.origin(),
                base.proxyProtocol(),
                List.of(),
                networks,
                List.of(),
                base.maxSessions(),
                base.idleTimeout(),
                base.halfCloseTimeout(),
                base.connectTimeout(),
                base.ftp());
    }

    private static AgentConfig config(ServiceConfig... services) {
        var tls = new TlsFiles(Path.of("a.crt"), Path.of("a.key"), Path.of("ca.crt"));
        return Configuration.of(tls, new HostPort("dmz-1", 7443), services).build();
    }
}
