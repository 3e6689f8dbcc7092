package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;

/** Judges the commands that prepare a data connection (RFC 959, section 4.1.2; RFC 2428). */
final class DataCommands {
    private static final int UNPRIVILEGED_PORT = 1024;

    private final Settings settings;
    private boolean extendedOnly;

    /** What becomes of a command. */
    sealed interface Verdict {
        record Answer(String line) implements Verdict {}

        record Prepare(DataWish wish) implements Verdict {}
    }

    DataCommands(Settings settings) {
        this.settings = settings;
    }

    Verdict passive() {
        return extendedOnly ? onlyExtended() : prepare(new DataWish.Passive(false));
    }

    Verdict extendedPassive(String argument) {
        String own = settings.clientOverIpv4() ? "1" : "2";
        if (argument.equalsIgnoreCase("ALL")) {
            extendedOnly = true;
            return new Verdict.Answer("200 Only EPSV is taken from now on.");
        }
        if (argument.isEmpty() || argument.equals(own)) {
            return prepare(new DataWish.Passive(true));
        }
        return new Verdict.Answer(
                argument.equals("1") || argument.equals("2")
                        ? "522 Network protocol not supported, use (" + own + ")"
                        : "501 EPSV takes 1, 2, ALL or nothing.");
    }

    Verdict active(Addresses.Parsed parsed) {
        Endpoint endpoint = parsed.endpoint();
        if (extendedOnly) {
            return onlyExtended();
        }
        if (endpoint == null) {
            return new Verdict.Answer(
                    parsed.fault() == Addresses.Fault.PROTOCOL
                            ? "522 Network protocol not supported, use (1,2)"
                            : "501 This is no address and port.");
        }
        // RFC 2577, section 3: else the server could be made to attack others.
        boolean own =
                endpoint.address().equals(settings.client())
                        && endpoint.port() >= UNPRIVILEGED_PORT;
        return own || settings.foreignAddresses()
                ? prepare(new DataWish.Active(endpoint))
                : new Verdict.Answer(
                        "500 Data connections go to your own address and to ports from 1024 on"
                                + " only.");
    }

    private static Verdict prepare(DataWish wish) {
        return new Verdict.Prepare(wish);
    }

    private static Verdict onlyExtended() {
        return new Verdict.Answer("503 EPSV ALL was said: only EPSV is taken.");
    }
}
