"""Does every operation of the FTP matrix with ftplib, in one process: starting Python is what costs.

Its arguments are key=value; prints a line for each operation: name, tab, "ok" or the error.
"""
import ftplib
import os
import socket
import ssl
import sys

PATIENCE_SECONDS = 25
BLOCK_BYTES = 65536


class DataMode:
    """Opens data connections by the one command that is wanted, whatever the family."""

    mode = "PASV"

    def makepasv(self):
        if self.mode == "EPSV":
            return ftplib.parse229(self.sendcmd("EPSV"), self.sock.getpeername())
        return ftplib.parse227(self.sendcmd("PASV"))

    def makeport(self):
        server = socket.create_server((self.sock.getsockname()[0], 0), family=self.af, backlog=1)
        server.settimeout(self.timeout)
        host, port = server.getsockname()[:2]
        if self.mode == "EPRT":
            self.sendeprt(host, port)
        else:
            self.sendport(host, port)
        return server


class Plain(DataMode, ftplib.FTP):
    pass


class Explicit(DataMode, ftplib.FTP_TLS):
    """Its data connections resume the TLS session of the control connection."""

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            connection = self.context.wrap_socket(
                connection, server_hostname=self.host, session=self.sock.session
            )
        return connection, size


class Implicit(Explicit):
    """TLS from the first byte on, which ftplib does not know of itself."""

    _sock = None

    @property
    def sock(self):
        return self._sock

    @sock.setter
    def sock(self, value):
        if value is not None and not isinstance(value, ssl.SSLSocket):
            value = self.context.wrap_socket(value, server_hostname=self.host)
        self._sock = value


def connect(task):
    kinds = {"NONE": Plain, "EXPLICIT": Explicit, "IMPLICIT": Implicit}
    options = {}
    if task["tls"] != "NONE":
        context = ssl.create_default_context(cafile=task["trusted"])
        context.maximum_version = ssl.TLSVersion.TLSv1_3
        options["context"] = context
    client = kinds[task["tls"]](timeout=PATIENCE_SECONDS, **options)
    client.mode = task["dataMode"]
    client.set_pasv(task["dataMode"] in ("PASV", "EPSV"))
    client.connect(task["host"], int(task["port"]))
    if task["tls"] == "EXPLICIT":
        client.auth()
    if task["tls"] == "NONE":
        client.login(task["user"], task["password"])
    else:
        ftplib.FTP.login(client, task["user"], task["password"])
        client.prot_p()
    client.cwd(task["remote"])
    return client


class Operations:
    def __init__(self, task):
        self.task = task
        self.client = connect(task)

    def local(self, name):
        return os.path.join(self.task["local"], name)

    def retrieve(self, name, to, mode="wb", rest=None, client=None):
        with open(self.local(to), mode) as file:
            (client or self.client).retrbinary("RETR " + name, file.write, BLOCK_BYTES, rest)

    def store(self, command, path):
        with open(path, "rb") as file:
            self.client.storbinary(command, file, BLOCK_BYTES)

    def LIST(self):
        lines = []
        self.client.retrlines("LIST", lines.append)
        self.write("list", lines)

    def MLSD(self):
        self.write("mlsd", ["%s %s" % (facts["type"], name) for name, facts in self.client.mlsd()])

    def write(self, name, lines):
        with open(self.local(name), "w") as file:
            file.write("\n".join(lines) + "\n")

    def STOR(self):
        self.store("STOR stored", self.task["large"])

    def RETR(self):
        self.retrieve("large", "retrieved")

    def REST(self):
        self.client.voidcmd("TYPE I")
        self.retrieve("medium", "resumed", "ab", os.path.getsize(self.local("resumed")))

    def APPE(self):
        self.store("APPE appended", self.task["tail"])

    def ABOR(self):
        self.client.voidcmd("TYPE I")
        connection = self.client.transfercmd("RETR large")
        connection.recv(BLOCK_BYTES)
        if self.task["tls"] == "NONE":
            # Urgent, as RFC 959 has it.
            self.client.sock.sendall(b"ABOR\r\n", socket.MSG_OOB)
        else:
            self.client.sock.sendall(b"ABOR\r\n")
        connection.close()
        # One reply or two, as the server has it: those to NOOP tell where they end. pure-ftpd may
        # begin with one that is preliminary.
        first = self.client.getmultiline()
        while first.startswith("1"):
            first = self.client.getmultiline()
        if first[:3] not in ("426", "225", "226", "451"):
            raise ftplib.error_reply(first)
        self.client.putcmd("NOOP")
        while not self.client.getmultiline().startswith("200"):
            pass
        self.retrieve("listed-1", "after-abort")

    def HUNDRED_FILES(self):
        self.client.cwd("small")
        for name in sorted(os.listdir(self.task["small"])):
            self.store("STOR " + name, os.path.join(self.task["small"], name))
        self.client.cwd("..")

    def TWO_SESSIONS(self):
        other = connect(self.task)
        self.client.voidcmd("TYPE I")
        other.voidcmd("TYPE I")
        up = self.client.transfercmd("STOR first")
        down = other.transfercmd("RETR medium")
        with open(self.task["medium"], "rb") as source, open(self.local("second"), "wb") as sink:
            going = True
            while going:
                block = source.read(BLOCK_BYTES)
                up.sendall(block)
                received = down.recv(BLOCK_BYTES)
                sink.write(received)
                going = block or received
        for connection in (up, down):
            if isinstance(connection, ssl.SSLSocket):
                connection.unwrap()
            connection.close()
        self.client.voidresp()
        other.voidresp()
        other.quit()

    def TORN_UPLOAD(self):
        """An upload whose TLS ends without close_notify; succeeds if the server does not thank for it."""
        self.client.voidcmd("TYPE I")
        connection = self.client.transfercmd("STOR torn")
        connection.sendall(b"half a file")
        # Of a TLS socket this ends the TCP connection, and says nothing of it in TLS.
        connection.shutdown(socket.SHUT_WR)
        try:
            reply = self.client.getmultiline()
        except (EOFError, OSError):
            return
        if reply[:1] not in ("4", "5"):
            raise ftplib.error_reply(reply)


def main():
    task = dict(argument.split("=", 1) for argument in sys.argv[1:])
    operations = None
    for name in task["operations"].split(","):
        try:
            if operations is None:
                operations = Operations(task)
            getattr(operations, name)()
            print(name + "\tok", flush=True)
        except Exception as error:
            # What follows a failure gets a session of its own.
            operations = None
            print("%s\t%s: %s" % (name, type(error).__name__, error), flush=True)
    if operations is not None:
        operations.client.quit()


main()
