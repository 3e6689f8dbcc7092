package io.sallyport.process;

/** What this software calls itself towards its peers and in its logs. */
public final class Software {
    private Software() {}

    /** {@code sallyport/0.1.0}. */
    public static String nameAndVersion() {
        return "sallyport/" + version();
    }

    /** What commands print when they are asked for their version. */
    public static String versionLine() {
        return "sallyport " + version() + ", Java " + System.getProperty("java.version");
    }

    /** The version in the jar's manifest, or {@code dev} outside of a jar. */
    public static String version() {
        String version = Software.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
