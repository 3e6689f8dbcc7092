package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Gate;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;

/** FTP until the client has named its server; what it says then is for the server. */
final class FtpHandshake implements Handshake {
    private final Gate gate;

    /**
     * @param usualPort of a server for which the client names none
     */
    FtpHandshake(boolean wantsPassword, int usualPort) {
        gate = new Gate(wantsPassword, usualPort);
    }

    @Override
    public int bytesMax() {
        return Gate.BYTES_MAX;
    }

    @Override
    public Step read(ByteBuf in) {
        return step(gate.read(in));
    }

    @Override
    public Step loggedIn(boolean known) {
        return step(gate.loggedIn(known));
    }

    private static Step step(Gate.Step step) {
        return switch (step) {
            case Gate.More _ -> new More();
            case Gate.Say(var line) -> new Say(line(line));
            case Gate.Login(var user, var password) -> new Login(user, password);
            case Gate.Connect(var host, var port, var arrival) -> new AskFtp(host, port, arrival);
            case Gate.Leave(var line, var why) -> new Refuse(line(line), why);
        };
    }

    /** The server itself greets the client. */
    @Override
    public ByteBuf accepted(Endpoint address) {
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        int code =
                switch (kind) {
                    case NOT_ALLOWED, NAME_UNKNOWN -> 530;
                    case UNREACHABLE,
                            CONNECTION_REFUSED,
                            TIMED_OUT,
                            NO_PORT,
                            LIMIT_REACHED,
                            FAILED ->
                            421;
                };
        return line(Gate.refusal(code, why));
    }

    private static ByteBuf line(String line) {
        return Unpooled.copiedBuffer(line, UTF_8);
    }
}
