package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.loader.openssh.OpenSSHKeyPairResourceParser;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SshKeysTest {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");

    @TempDir Path directory;
    private final KeyPair keys = SshKeys.generate();

    @Test
    void a_private_key_is_written_in_the_format_of_OpenSSH_for_its_owner_only() throws Exception {
        Path file = directory.resolve("id_demo");
        SshKeys.writePrivateKey(keys, file);

        assertThat(Files.readString(file)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var read =
                OpenSSHKeyPairResourceParser.INSTANCE.loadKeyPairs(
                        null, new PathResource(file), null);
        assertThat(read).singleElement().matches(pair -> KeyUtils.compareKeyPairs(pair, keys));
    }

    @Test
    void writing_a_private_key_replaces_an_older_one_and_leaves_nothing_else() throws Exception {
        Path file = Files.writeString(directory.resolve("id_demo"), "older");
        SshKeys.writePrivateKey(keys, file);

        assertThat(Files.readString(file)).doesNotContain("older");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory)
                .isDirectoryContaining(file::equals)
                .isDirectoryNotContaining("glob:*.new");
    }

    @Test
    void a_public_key_is_one_line_of_authorized_keys() throws Exception {
        String line = SshKeys.authorizedKeysLine(keys.getPublic());
        var entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);

        assertThat(line).startsWith("ecdsa-sha2-nistp256 ").doesNotContain("\n");
        assertThat(KeyUtils.compareKeys(entry.resolvePublicKey(null, null), keys.getPublic()))
                .isTrue();
        assertThat(KeyUtils.getKeyType(keys)).isEqualTo(KeyPairProvider.ECDSA_SHA2_NISTP256);
    }

    @Test
    void a_host_key_is_known_by_the_address_that_partners_dial() {
        String key = SshKeys.authorizedKeysLine(keys.getPublic());
        assertThat(SshKeys.knownHostsLine(new InetSocketAddress(ADDRESS, 2222), keys.getPublic()))
                .isEqualTo("[127.0.0.1]:2222 " + key);
        assertThat(SshKeys.knownHostsLine(new InetSocketAddress(ADDRESS, 22), keys.getPublic()))
                .isEqualTo("127.0.0.1 " + key);
    }
}
