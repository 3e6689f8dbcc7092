package io.sallyport.relay.linux;

/** The calls that are made, and their numbers: {@code <asm/unistd.h>} of amd64 and of aarch64. */
public enum SystemCall {
    ACCEPT4(288, 242),
    BIND(49, 200),
    CLOSE(3, 57),
    CONNECT(42, 203),
    EPOLL_CREATE1(291, 20),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    FCNTL(72, 25),
    GETSOCKNAME(51, 204),
    GETSOCKOPT(55, 209),
    LISTEN(50, 201),
    PIPE2(293, 59),
    RECVFROM(45, 207),
    SCHED_SETSCHEDULER(144, 119),
    SENDMSG(46, 211),
    SENDTO(44, 206),
    SETSOCKOPT(54, 208),
    SHUTDOWN(48, 210),
    SOCKET(41, 198),
    SPLICE(275, 76),
    WRITE(1, 64);

    private final long number;

    SystemCall(int amd64, int aarch64) {
        number = System.getProperty("os.arch").equals("aarch64") ? aarch64 : amd64;
    }

    long number() {
        return number;
    }
}
