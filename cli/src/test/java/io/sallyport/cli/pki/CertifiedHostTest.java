package io.sallyport.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertifiedHostTest {
    @ParameterizedTest
    @ValueSource(strings = {"dmz", "dmz-1.example.com", "3com.example", "xn--bcher-kva.example"})
    void a_name(String text) {
        assertThat(new CertifiedHost(text).isAddress()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "::1", "2001:db8::1"})
    void an_address(String text) {
        assertThat(new CertifiedHost(text).isAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "-a",
                "a-",
                "a..b",
                ".a",
                "a.",
                "*.example.com",
                "a/b",
                "[::1]",
                "fe80::1%eth0",
                "192.0.2",
                "192.0.2.256",
                "::g",
                "a_b",
                "dmz\n"
            })
    void neither(String text) {
        assertThatThrownBy(() -> new CertifiedHost(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' is neither a host name nor an IP address", text);
    }
}
