package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.Pace;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Receipt;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte arrives, in order and once, in both directions and with half-close. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class RawTcpTest {
    private static final int AT_ONCE = 8;
    private static final int REPETITIONS = 3;

    private static final Payload down4 = Payload.mebibytes(4, 4);
    private static final Payload down64 = Payload.mebibytes(64, 64);
    private static final TcpOrigin sink = TcpOrigin.that(session -> session.readToEnd(Pace.SLOW));
    private static final TcpOrigin source4 = TcpOrigin.source(down4);
    private static final TcpOrigin source64 = TcpOrigin.source(down64);
    private static final TcpOrigin answer4 = TcpOrigin.answeringAfterTheEnd(down4, Pace.SLOW);
    private static final TcpOrigin answer64 = TcpOrigin.answeringAfterTheEnd(down64, Pace.SLOW);
    private static final TcpOrigin echo = TcpOrigin.echo();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("sink", sink.port()),
                            Service.of("source4", source4.port()),
                            Service.of("source64", source64.port()),
                            Service.of("answer4", answer4.port()),
                            Service.of("answer64", answer64.port()),
                            Service.of("echo", echo.port()),
                            Service.of("plain", echo.port()).protocol("tcp")));

    RawTcpTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigins() {
        List.of(sink, source4, source64, answer4, answer64, echo).forEach(TcpOrigin::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64})
    void an_upload_arrives_whole_at_an_origin_that_reads_slowly(int mebibytes) {
        Payload payload = Payload.mebibytes(1, mebibytes);
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            try (var partner = Partner.connect(stage.port("sink"))) {
                OriginSession session = sink.nextSession();
                partner.send(payload).finish();

                assertThat(session.receipt()).isEqualTo(Receipt.whole(payload));
                assertThat(partner.receiveAll()).isEqualTo(Receipt.whole(new Payload(0, 0)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64})
    void a_download_arrives_whole_at_a_partner_that_reads_slowly(int mebibytes) {
        Payload payload = mebibytes == 4 ? down4 : down64;
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            try (var partner = Partner.connect(stage.port("source" + mebibytes))) {
                assertThat(partner.receiveAll(Pace.SLOW)).isEqualTo(Receipt.whole(payload));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64})
    void a_partner_that_has_finished_sending_still_gets_the_whole_answer(int mebibytes) {
        Payload upload = Payload.mebibytes(2, mebibytes);
        Payload answer = mebibytes == 4 ? down4 : down64;
        TcpOrigin origin = mebibytes == 4 ? answer4 : answer64;
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            try (var partner = Partner.connect(stage.port("answer" + mebibytes))) {
                partner.send(upload).finish();

                assertThat(partner.receiveAll(Pace.SLOW)).isEqualTo(Receipt.whole(answer));
                assertThat(origin.nextSession().receipt()).isEqualTo(Receipt.whole(upload));
            }
        }
    }

    @Test
    void eight_partners_at_once_get_their_own_bytes_back_while_they_still_send() {
        List<Callable<Receipt>> transfers = new ArrayList<>();
        List<Receipt> expected = new ArrayList<>();
        for (int number = 0; number < AT_ONCE; number++) {
            Payload payload = Payload.mebibytes(100 + number, 16);
            expected.add(Receipt.whole(payload));
            transfers.add(() -> {
                try (var partner = Partner.connect(stage.port("echo"))) {
                    var sent = partner.sendAside(payload, true);
                    Receipt received = partner.receiveAll(Pace.SLOW);
                    sent.join();
                    return received;
                }
            });
        }

        assertThat(Crowd.inParallel(transfers)).isEqualTo(expected);
    }

    @Test
    void a_service_whose_protocol_is_not_encrypted_is_carried_just_as_well() {
        Payload payload = Payload.mebibytes(3, 16);
        try (var partner = Partner.connect(stage.port("plain"))) {
            var sent = partner.sendAside(payload, true);

            assertThat(partner.receiveAll()).isEqualTo(Receipt.whole(payload));
            sent.join();
        }
    }

    @Test
    void an_origin_that_speaks_first_is_heard_without_a_byte_from_the_partner() {
        try (var partner = Partner.connect(stage.port("source4"))) {
            assertThat(partner.receive(4)).isEqualTo(Arrays.copyOf(down4.toBytes(), 4));
            assertThat(partner.receiveAll().bytes()).isEqualTo(down4.bytes() - 4);
        }
    }

    @Test
    void two_hundred_short_sessions_one_after_another_leave_nothing_behind() {
        int port = stage.port("echo");
        for (int number = 0; number < 200; number++) {
            try (var partner = Partner.connect(port)) {
                partner.echo("session " + number).finish();
                assertThat(partner.receiveAll().ending()).isEqualTo(Ending.ORDERLY);
            }
        }
    }
}
