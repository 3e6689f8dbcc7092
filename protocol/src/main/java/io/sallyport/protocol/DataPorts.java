package io.sallyport.protocol;

/**
 * Ports of the gateway for data connections beside the sessions of a service, as FTP needs them.
 *
 * @param held whether every port listens all the time, for addresses with a session of the service;
 *     else one is opened when the agent asks for it with {@link ControlMessage.Listen}
 * @param first the lowest port
 * @param last the highest port, not below the first
 */
public record DataPorts(boolean held, int first, int last) {
    public DataPorts {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException("ports out of range: " + first + "-" + last);
        }
    }

    public int count() {
        return last - first + 1;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** {@code 50000-50099}. */
    @Override
    public String toString() {
        return first + "-" + last;
    }
}
