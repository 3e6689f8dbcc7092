package io.sallyport.relay.tcp;

class NioTcpChannelTest extends TcpChannelContract {
    NioTcpChannelTest() {
        super(Transport.PORTABLE);
    }
}
