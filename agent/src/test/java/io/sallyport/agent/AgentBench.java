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
import io.sallyport.protocol.Ticket;
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

    /** Has the agent bring an encrypted data channel, and opens a session of the service on it. */
    FakeSession session(FakeControl control, String service) throws InterruptedException {
        return session(control, ChannelKind.ENCRYPTED, service);
    }

    /** Has the agent bring a data channel, and opens a session of the service on it. */
    FakeSession session(FakeControl control, ChannelKind kind, String service)
            throws InterruptedException {
        control.dial(kind, 1);
        return open(gateway.offer(kind), service, Ticket.random());
    }

    /**
     * Opens a session of the service on a data channel.
     *
     * @param next with which the agent may offer the channel again
     */
    static FakeSession open(FakeGateway.Offer offer, String service, Ticket next) {
        return FakeSession.open(offer, FakeSession.opening(service), next);
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
