package io.sallyport.agent;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.peer.Certificates;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeGateway;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.agent.peer.Origin;
import io.sallyport.agent.peer.RecordedLog;
import io.sallyport.process.StatusReport;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.SessionOpening;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent between a fake gateway and real origins, all on loopback. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
@SuppressWarnings("NullAway.Init")
abstract class AgentBench {
    @TempDir Path folder;

    Certificates certificates;
    FakeGateway gateway;
    Origin echo;
    RecordedLog log;
    Agent agent;

    @BeforeEach
    void a_gateway_and_an_origin_listen() throws Exception {
        log = new RecordedLog();
        certificates = new Certificates(folder);
        gateway = new FakeGateway(certificates.gateway("dmz-1"));
        echo = Origin.echo();
    }

    @AfterEach
    void everything_is_closed() throws Exception {
        closeAgent(agent);
        gateway.close();
        echo.close();
        log.close();
    }

    private static void closeAgent(@Nullable Agent agent) {
        if (agent != null) {
            agent.close();
        }
    }

    Configuration configuration(ServiceConfig... services) throws Exception {
        return Configuration.of(certificates.agent("inside-1"), gateway.address(), services);
    }

    /** Starts the agent, and plays the gateway until its services are published. */
    FakeControl connected(Configuration configuration) throws InterruptedException {
        agent = Agent.start(configuration.build());
        return publishedBy(gateway);
    }

    static FakeControl publishedBy(FakeGateway gateway) throws InterruptedException {
        FakeControl control = gateway.control();
        control.welcomeAndPublish();
        return control;
    }

    /** Has the agent bring a framed data channel, and opens a session of the service on it. */
    FakeSession framed(FakeControl control, String service) throws InterruptedException {
        control.dial(ChannelKind.FRAMED, 1);
        return FakeSession.open(gateway.framedOffer(), FakeSession.opening(service));
    }

    /** Has the agent bring a raw data channel, and opens a session of the service on it. */
    FakeSession raw(FakeControl control, String service) throws InterruptedException {
        control.dial(ChannelKind.RAW, 1);
        var offer = gateway.rawOffer();
        SessionOpening opening = FakeSession.opening(service);
        var session = FakeSession.carry(offer, opening);
        control.send(new OpenRaw(offer.ticket(), opening));
        return session;
    }

    Object fact(String name) {
        return agent.status().facts().getOrDefault(name, "");
    }

    /** The rows of one table of the status, by column. */
    List<Map<String, Object>> table(String name) {
        StatusReport.Table table =
                agent.status().tables().stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        return table.rows().stream()
                .map(row ->
                        IntStream.range(0, row.size())
                                .boxed()
                                .collect(Collectors.toMap(table.columns()::get, row::get)))
                .toList();
    }
}
