package io.sallyport.cli.demo;

import io.sallyport.cli.pki.CertificateAuthority;
import io.sallyport.cli.pki.CertifiedHost;
import io.sallyport.cli.pki.Identity;
import io.sallyport.origins.SshKeys;
import io.sallyport.process.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/**
 * What lies in the demo's folder: identities, keys, the origins' files, and one to upload. Made
 * anew at each start.
 */
final class DemoFolder {
    private final Path folder;
    private final KeyPair partnerKey = SshKeys.generate();
    private final KeyPair hostKey = SshKeys.generate();
    private final String password = HexFormat.of().toHexDigits(new SecureRandom().nextLong());

    private DemoFolder(Path folder) {
        this.folder = folder;
    }

    static DemoFolder create(Path folder) throws IOException {
        var demo = new DemoFolder(Files.createDirectories(folder).toRealPath());
        demo.write();
        return demo;
    }

    private void write() throws IOException {
        var authority = CertificateAuthority.create(InstantSource.system());
        List<CertifiedHost> here =
                List.of(new CertifiedHost("localhost"), new CertifiedHost("127.0.0.1"));
        write("ca", authority.identity());
        write("gateway", authority.issueGateway("dmz-1", here));
        write("agent", authority.issueAgent("inside-1"));
        write("origin", authority.issueGateway("origin", here));
        write("ftps", authority.issueGateway("ftps", here));
        SshKeys.writePrivateKey(partnerKey, path("partner.key"));
        Files.createDirectories(files());
        Files.writeString(files().resolve("hello.txt"), "Hello from the private network.\n");
        Files.writeString(path("upload.txt"), "Hello from a partner.\n");
    }

    private void write(String name, Identity identity) throws IOException {
        Files.writeString(path(name + ".crt"), identity.certificatePem());
        Path key = path(name + ".key");
        Files.deleteIfExists(key);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, identity.keyPem());
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** The folder that all origins show. */
    Path files() {
        return path("files");
    }

    KeyPair partnerKey() {
        return partnerKey;
    }

    /** The partner's, where there are no keys. */
    String password() {
        return password;
    }

    KeyPair hostKey() {
        return hostKey;
    }

    TlsFiles identity(String name) {
        return new TlsFiles(path(name + ".crt"), path(name + ".key"), path("ca.crt"));
    }

    /**
     * Lets OpenSSH reach the listener under the name {@code sallyport}, and, from inside through
     * the gateway, the same server under the name {@code partner}; without a question.
     *
     * @param server where the server itself listens
     * @param socks where the agent's SOCKS entry listens
     */
    void writeSshConfig(int listener, int server, int socks) throws IOException {
        Files.writeString(path("known_hosts"), knownHost(listener) + knownHost(server));
        Files.writeString(
                path("ssh_config"),
                """
                Host sallyport
                  Port %d
                Host partner
                  Port %d
                  ProxyCommand ncat --proxy 127.0.0.1:%d --proxy-type socks5 %%h %%p
                Host *
                  HostName 127.0.0.1
                  User partner
                  IdentityFile "%s"
                  IdentitiesOnly yes
                  UserKnownHostsFile "%s"
                """
                        .formatted(
                                listener, server, socks, path("partner.key"), path("known_hosts")));
    }

    private String knownHost(int port) {
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        return SshKeys.knownHostsLine(address, hostKey.getPublic()) + "\n";
    }

    /** What {@code sallyport copy} needs to know of the agent. */
    void writeForward(int socks) throws IOException {
        Files.writeString(
                path("agent.yaml"), "forward: {socks: {listen: 127.0.0.1:%d}}\n".formatted(socks));
    }
}
