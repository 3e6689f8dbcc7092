package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PortsOfARangeTest {
    private static final int NONE = -1;

    private final PortsOfARange ports =
            new PortsOfARange(
                    new DataConnectionConfigurationFactory().createDataConnectionConfiguration(),
                    50_000,
                    50_002);

    @Test
    void they_are_given_in_turn_so_that_one_just_returned_rests() {
        ports.releasePassivePort(ports.requestPassivePort());
        assertThat(ports.requestPassivePort()).isEqualTo(50_001);
        assertThat(ports.requestPassivePort()).isEqualTo(50_002);
        assertThat(ports.requestPassivePort()).isEqualTo(50_000);
    }

    @Test
    void one_that_is_in_use_is_passed_over() {
        ports.requestPassivePort();
        int second = ports.requestPassivePort();
        int third = ports.requestPassivePort();
        assertThat(ports.requestPassivePort()).isEqualTo(NONE);

        ports.releasePassivePort(third);
        assertThat(ports.requestPassivePort()).isEqualTo(third);
        ports.releasePassivePort(second);
        assertThat(ports.requestPassivePort()).isEqualTo(second);
    }
}
