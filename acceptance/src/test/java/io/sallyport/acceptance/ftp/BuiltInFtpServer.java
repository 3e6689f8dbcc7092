package io.sallyport.acceptance.ftp;

import io.sallyport.origins.FtpOrigin;
import io.sallyport.origins.FtpPassive;
import io.sallyport.origins.Login;
import io.sallyport.origins.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The product's own FTP server, as the demo runs it, inside of the test. */
final class BuiltInFtpServer implements FtpServer {
    private static final Login LOGIN = new Login("partner", "open-sesame");

    private final FtpServerSettings settings;
    private final FtpOrigin origin;

    private BuiltInFtpServer(FtpServerSettings settings, FtpOrigin origin) {
        this.settings = settings;
        this.origin = origin;
    }

    static BuiltInFtpServer start(FtpServerSettings settings) {
        var listen = new InetSocketAddress(settings.address(), 0);
        FtpPassive anywhere =
                FtpPassive.range(settings.firstPassivePort(), settings.lastPassivePort());
        FtpPassive passive =
                settings.address().equals(settings.advertised())
                        ? anywhere
                        : anywhere.advertising(settings.advertised());
        Path folder = settings.folder();
        ServerIdentity identity = settings.identity();
        try {
            FtpOrigin origin =
                    switch (settings.tls()) {
                        case NONE -> FtpOrigin.start(listen, folder, LOGIN, passive);
                        case EXPLICIT ->
                                FtpOrigin.startExplicitTls(
                                        listen,
                                        folder,
                                        LOGIN,
                                        passive,
                                        ServerTls.of(identity.certificate(), identity.key()));
                        case IMPLICIT ->
                                FtpOrigin.startImplicitTls(
                                        listen,
                                        folder,
                                        LOGIN,
                                        passive,
                                        ServerTls.of(identity.certificate(), identity.key()));
                    };
            return new BuiltInFtpServer(settings, origin);
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
    }

    @Override
    public InetSocketAddress address() {
        return origin.address();
    }

    @Override
    public Path folder() {
        return settings.folder();
    }

    @Override
    public String user() {
        return LOGIN.user();
    }

    @Override
    public String password() {
        return LOGIN.password();
    }

    @Override
    public void close() {
        origin.close();
    }
}
