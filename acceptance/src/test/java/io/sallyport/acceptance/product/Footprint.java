package io.sallyport.acceptance.product;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What gateway and agent hold. Warm data channels are left out: their number follows demand.
 *
 * @param gatewayChannels sockets of the gateway
 * @param gatewayOthers its files, event queues and the like
 */
public record Footprint(
        int gatewaySessions,
        int agentSessions,
        long openListeners,
        long gatewayChannels,
        long agentChannels,
        long gatewayOthers,
        long agentOthers) {
    /** Event loops, class files and name services are opened when they are first needed. */
    private static final int OTHERS_MAY_GROW_BY = 32;

    /** The JDK keeps a socket of its own from the first time that it closes one. */
    private static final int OF_THE_JDK = 1;

    /**
     * TCP sends a reset once. If it is lost, as it is where the kernel has no memory left for
     * connections, the peer hears of it when it asks: 30 s later.
     */
    private static final Duration A_LOST_RESET = Duration.ofSeconds(45);

    /** What they hold now. */
    public static Footprint of(Deployment deployment) {
        Status gateway = deployment.gatewayStatus();
        Status agent = deployment.agentStatus();
        return new Footprint(
                gateway.sessions(),
                agent.sessions(),
                gateway.listeners().stream().filter(Status.Listener::isOpen).count(),
                deployment.gateway().channelDescriptors() - gateway.warmChannels(),
                deployment.agent().channelDescriptors() - gateway.warmChannels(),
                deployment.gateway().otherDescriptors(),
                deployment.agent().otherDescriptors());
    }

    /** Waits until two readings in a row are the same: warm data channels may be on their way. */
    static Footprint atRest(Deployment deployment, int sessions) {
        var previous = new AtomicReference<@Nullable Footprint>();
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(
                        () -> of(deployment),
                        now ->
                                now.gatewaySessions == sessions
                                        && now.agentSessions == sessions
                                        && now.equals(previous.getAndSet(now)));
    }

    /** Waits until gateway and agent hold again what they held when this was taken. */
    void awaitIn(Deployment deployment) {
        try {
            await().atMost(A_LOST_RESET)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> isRestored(of(deployment)));
        } catch (ConditionTimeoutException leak) {
            throw new AssertionError(
                    // What counts comes last: of a long message only the end may be kept.
                    "%s%n%s%ngateway: %s%nagent:   %s%nbefore:  %s%nnow:     %s"
                            .formatted(
                                    deployment.gateway().log(),
                                    deployment.agent().log(),
                                    deployment.gatewayStatus(),
                                    deployment.agentStatus(),
                                    this,
                                    of(deployment)),
                    leak);
        }
    }

    private boolean isRestored(Footprint now) {
        return now.gatewaySessions == gatewaySessions
                && now.agentSessions == agentSessions
                && now.openListeners == openListeners
                && now.gatewayChannels <= gatewayChannels + OF_THE_JDK
                && now.agentChannels <= agentChannels + OF_THE_JDK
                && now.gatewayOthers <= gatewayOthers + OTHERS_MAY_GROW_BY
                && now.agentOthers <= agentOthers + OTHERS_MAY_GROW_BY;
    }
}
