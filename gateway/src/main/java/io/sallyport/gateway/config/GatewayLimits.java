package io.sallyport.gateway.config;

import java.time.Duration;

/**
 * Bounds of everything that partners and agents can make grow.
 *
 * @param sessions sessions in all
 * @param sessionsPerAddress sessions of one partner address
 * @param newSessionsPerSecondPerAddress sessions that one partner address may begin within a second
 * @param parkedPartners partners that wait for a data channel or for the agent to come back
 * @param parkTimeout how long a partner may wait so
 * @param agentGrace how long listeners stay open without their agent
 * @param handshakes connections at the agents' port that have not proved who they are
 * @param handshakesPerAddress the same, of one address
 * @param handshakeTimeout how long such a connection may take
 * @param warmChannels data channels of one agent and kind that wait for a session
 */
public record GatewayLimits(
        int sessions,
        int sessionsPerAddress,
        int newSessionsPerSecondPerAddress,
        int parkedPartners,
        Duration parkTimeout,
        Duration agentGrace,
        int handshakes,
        int handshakesPerAddress,
        Duration handshakeTimeout,
        int warmChannels) {

    /** Made for a gateway of 10,000 sessions. */
    public static final GatewayLimits DEFAULT =
            new GatewayLimits(
                    10_000,
                    1_000,
                    500,
                    1_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    1_024,
                    256,
                    Duration.ofSeconds(10),
                    256);
}
