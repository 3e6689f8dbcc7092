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
    static final InetAddress PARTNER = InetAddress.ofLiteral("192.0.2.7");

    final List<String> decided = new ArrayList<>();
    final Conversation conversation;
    boolean failed;
    private final StringBuilder toPartner = new StringBuilder();
    private final StringBuilder toOrigin = new StringBuilder();

    Scene(Settings settings) {
        conversation = new Conversation(settings, this);
    }

    /** Over IPv4 on both sides, greeted, without TLS. */
    static Scene plain() {
        return greeted(Settings.PartnerTls.NONE);
    }

    static Scene greeted(Settings.PartnerTls tls) {
        var scene = new Scene(settings(tls, Settings.OriginTls.NONE, true, true));
        scene.origin("220 ready\r\n");
        scene.partnerHeard();
        return scene;
    }

    static Settings settings(
            Settings.PartnerTls partnerTls,
            Settings.OriginTls originTls,
            boolean partnerOverIpv4,
            boolean originOverIpv4) {
        return new Settings(partnerTls, originTls, PARTNER, partnerOverIpv4, originOverIpv4, false);
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }

    void partner(String bytes) {
        conversation.fromPartner(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }

    void origin(String bytes) {
        conversation.fromOrigin(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }

    /** What the partner was told since this was asked last. */
    String partnerHeard() {
        return taken(toPartner);
    }

    String originHeard() {
        return taken(toOrigin);
    }

    private static String taken(StringBuilder said) {
        String all = said.toString();
        said.setLength(0);
        return all;
    }

    @Override
    public void toPartner(ByteBuf bytes) {
        toPartner.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void toOrigin(ByteBuf bytes) {
        toOrigin.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void startPartnerTls() {
        decided.add("partner tls");
    }

    @Override
    public void startOriginTls() {
        decided.add("origin tls");
    }

    @Override
    public void protectData(boolean protect) {
        decided.add("protect " + protect);
    }

    @Override
    public void openPassive(int originPort) {
        decided.add("passive " + originPort);
    }

    @Override
    public void openActive(Endpoint partner) {
        decided.add("active " + partner);
    }

    @Override
    public void user(String name) {
        decided.add("user " + name);
    }

    @Override
    public void transferBegan(String verb) {
        decided.add("began " + verb);
    }

    @Override
    public void transferEnded(String verb, int code) {
        decided.add("ended " + verb + " " + code);
    }

    @Override
    public void fail(String why) {
        decided.add("failed: " + why);
        failed = true;
    }
}
