package io.sallyport.acceptance;

import static io.sallyport.acceptance.peer.Progress.awaitAtLeast;
import static io.sallyport.acceptance.peer.Progress.awaitStandstill;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Gate;
import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.Pace;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Receipt;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A truncated transfer never looks whole: whatever dies, and whenever, every other side sees a
 * reset and never an orderly end.
 */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class IntegrityTest {
    private static final long MIDWAY_BYTES = 8 << 20;

    /** Fits into the buffers on the way, and not into those of an origin that does not read. */
    private static final Payload UNDELIVERED = new Payload(3, 200_000);

    private static final TcpOrigin sink = TcpOrigin.sink();
    private static final TcpOrigin endlessSource = TcpOrigin.endlessSource();
    private static final TcpOrigin quietSource =
            TcpOrigin.that(session -> {
                session.send(new Payload(1, MIDWAY_BYTES));
                session.readToEnd(Pace.EAGER);
            });

    private static final Gate gate = new Gate();
    private static final TcpOrigin slowSink = TcpOrigin.sinkAt(gate);

    // The ports stay the same when a gateway is started anew.
    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            fixed(Service.of("sink", sink.port())),
                            fixed(Service.of("slow", slowSink.port())),
                            fixed(Service.of("source", endlessSource.port())),
                            fixed(Service.of("quiet", quietSource.port()))));

    IntegrityTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigins() {
        sink.close();
        slowSink.close();
        endlessSource.close();
        quietSource.close();
    }

    /** What ends a session in the middle of an upload. */
    enum UploadFault {
        GATEWAY_KILLED,
        AGENT_KILLED,
        PARTNER_RESETS;

        void strike(Deployment deployment, Partner partner) {
            switch (this) {
                case GATEWAY_KILLED -> deployment.gateway().kill();
                case AGENT_KILLED -> deployment.agent().kill();
                case PARTNER_RESETS -> partner.reset();
            }
        }
    }

    /** What ends a session in the middle of a download. */
    enum DownloadFault {
        GATEWAY_KILLED,
        AGENT_KILLED,
        ORIGIN_RESETS;

        void strike(Deployment deployment, OriginSession session) {
            switch (this) {
                case GATEWAY_KILLED -> deployment.gateway().kill();
                case AGENT_KILLED -> deployment.agent().kill();
                case ORIGIN_RESETS -> session.reset();
            }
        }
    }

    @AfterEach
    void startWhatWasKilled() {
        stage.deployment().restartKilled();
    }

    @ParameterizedTest
    @EnumSource
    void a_busy_upload_ends_by_a_reset_at_the_origin(UploadFault fault) {
        try (var partner = Partner.connect(stage.port("sink"))) {
            partner.sendForever();
            OriginSession session = sink.nextSession();
            awaitAtLeast(MIDWAY_BYTES, session::receivedBytes);

            fault.strike(stage.deployment(), partner);

            assertThat(session.receipt().ending()).isEqualTo(Ending.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_upload_ends_by_a_reset_at_the_origin(UploadFault fault) {
        try (var partner = Partner.connect(stage.port("sink"))) {
            partner.send(new Payload(2, MIDWAY_BYTES));
            OriginSession session = sink.nextSession();
            awaitAtLeast(MIDWAY_BYTES, session::receivedBytes);

            fault.strike(stage.deployment(), partner);

            assertThat(session.receipt().ending()).isEqualTo(Ending.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_upload_that_waits_for_a_slow_origin_ends_by_a_reset_there(UploadFault fault) {
        gate.close();
        try (var partner = Partner.connect(stage.port("slow"))) {
            partner.sendForever();
            OriginSession session = slowSink.nextSession();
            awaitStandstill(partner::sentBytes);

            fault.strike(stage.deployment(), partner);
            gate.open();

            assertThat(session.receipt().ending()).isEqualTo(Ending.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_upload_that_was_sent_to_its_end_but_not_delivered_never_looks_whole_unless_it_is(
            UploadFault fault) {
        gate.close();
        try (var partner = Partner.connect(stage.port("slow"))) {
            OriginSession session = slowSink.nextSession();
            partner.sendAside(UNDELIVERED, true);
            awaitStandstill(() -> stage.deployment().gatewayStatus().bytesFromPartners());

            fault.strike(stage.deployment(), partner);
            gate.open();

            // All of it may be on its way already; only a part that looks whole is a fault.
            assertThat(session.receipt())
                    .satisfiesAnyOf(
                            receipt -> assertThat(receipt.ending()).isEqualTo(Ending.RESET),
                            receipt -> assertThat(receipt).isEqualTo(Receipt.whole(UNDELIVERED)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_busy_download_ends_by_a_reset_at_the_partner(DownloadFault fault) {
        try (var partner = Partner.connect(stage.port("source"))) {
            OriginSession session = endlessSource.nextSession();
            partner.receive((int) MIDWAY_BYTES);

            fault.strike(stage.deployment(), session);

            assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_download_ends_by_a_reset_at_the_partner(DownloadFault fault) {
        try (var partner = Partner.connect(stage.port("quiet"))) {
            OriginSession session = quietSource.nextSession();
            partner.receive((int) MIDWAY_BYTES);

            fault.strike(stage.deployment(), session);

            assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
        }
    }

    private static Service fixed(Service service) {
        return service.listen("127.0.0.1:" + Ports.free());
    }
}
