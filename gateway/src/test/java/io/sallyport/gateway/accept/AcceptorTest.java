package io.sallyport.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AcceptorTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    private final Loops loops = new Loops();

    @AfterEach
    void close() {
        loops.close();
    }

    /** Else a partner could be refused for a session that has ended. */
    @Test
    void a_partner_is_admitted_behind_what_the_core_loop_was_told_of_unhurried() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        var admitted = new CompletableFuture<Void>();
        var opened = new CompletableFuture<Endpoint>();
        Acceptor.listen(
                loops.core(),
                new Endpoint(LOCAL, 0),
                connection -> {
                    done.add("admitted");
                    connection.reset();
                    admitted.complete(null);
                },
                new Acceptor.Outcome() {
                    @Override
                    public void opened(TcpServerChannel listener, Endpoint bound) {
                        opened.complete(bound);
                    }

                    @Override
                    public void failed(String why) {
                        opened.completeExceptionally(new AssertionError(why));
                    }
                });
        int port = opened.get(10, TimeUnit.SECONDS).port();

        loops.next().submit(() -> loops.onCoreUnhurried(() -> done.add("told"))).get();
        try (var _ = new Socket(LOCAL, port)) {
            admitted.get(10, TimeUnit.SECONDS);
        }

        assertThat(done).containsExactly("told", "admitted");
    }
}
