package io.sallyport.bench.soak;

import io.sallyport.bench.target.Chain;
import io.sallyport.bench.target.Sallyport;
import io.sallyport.bench.target.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One gateway and agent under mixed sessions and restarts of the agent, and what they hold then.
 */
final class Soak {
    private static final int PARTNERS = 24;

    private final Sallyport product;
    private final Path directory;
    private final PrintWriter progress;
    private final Findings findings;

    /** Odd while a restart is under way. */
    private final AtomicInteger restarts = new AtomicInteger();

    Soak(Sallyport product, Path directory, PrintWriter progress) {
        this.product = product;
        this.directory = directory;
        this.progress = progress;
        findings = new Findings(progress);
    }

    /**
     * Warms up, takes stock, works, and takes stock again.
     *
     * @param settle how long it rests before each stock-taking: longer than warm channels are kept
     * @return sentences on what is not as it should be
     */
    List<String> run(Duration work, Duration settle) throws IOException, InterruptedException {
        List<String> faults;
        try (var origin = new SoakOrigin(findings);
                Chain chain = product.start(directory, origin.port(), Duration.ZERO)) {
            Server gateway = chain.servers().getFirst();
            Server agent = chain.servers().getLast();
            var partners = new Partners(chain.port(), findings, restarts);
            try {
                work(partners, work.dividedBy(6));
                Thread.sleep(settle);
                Holdings gatewayBefore = Holdings.of(gateway);
                Holdings agentBefore = Holdings.of(agent);
                for (int round = 0; round < 4; round++) {
                    agent = workAndRestart(partners, work.dividedBy(6), agent, round % 2 == 0);
                }
                work(partners, work.dividedBy(6));
                Thread.sleep(settle);
                faults = new ArrayList<>(findings.faults());
                compare(faults, "the gateway", gatewayBefore, Holdings.of(gateway));
                compare(faults, "the agent", agentBefore, Holdings.of(agent));
            } finally {
                agent.close();
            }
        }
        return faults;
    }

    private void work(Partners partners, Duration time) throws InterruptedException {
        partners.start(PARTNERS);
        Thread.sleep(time);
        partners.stop();
        tell(findings.toString());
    }

    private Server workAndRestart(Partners partners, Duration time, Server agent, boolean killed)
            throws InterruptedException {
        partners.start(PARTNERS);
        Thread.sleep(time.dividedBy(2));
        restarts.incrementAndGet();
        if (killed) {
            agent.kill();
        } else {
            agent.close();
        }
        Server next = product.startAgent(directory);
        Thread.sleep(time.dividedBy(2));
        partners.stop();
        restarts.incrementAndGet();
        tell((killed ? "agent killed, " : "agent stopped, ") + findings);
        return next;
    }

    private void compare(List<String> faults, String who, Holdings before, Holdings after) {
        tell(who + " held " + before);
        tell(who + " holds " + after);
        after.growthSince(before).forEach(growth -> faults.add(who + " holds " + growth));
    }

    private void tell(String line) {
        progress.println(product.name() + ": " + line);
        progress.flush();
    }
}
