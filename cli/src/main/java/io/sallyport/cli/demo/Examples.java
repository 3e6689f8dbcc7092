package io.sallyport.cli.demo;

import io.sallyport.origins.Login;
import java.util.List;
import java.util.stream.Stream;

/**
 * The commands that the demo shows.
 *
 * @param login of the FTP origin
 * @param https the port where the service is reached, as are the following
 * @param ftp of plain FTP
 * @param ftps of FTP with explicit TLS
 * @param outside where the forward proxy leads
 */
record Examples(DemoFolder folder, Login login, int https, int ftp, int ftps, Outside outside) {
    /**
     * What stands for partners' servers.
     *
     * @param socks the port of the agent's SOCKS entry
     * @param ssh the port of the SFTP server itself
     * @param https the port of the HTTPS server itself
     */
    record Outside(int socks, int ssh, int https) {}

    private static final String CURL = "curl --fail --silent --show-error";

    List<Example> all() {
        return Stream.of(overSsh(), overHttps(), overFtp(), overFtps(), forward())
                .flatMap(List::stream)
                .toList();
    }

    private String authority() {
        return folder.path("ca.crt").toString();
    }

    private String upload() {
        return folder.path("upload.txt").toString();
    }

    private List<Example> overSsh() {
        String ssh = "-F " + folder.path("ssh_config");
        return List.of(
                new Example(
                        "SFTP: download",
                        "sftp " + ssh + " sallyport:hello.txt " + folder.path("hello-sftp.txt")),
                new Example(
                        "SFTP: upload",
                        "echo put %s from-sftp.txt | sftp %s -b - sallyport"
                                .formatted(upload(), ssh)),
                new Example(
                        "SCP: upload",
                        "scp %s %s sallyport:from-scp.txt".formatted(ssh, upload())));
    }

    private List<Example> overHttps() {
        String curl = CURL + " --cacert " + authority();
        String web = "https://localhost:" + https;
        return List.of(
                new Example("HTTPS: download", curl + " " + web + "/hello.txt"),
                new Example("HTTPS: a part of a file", curl + " --range 0-4 " + web + "/hello.txt"),
                new Example(
                        "HTTPS: upload",
                        "%s --upload-file %s %s/from-curl.txt".formatted(curl, upload(), web)));
    }

    private List<Example> overFtp() {
        String curl = CURL + " --user " + login.user() + ":" + login.password();
        String place = "ftp://127.0.0.1:" + ftp;
        return List.of(
                new Example("FTP, passive: download", curl + " " + place + "/hello.txt"),
                new Example(
                        "FTP, passive, PASV in place of EPSV: a listing",
                        curl + " --disable-epsv " + place + "/"),
                new Example(
                        "FTP, active: upload",
                        "%s --ftp-port - --upload-file %s %s/from-ftp.txt"
                                .formatted(curl, upload(), place)),
                new Example(
                        "FTP, active, with lftp: a listing",
                        lftp("set ftp:ssl-allow no; set ftp:passive-mode no", place, "cls -l")));
    }

    // Active mode with TLS is for lftp, since curl 7.88 can't do it with any server.
    private List<Example> overFtps() {
        String curl =
                "%s --ssl-reqd --cacert %s --user %s:%s"
                        .formatted(CURL, authority(), login.user(), login.password());
        String lftp =
                "set ftp:ssl-force yes; set ftp:ssl-protect-data yes; set ssl:ca-file "
                        + authority();
        String place = "ftp://localhost:" + ftps;
        return List.of(
                new Example("FTPS: download", curl + " " + place + "/hello.txt"),
                new Example(
                        "FTPS: upload",
                        "%s --upload-file %s %s/from-ftps.txt".formatted(curl, upload(), place)),
                new Example(
                        "FTPS, with lftp: everything there is",
                        lftp(lftp, place, "mirror / " + folder.path("mirror"))),
                new Example(
                        "FTPS, active, with lftp: a listing",
                        lftp(lftp + "; set ftp:passive-mode no", place, "cls -l")));
    }

    private List<Example> forward() {
        String copy =
                "%s copy -c %s --identity %s --known-hosts %s"
                        .formatted(
                                System.getProperty("sallyport.command", "sallyport"),
                                folder.path("agent.yaml"),
                                folder.path("partner.key"),
                                folder.path("known_hosts"));
        String server = "sftp://partner@127.0.0.1:" + outside.ssh();
        return List.of(
                new Example(
                        "From inside to a partner, through agent and gateway: curl over SOCKS",
                        "%s --cacert %s --socks5-hostname 127.0.0.1:%d https://127.0.0.1:%d/hello.txt"
                                .formatted(CURL, authority(), outside.socks(), outside.https())),
                new Example(
                        "From inside: OpenSSH with a ProxyCommand",
                        "sftp -F %s partner:hello.txt %s"
                                .formatted(
                                        folder.path("ssh_config"),
                                        folder.path("hello-forward.txt"))),
                new Example(
                        "From inside: sallyport copy, download",
                        "%s %s/hello.txt %s"
                                .formatted(copy, server, folder.path("hello-copy.txt"))),
                new Example(
                        "From inside: sallyport copy, upload",
                        "%s %s %s/from-copy.txt".formatted(copy, upload(), server)));
    }

    private String lftp(String settings, String place, String command) {
        return "lftp -c \"set cmd:fail-exit yes; %s; open -u %s,%s %s; %s\""
                .formatted(settings, login.user(), login.password(), place, command);
    }
}
