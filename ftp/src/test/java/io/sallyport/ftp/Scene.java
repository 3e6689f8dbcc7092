package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A conversation, what was said to either side, and what was decided. */
final class Scene implements Actions {
    static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    static final InetAddress SERVER = InetAddress.ofLiteral("10.0.0.5");
    private static final InetAddress SERVER_IPV6 = InetAddress.ofLiteral("fd00::5");

    final List<String> decided = new ArrayList<>();
    final Conversation conversation;
    boolean failed;
    private final StringBuilder toClient = new StringBuilder();
    private final StringBuilder toServer = new StringBuilder();

    Scene(Settings settings) {
        conversation = new Conversation(settings, this);
    }

    /** Over IPv4 on both sides, greeted, without TLS. */
    static Scene plain() {
        return greeted(Settings.ClientTls.NONE);
    }

    static Scene greeted(Settings.ClientTls tls) {
        var scene = new Scene(settings(tls, Settings.ServerTls.NONE, true, true));
        scene.server("220 ready\r\n");
        scene.clientHeard();
        return scene;
    }

    static Settings settings(
            Settings.ClientTls clientTls,
            Settings.ServerTls serverTls,
            boolean clientOverIpv4,
            boolean serverOverIpv4) {
        return new Settings(
                clientTls,
                serverTls,
                CLIENT,
                clientOverIpv4,
                serverOverIpv4 ? SERVER : SERVER_IPV6,
                Settings.ServerMode.AS_CLIENT,
                false,
                Arrival.GREETED);
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }

    void client(String bytes) {
        conversation.fromClient(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }

    void server(String bytes) {
        conversation.fromServer(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }

    /** What the client was told since this was asked last. */
    String clientHeard() {
        return taken(toClient);
    }

    String serverHeard() {
        return taken(toServer);
    }

    private static String taken(StringBuilder said) {
        String all = said.toString();
        said.setLength(0);
        return all;
    }

    @Override
    public void toClient(ByteBuf bytes) {
        toClient.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void toServer(ByteBuf bytes) {
        toServer.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void startClientTls() {
        decided.add("client tls");
    }

    @Override
    public void startServerTls() {
        decided.add("server tls");
    }

    @Override
    public void protectData(boolean protect) {
        decided.add("protect " + protect);
    }

    @Override
    public void openData(long number, DataEnd client, DataEnd server) {
        decided.add("data " + said(client) + " to " + said(server));
    }

    private static String said(DataEnd end) {
        return switch (end) {
            case DataEnd.Comes _ -> "comes";
            case DataEnd.Waits(var at) -> at.toString();
        };
    }

    /** The client is told where to connect. */
    void clientMeets(String address, int port) {
        conversation.dataReady(new Meeting(endpoint(address, port), null));
    }

    /** The server is told where to connect. */
    void serverMeets(String address, int port) {
        conversation.dataReady(new Meeting(null, endpoint(address, port)));
    }

    @Override
    public void user(String name) {
        decided.add("user " + name);
    }

    @Override
    public void transferBegan(long data, String verb) {
        decided.add("began " + verb + on(data));
    }

    @Override
    public void transferEnded(long data, String verb, int code) {
        decided.add("ended " + verb + " " + code + on(data));
    }

    private static String on(long data) {
        return data == 0 ? "" : " on " + data;
    }

    @Override
    public void fail(String why) {
        decided.add("failed: " + why);
        failed = true;
    }
}
